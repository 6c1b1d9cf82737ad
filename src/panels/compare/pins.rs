//! Results that are kept in sight while the experiment goes on: another network, criterion, sparsity or method beside the present one.

use leptos::prelude::*;

use super::lens::LensFrame;
use super::scales::Both;
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::stores::pins::Pin;
use crate::text;
use crate::widgets::map_canvas::{Drawing, Paint, draw};
use crate::widgets::save_map::SaveMap;
use sweetspot_core::colour::limit;
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;

/// Keeps what a network shows now, if it is all there.
pub fn pin(stores: Stores, side: Side, verdict: String) {
    let map = stores.answers.pane(side).scored.get_untracked();
    let (Some(map), Some(view)) = (map, stores.answers.view.get_untracked()) else { return };
    stores.pins.keep(Pin { number: 0, experiment: map.experiment, side, verdict, view: view.value, map: map.value });
}

/// The kept results.
#[component]
pub fn Pins(stores: Stores, both: Both) -> impl IntoView {
    view! {
        <section class="pins" aria-label="Pinned results" hidden=move || stores.pins.all.with(Vec::is_empty) data-testid="pins">
            <For each=move || stores.pins.all.get() key=|pin| pin.number let(pin)>
                <Pinned stores both pin/>
            </For>
        </section>
    }
    .into_any()
}

#[component]
fn Pinned(stores: Stores, both: Both, pin: Pin) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let own = limit(&pin.map.values);
    let drawn = pin.clone();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        // One scale with what is computed in the same units.
        let alike = stores
            .answers
            .pane(Side::Dense)
            .map
            .with(|map| map.as_ref().is_some_and(|map| map.experiment.attribution == drawn.experiment.attribution));
        let limit = if alike && both.shared.get() { both.limit(Side::Dense) } else { own };
        let paint = Paint::Heat(stores.display.opacity.get() as f32);
        draw(&canvas, &Drawing { view: &drawn.view, map: Some(&drawn.map), limit, paint, outline: stores.display.outline.get() });
    });
    let number = pin.number;
    let (title, details) = title(stores, &pin);
    let name = format!("Pin {number}: {title}, {details}");
    let again = pin.experiment.clone();
    let map = pin.map.clone();
    let values = Callback::new(move |()| Some((map.side_length, map.side_length, map.values.clone())));
    let remove = move |_| stores.pins.remove(number);
    view! {
        <figure class="pin" data-testid="pin">
            <figcaption>
                <h3>{number} ". " {title}</h3>
            </figcaption>
            <div class="canvas-frame">
                <LensFrame stores name=Signal::stored(name.clone())>
                    <canvas width="672" height="672" role="img" aria-label=name node_ref=canvas></canvas>
                </LensFrame>
            </div>
            <p class="note">{details} <SaveMap messages=stores.messages name=Signal::stored(format!("pin-{number}")) canvas there=Signal::stored(true) values/></p>
            <p class="ways">
                <button type="button" class="plain" data-testid="pin-again" on:click=move |_| session::change(stores, Commit::Done("pin"), |experiment| *experiment = (*again).clone())>
                    "Show again"
                </button>
                <button type="button" class="plain" data-testid="unpin" aria-label=format!("Unpin {number}") on:click=remove>"Unpin"</button>
            </p>
        </figure>
    }
    .into_any()
}

/// "SqueezeNet 1.1, pruned by 59.04 %", and "Magnitude, Grad-CAM, 'koala' 93 %, 61 % of its mass on the object".
fn title(stores: Stores, pin: &Pin) -> (String, String) {
    let experiment = &pin.experiment;
    let network = untrack(|| stores.catalogue.card_of(&experiment.model)).map_or_else(|| experiment.model.clone(), |card| card.name());
    let (title, criterion) = match pin.side {
        Side::Dense => (format!("{network}, dense"), String::new()),
        Side::Pruned => (
            format!("{network}, pruned by {}", text::sparsity(experiment.pruning.sparsity)),
            format!("{}, ", experiment.pruning.criterion.info().title),
        ),
    };
    let mass = match pin.map.score(Measure::RelevanceMass) {
        Some(Ok(mass)) => format!(", {} of its mass on the object", text::percent((f64::from(*mass) * 100.0).round() / 100.0)),
        _ => String::new(),
    };
    (title, format!("{criterion}{}: {}{mass}", experiment.attribution.method.info().title, pin.verdict))
}
