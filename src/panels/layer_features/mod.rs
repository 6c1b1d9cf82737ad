//! What each layer of both networks sees on the picture: a strip of small maps from which the layer is chosen, and one of them in detail.

mod detail;
mod layer;

use leptos::prelude::*;

use self::detail::Detail;
use self::layer::{Features, features, size};
use super::explanation::taps;
use super::group::is_open;
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::widgets::following::following;
use crate::widgets::pixels::{coloured, put};
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::side::Side;

/// The panel. Nothing is looked at before it is opened.
#[component]
pub fn LayerFeatures(stores: Stores) -> impl IntoView {
    let names = Memo::new(move |_| taps(stores));
    // Methods that use no layer leave the experiment's alone: only the detail follows the choice then.
    let viewed = RwSignal::new(None::<String>);
    let layered = Memo::new(move |_| stores.experiment.with(|experiment| experiment.attribution.method.info().layer));
    let chosen = Memo::new(move |_| {
        let (names, usual) = names.get();
        let set = stores.experiment.with(|experiment| experiment.attribution.tap.clone());
        let wished = if layered.get() { set } else { viewed.get().or(set) };
        wished.filter(|tap| names.contains(tap)).unwrap_or(usual)
    });
    let choose = Callback::new(move |tap: String| {
        viewed.set(Some(tap.clone()));
        if layered.get_untracked() {
            let usual = names.with_untracked(|(_, usual)| *usual == tap);
            session::change(stores, Commit::Done("layer"), |experiment| experiment.attribution.tap = (!usual).then_some(tap));
        }
    });
    let says = move || {
        let method = stores.experiment.with(|experiment| experiment.attribution.method.info().title);
        if layered.get() {
            format!("{method} looks at the layer chosen here.")
        } else {
            format!("{method} looks at no single layer; the choice only says which one is shown below.")
        }
    };
    view! {
        <details class="panel folded" data-testid="layer-features" on:toggle=move |event| session::show_layer_features(stores, is_open(&event))>
            <summary><h2>"Layer features"</h2></summary>
            <Show when=move || stores.layers.wanted.get()>
                <p class="note">
                    "The mean strength of each layer\u{2019}s features on this picture, dense above pruned, both on one scale; every layer has its own. "
                    {following(says)}
                </p>
                <State stores/>
                <fieldset class="strip" data-testid="strip">
                    <legend class="hidden">"Layer"</legend>
                    <For each=move || names.get().0 key=|name| name.clone() let(name)>
                        <Thumb stores name chosen choose/>
                    </For>
                </fieldset>
                {following(move || Some(chosen.get()).filter(|tap| !tap.is_empty()).map(|tap| view! { <Detail stores tap/> }))}
            </Show>
        </details>
    }
}

/// Why the layers are not (all) of the present networks and picture, where they are not.
#[component]
fn State(stores: Stores) -> impl IntoView {
    let there = Memo::new(move |_| {
        let present = stores.experiment.get();
        stores.layers.views.with(|layers| layers.is_of(&present))
    });
    let stopped = move || {
        !there.get()
            && !stores.engine.running.get()
            && stores.answers.finished.get() >= stores.answers.latest.get()
            && stores.answers.finished.get() > 0
    };
    view! {
        <p class="note" role="status" data-testid="layer-features-state">
            {following(move || (!there.get() && !stopped()).then_some("Layers are looked at when what is running is done."))}
            {following(move || stopped().then(|| view! {
                "The look at the layers was stopped. "
                <button type="button" class="plain" on:click=move |_| session::show_layer_features(stores, true)>"Look again"</button>
            }))}
        </p>
    }
}

/// A layer in the strip: a radio button, so that the arrow keys go from layer to layer.
#[component]
fn Thumb(stores: Stores, name: String, chosen: Memo<String>, choose: Callback<String>) -> impl IntoView {
    let (dense, pruned) = (features(stores, Side::Dense, name.clone()), features(stores, Side::Pruned, name.clone()));
    let top = Memo::new(move |_| {
        let end =
            |features: Memo<Option<Features>>| features.with(|features| features.as_ref().map_or(0.0, |features| limit(&features.0.mean)));
        end(dense).max(end(pruned))
    });
    let size = move || dense.with(|features| features.as_ref().map(|features| size(&features.0)));
    let stale = {
        let name = name.clone();
        move || {
            let present = stores.experiment.get();
            let old =
                |side| stores.layers.views.with(|layers| layers.get(side, &name).is_some_and(|(old, _)| !old.same_networks(&present)));
            Side::BOTH.into_iter().any(old)
        }
    };
    let (this, value) = (name.clone(), name.clone());
    view! {
        <label class="strip-item" class:stale=stale>
            <input type="radio" name="tap" value=value.clone() data-testid="tap" prop:checked=move || chosen.get() == this
                on:change=move |_| choose.run(value.clone())/>
            <span class="pair" aria-hidden="true">
                <Mean features=dense top/>
                <Mean features=pruned top/>
            </span>
            <span class="strip-name">{name}</span>
            <small>{following(size)}</small>
        </label>
    }
}

/// A layer's mean activity.
#[component]
fn Mean(features: Memo<Option<Features>>, top: Memo<f32>) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        features.with(|features| {
            if let Some(Features(view)) = features {
                put(&canvas, &coloured(&view.mean, Scale::Sequential, top.get()), view.columns, view.rows);
            }
        });
    });
    view! { <canvas width="1" height="1" node_ref=canvas></canvas> }
}
