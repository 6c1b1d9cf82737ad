//! The two networks side by side: what each sees, and what its answer rests on.

use leptos::prelude::*;

mod difference;
pub mod lens;
pub mod pins;
mod probe;
pub mod scales;

use difference::DifferencePane;
use lens::{LensFrame, ZoomControls};
use pins::{Pins, pin};
use probe::ProbeLine;
use scales::Both;

use super::answers::Answers;
use super::display_controls::{DisplayControls, Legend};
use crate::stores::Stores;
use crate::stores::display::Mode;
use crate::stores::engine_status::EngineState;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::save_map::SaveMap;
use crate::widgets::strongest::Strongest;
use sweetspot_core::attribution::Method;
use sweetspot_core::colour::Scale;
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;
use sweetspot_protocol::MapReport;

/// A map is called weak if its scale would end below this share of the shared scale.
const WEAK: f32 = 0.25;

/// The comparison.
#[component]
pub fn Compare(stores: Stores) -> impl IntoView {
    let both = Both::new(stores);
    let shared = both.shared;
    let together = Signal::derive(move || both.together());
    let scale = scale_of(stores, Side::Dense);
    view! {
        <div class="panes">
            <Figure stores side=Side::Dense both/>
            <Figure stores side=Side::Pruned both/>
        </div>
        <ProbeLine stores/>
        {following(move || stores.display.difference.get().then(|| view! { <DifferencePane stores both/> }))}
        <Pins stores both/>
        <div class="legend-row">
            <Show when=move || shared.get() && { together.get() > 0.0 }><Legend stores scale limit=together/></Show>
            <DisplayControls stores/>
            <ZoomControls stores/>
        </div>
        <div class="panes">
            <Answers stores side=Side::Dense/>
            <Answers stores side=Side::Pruned/>
        </div>
    }
}

/// The scale of a network's map.
fn scale_of(stores: Stores, side: Side) -> Signal<Scale> {
    Signal::derive(move || Scale::of(stores.answers.pane(side).map.with(|map| map.as_ref().is_some_and(|map| map.value.signed))))
}

/// A network's map over its view.
#[component]
fn Figure(stores: Stores, side: Side, both: Both) -> impl IntoView {
    let scale = scale_of(stores, side);
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let map = stores.answers.pane(side).map;
    let own = both.of(side);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        both.draw(stores, side, &canvas);
    });
    let head = move || match side {
        Side::Dense => stores.texts.word("dense").to_string(),
        Side::Pruned => {
            let sparsity = map.with(|map| map.as_ref().map(|map| map.experiment.pruning.sparsity));
            let sparsity = sparsity.unwrap_or_else(|| stores.experiment.with(|experiment| experiment.pruning.sparsity));
            stores.texts.phrase("pruned-by", &[("share", &text::sparsity(sparsity))])
        }
    };
    let verdict = move || {
        let predictions = stores.answers.pane(side).predictions.get()?;
        let best = predictions.value.top.first()?;
        Some(format!("{} {}", text::short(&best.label), text::score(f64::from(best.probability))))
    };
    let label = move || {
        map.with(|map| {
            map.as_ref().map_or_else(|| format!("The {} network's map is not there yet", text::network(side)), |map| describe(stores, map))
        })
    };
    let explained = move || {
        map.with(|map| {
            let map = map.as_ref()?;
            let title = map.experiment.attribution.method.info().title;
            let class = stores.catalogue.class_name(map.value.target);
            Some(stores.texts.phrase("map.of", &[("method", title), ("class", text::short(&class))]))
        })
    };
    let file = Signal::derive(move || {
        let named = |map: &Stamped<MapReport>| {
            let experiment = &map.experiment;
            let sparsity = if side == Side::Dense { String::new() } else { format!("-{}", experiment.pruning.sparsity) };
            format!("{}-{}-{}{sparsity}", experiment.model, experiment.attribution.method.id(), text::network(side))
        };
        map.with(|map| map.as_ref().map(named)).unwrap_or_default()
    });
    let there = Signal::derive(move || map.with(|map| map.as_ref().is_some_and(|map| map.value.complete)));
    let values = Callback::new(move |()| {
        map.with_untracked(|map| map.as_ref().map(|map| (map.value.side_length, map.value.side_length, map.value.values.clone())))
    });
    let limit = move || own.limit.get();
    let empty = move || map.with(Option::is_some) && { limit() == 0.0 };
    // On a scale that both maps share a weak one is all but blank.
    let scaled = move || stores.display.mode.get() != Mode::Masked;
    let weak = move || scaled() && both.shared.get() && (1e-30..WEAK * both.limit(side)).contains(&limit());
    let stale = move || stores.answers.is_stale(map) || stores.answers.is_stale(stores.answers.view);
    let coming = move || map.with(|map| map.as_ref().is_some_and(|map| !map.value.complete));
    let beforehand = move || !stale() && stores.answers.is_beforehand(map);
    let badge = move || match (stale(), stores.engine.running.get(), coming()) {
        _ if beforehand() => "computed beforehand",
        (true, true, _) => stores.texts.word("map.updating"),
        (true, false, _) => stores.texts.word("map.before"),
        (false, true, true) => stores.texts.word("map.coming"),
        (false, false, true) => stores.texts.word("map.unfinished"),
        (false, _, false) => "",
    };
    let waiting = move || {
        let down = matches!(stores.engine.state.get(), EngineState::Down(_));
        (map.with(Option::is_none) && !down).then(|| stores.texts.word("map.waiting"))
    };
    view! {
        <figure class="pane" class:beforehand=beforehand class:stale=stale class:coming=move || coming() && !stale() data-testid=format!("pane-{}", text::network(side))>
            <figcaption>
                <h3>{following(head)}</h3>
                <span class="verdict">{following(verdict)}</span>
                <button type="button" class="plain pin-button" data-testid=format!("pin-{}", text::network(side)) aria-label=move || format!("Pin: {}", head())
                    disabled=move || stale() || stores.answers.pane(side).scored.with(Option::is_none)
                    on:click=move |_| pin(stores, side, untrack(verdict).unwrap_or_default())>"Pin"</button>
            </figcaption>
            <div class="canvas-frame">
                <LensFrame stores name=Signal::stored(format!("The {} network\u{2019}s map", text::network(side)))>
                    <canvas width="672" height="672" role="img" aria-label=label data-testid=format!("map-{}", text::network(side)) node_ref=canvas></canvas>
                </LensFrame>
                <span class="updating" aria-hidden="true">{following(badge)}</span>
                {following(move || waiting().filter(|_| stores.answers.view.with(Option::is_none)).map(|words| view! { <p class="waiting">{words}</p> }))}
            </div>
            <p class="map-name">{following(explained)} <SaveMap messages=stores.messages name=file canvas there values/></p>
            {following(move || empty().then(|| view! {
                <p class="note" data-testid="empty-map">"The map is zero everywhere: nothing in the picture moves this class\u{2019}s score."</p>
            }))}
            <p class="note" data-testid=format!("shown-{}", text::network(side))>{following(move || own.strongest.get().map(|strongest| part(&strongest)))}</p>
            <p class="note" data-testid=format!("sum-{}", text::network(side))>{following(move || map.with(|map| map.as_ref().and_then(sum)))}</p>
            <Show when=weak>
                <p class="note" data-testid="weak-map">
                    "Much weaker than the other map. "
                    <button type="button" class="plain" on:click=move |_| stores.display.shared.set(false)>"Give each its own scale"</button>
                </p>
            </Show>
            <Show when=move || !both.shared.get() && { limit() > 0.0 }>
                <Legend stores scale limit=Signal::derive(limit)/>
            </Show>
        </figure>
    }
}

/// A map in words: "Grad-CAM of 'giant panda' in the dense network, 72 % of its mass on the object".
fn describe(stores: Stores, map: &Stamped<MapReport>) -> String {
    let title = map.experiment.attribution.method.info().title;
    let class = stores.catalogue.class_name(map.value.target);
    let mass = match map.value.score(Measure::RelevanceMass) {
        Some(Ok(mass)) => format!("{} of its mass on the object", text::percent((f64::from(*mass) * 100.0).round() / 100.0)),
        Some(Err(error)) => error.to_string(),
        None if !map.value.complete => "on its way".into(),
        None => "the object\u{2019}s place is not known".into(),
    };
    format!("{title} of \u{2018}{}\u{2019} in the {} network, {mass}", text::short(&class), text::network(map.value.side))
}

/// "Shown: 20 % of the pixels, with 63 % of the map's mass."
fn part(strongest: &Strongest) -> String {
    format!("Shown: {} of the pixels, with {} of the map\u{2019}s mass.", text::score(strongest.pixels), text::score(strongest.mass))
}

/// "The values add up to 11.93 of the score's 12.01 (99 %)", for methods that share a score out.
fn sum(map: &Stamped<MapReport>) -> Option<String> {
    let total = f64::from(map.value.total.filter(|_| map.value.complete)?);
    let sum = f64::from(map.value.sum);
    let what = if map.experiment.attribution.method == Method::Lrp { "the score\u{2019}s" } else { "the score\u{2019}s change of" };
    let share = if total.abs() > 1e-6 { format!(" ({:.0}\u{a0}%)", sum / total * 100.0) } else { String::new() };
    Some(format!("The values add up to {} of {what} {}{share}.", text::signed(sum), text::signed(total)))
}
