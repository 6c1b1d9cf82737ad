//! One layer in detail: its most active channels in both networks, and how much of it is silent.

use leptos::prelude::*;

use super::layer::{Features, features, size};
use crate::stores::Stores;
use crate::text;
use crate::widgets::colour_bar::ColourBar;
use crate::widgets::following::following;
use crate::widgets::pixels::{coloured, put};
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::side::Side;
use sweetspot_protocol::LayerView;

/// The layer.
#[component]
pub fn Detail(stores: Stores, tap: String) -> impl IntoView {
    let (dense, pruned) = (features(stores, Side::Dense, tap.clone()), features(stores, Side::Pruned, tap.clone()));
    let body = move || Some(view! { <Both dense=dense.get()? pruned=pruned.get()?/> });
    view! {
        <section class="layer-detail" aria-labelledby="layer-detail-title" data-testid="layer-detail">
            <h3 id="layer-detail-title">{tap} {following(move || dense.with(|features| features.as_ref().map(|features| format!(": {} (channels \u{d7} rows \u{d7} columns)", size(&features.0)))))}</h3>
            {following(body)}
        </section>
    }
}

#[component]
fn Both(dense: Features, pruned: Features) -> impl IntoView {
    let values: Vec<f32> =
        [&dense, &pruned].iter().flat_map(|features| &features.0.strongest).flat_map(|(_, values)| values.iter().copied()).collect();
    let scale = Scale::of(values.iter().any(|value| *value < 0.0));
    let top = limit(&values);
    let ends = if scale == Scale::Diverging { ["below zero", "above zero"] } else { ["silent", "most active"] };
    let both: Vec<usize> = {
        let in_pruned = |channel: &usize| pruned.0.strongest.iter().any(|(other, _)| other == channel);
        dense.0.strongest.iter().map(|(channel, _)| *channel).filter(in_pruned).collect()
    };
    let silent = |features: &Features| text::score(f64::from(features.0.silent));
    let count = dense.0.strongest.len();
    view! {
        <p data-testid="silent">
            "Silent features (exactly zero): " <strong>{silent(&dense)}</strong> " in the dense network, "
            <strong>{silent(&pruned)}</strong> " in the pruned one."
        </p>
        <p class="note">
            {format!("The {count} most active channels of each, strongest first, all on one scale. Bold numbers are among the most active of both.")}
        </p>
        <div class="channel-sides">
            <Channels side=Side::Dense view=dense.0 both=both.clone() scale top/>
            <Channels side=Side::Pruned view=pruned.0 both scale top/>
        </div>
        <ColourBar scale=Signal::stored(scale) limit=Signal::stored(top) ends/>
    }
}

/// A network's most active channels.
#[component]
fn Channels(side: Side, view: std::sync::Arc<LayerView>, both: Vec<usize>, scale: Scale, top: f32) -> impl IntoView {
    let channel = |(channel, values): &(usize, Vec<f32>)| {
        let label = format!("Channel {channel} of the {} network", text::network(side));
        let pixels = coloured(values, scale, top);
        view! { <li class:both=both.contains(channel)><Picture pixels width=view.columns height=view.rows label/> <small aria-hidden="true">{*channel}</small></li> }
    };
    view! {
        <div>
            <h4>{if side == Side::Dense { "Dense" } else { "Pruned" }}</h4>
            <ol class="channels">{view.strongest.iter().map(channel).collect_view()}</ol>
        </div>
    }
}

#[component]
fn Picture(pixels: Vec<u8>, width: usize, height: usize, label: String) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            put(&canvas, &pixels, width, height);
        }
    });
    view! { <canvas width="1" height="1" role="img" aria-label=label node_ref=canvas></canvas> }
}
