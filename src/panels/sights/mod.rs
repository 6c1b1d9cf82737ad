//! What each layer of both networks sees on the picture: a strip of small maps from which the layer is chosen, and one of them in detail.

mod detail;

use std::sync::Arc;

use leptos::prelude::*;

use self::detail::Detail;
use super::explanation::taps;
use super::group::is_open;
use crate::address::Commit;
use crate::state::Lab;
use crate::text;
use crate::widgets::pixels::{coloured, put};
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::side::Side;
use sweetspot_protocol::LayerView;

/// What a layer sees, compared by address.
#[derive(Clone)]
pub struct Sight(pub Arc<LayerView>);

impl PartialEq for Sight {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A layer as one of the networks sees it.
fn sight(lab: Lab, side: Side, tap: String) -> Memo<Option<Sight>> {
    Memo::new(move |_| lab.layers.with(|layers| layers.get(side, &tap).map(|(_, view)| Sight(view))))
}

/// The panel. Nothing is looked at before it is opened.
#[component]
pub fn Sights(lab: Lab) -> impl IntoView {
    let names = Memo::new(move |_| taps(lab));
    // Methods that use no layer leave the experiment's alone: only the detail follows the choice then.
    let viewed = RwSignal::new(None::<String>);
    let layered = Memo::new(move |_| lab.experiment.with(|experiment| experiment.attribution.method.info().layer));
    let chosen = Memo::new(move |_| {
        let (names, usual) = names.get();
        let set = lab.experiment.with(|experiment| experiment.attribution.tap.clone());
        let wished = if layered.get() { set } else { viewed.get().or(set) };
        wished.filter(|tap| names.contains(tap)).unwrap_or(usual)
    });
    let choose = Callback::new(move |tap: String| {
        viewed.set(Some(tap.clone()));
        if layered.get_untracked() {
            let usual = names.with_untracked(|(_, usual)| *usual == tap);
            lab.change(Commit::Done("layer"), |experiment| experiment.attribution.tap = (!usual).then_some(tap));
        }
    });
    let says = move || {
        let method = lab.experiment.with(|experiment| experiment.attribution.method.info().title);
        if layered.get() {
            format!("{method} looks at the layer chosen here.")
        } else {
            format!("{method} looks at no single layer; the choice only says which one is shown below.")
        }
    };
    view! {
        <details class="panel sights" data-testid="sights" on:toggle=move |event| lab.look_at_layers(is_open(&event))>
            <summary><h2>"What each layer sees"</h2></summary>
            <Show when=move || lab.looking.get()>
                <p class="note">
                    "The mean strength of each layer\u{2019}s features on this picture, dense above pruned, both on one scale; every layer has its own. "
                    {says}
                </p>
                <State lab/>
                <fieldset class="strip" data-testid="strip">
                    <legend class="hidden">"Layer"</legend>
                    <For each=move || names.get().0 key=|name| name.clone() let(name)>
                        <Thumb lab name chosen choose/>
                    </For>
                </fieldset>
                {move || Some(chosen.get()).filter(|tap| !tap.is_empty()).map(|tap| view! { <Detail lab tap/> })}
            </Show>
        </details>
    }
}

/// Why the layers are not (all) of the present networks and picture, where they are not.
#[component]
fn State(lab: Lab) -> impl IntoView {
    let there = Memo::new(move |_| {
        let present = lab.experiment.get();
        lab.layers.with(|layers| layers.is_of(&present))
    });
    let stopped = move || !there.get() && !lab.running.get() && lab.finished.get() >= lab.latest.get() && lab.finished.get() > 0;
    view! {
        <p class="note" role="status" data-testid="sights-state">
            {move || (!there.get() && !stopped()).then_some("Layers are looked at when what is running is done.")}
            {move || stopped().then(|| view! {
                "The look at the layers was stopped. "
                <button type="button" class="plain" on:click=move |_| lab.look_at_layers(true)>"Look again"</button>
            })}
        </p>
    }
}

/// A layer in the strip: a radio button, so that the arrow keys go from layer to layer.
#[component]
fn Thumb(lab: Lab, name: String, chosen: Memo<String>, choose: Callback<String>) -> impl IntoView {
    let (dense, pruned) = (sight(lab, Side::Dense, name.clone()), sight(lab, Side::Pruned, name.clone()));
    let top = Memo::new(move |_| {
        let end = |sight: Memo<Option<Sight>>| sight.with(|sight| sight.as_ref().map_or(0.0, |sight| limit(&sight.0.mean)));
        end(dense).max(end(pruned))
    });
    let size = move || dense.with(|sight| sight.as_ref().map(|sight| size(&sight.0)));
    let stale = {
        let name = name.clone();
        move || {
            let present = lab.experiment.get();
            let old = |side| lab.layers.with(|layers| layers.get(side, &name).is_some_and(|(old, _)| !old.same_networks(&present)));
            Side::BOTH.into_iter().any(old)
        }
    };
    let (this, value) = (name.clone(), name.clone());
    view! {
        <label class="sight" class:stale=stale>
            <input type="radio" name="tap" value=value.clone() data-testid="tap" prop:checked=move || chosen.get() == this
                on:change=move |_| choose.run(value.clone())/>
            <span class="pair" aria-hidden="true">
                <Mean sight=dense top/>
                <Mean sight=pruned top/>
            </span>
            <span class="sight-name">{name}</span>
            <small>{size}</small>
        </label>
    }
}

/// "64×55×55": channels, rows, columns.
fn size(view: &LayerView) -> String {
    format!("{}\u{d7}{}\u{d7}{}", text::count(view.channels), view.rows, view.columns)
}

/// A layer's mean activity.
#[component]
fn Mean(sight: Memo<Option<Sight>>, top: Memo<f32>) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        sight.with(|sight| {
            if let Some(Sight(view)) = sight {
                put(&canvas, &coloured(&view.mean, Scale::Sequential, top.get()), view.columns, view.rows);
            }
        });
    });
    view! { <canvas width="1" height="1" node_ref=canvas></canvas> }
}
