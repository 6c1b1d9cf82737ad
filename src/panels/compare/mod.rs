//! The two networks side by side: what each sees, and what its answer rests on.

use std::sync::Arc;

use leptos::prelude::*;

mod difference;
pub mod lens;
pub mod pins;
mod probe;

use difference::DifferencePane;
use lens::{LensFrame, ZoomControls};
use pins::Pins;
use probe::ProbeLine;

use super::answers::Answers;
use super::look::{Legend, LookControls};
use crate::state::{EngineState, Lab, Mode, Stamped};
use crate::text;
use crate::widgets::contour::smooth;
use crate::widgets::map_canvas::{Drawing, Paint, draw};
use crate::widgets::save_map::SaveMap;
use crate::widgets::strongest::{Strongest, strongest};
use sweetspot_core::attribution::Method;
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;
use sweetspot_protocol::MapReport;

/// A map is called weak if its scale would end below this share of the shared scale.
const WEAK: f32 = 0.25;

/// A network's map, worked out once for drawing.
#[derive(Clone, Copy)]
struct Prepared {
    /// The map, smoothed for lines; empty for other ways to show it.
    smooth: Memo<Share<Arc<Vec<f32>>>>,
    /// The end of its own colour scale.
    limit: Memo<f32>,
    /// Its strongest part, where only that is shown.
    strongest: Memo<Option<Strongest>>,
}

/// What is too large to be compared by value: another one is another one.
#[derive(Clone)]
struct Share<T>(T);

impl<T> PartialEq for Share<T> {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Prepared {
    fn new(lab: Lab, side: Side) -> Self {
        let map = lab.pane(side).map;
        let look = lab.look;
        let mode = Memo::new(move |_| look.mode.get());
        let smooth = Memo::new(move |_| {
            let values = map.with(|map| Some(smooth(&map.as_ref()?.value.values, map.as_ref()?.value.side_length)));
            Share(Arc::new(values.filter(|_| mode.get() == Mode::Contours).unwrap_or_default()))
        });
        let end = Memo::new(move |_| match mode.get() {
            Mode::Contours => smooth.with(|smooth| limit(&smooth.0)),
            _ => map.with(|map| map.as_ref().map_or(0.0, |map| limit(&map.value.values))),
        });
        let strong = Memo::new(move |_| {
            let wanted = (mode.get() == Mode::Masked).then(|| (look.share.get(), look.of.get()))?;
            map.with(|map| strongest(&map.as_ref()?.value.values, wanted.0, wanted.1))
        });
        Self { smooth, limit: end, strongest: strong }
    }
}

/// Both maps.
#[derive(Clone, Copy)]
pub struct Both {
    dense: Prepared,
    pruned: Prepared,
    /// Whether both are drawn on one scale: as wished, but never with a map of another method, which counts in other units.
    shared: Memo<bool>,
    /// The end of the scale of pinned maps in the same units.
    pinned: Memo<f32>,
}

impl Both {
    fn of(self, side: Side) -> Prepared {
        match side {
            Side::Dense => self.dense,
            Side::Pruned => self.pruned,
        }
    }

    /// The end of the scale that a network's map is drawn on.
    fn limit(self, side: Side) -> f32 {
        let own = self.of(side).limit.get();
        if self.shared.get() && own > 0.0 { self.together() } else { own }
    }

    /// The end of the scale that all maps share.
    fn together(self) -> f32 {
        self.dense.limit.get().max(self.pruned.limit.get()).max(self.pinned.get())
    }
}

/// The comparison.
#[component]
pub fn Compare(lab: Lab) -> impl IntoView {
    let shared = Memo::new(move |_| {
        let attribution = |side| lab.pane(side).map.with(|map| map.as_ref().map(|map| map.experiment.attribution.clone()));
        let (dense, pruned) = (attribution(Side::Dense), attribution(Side::Pruned));
        lab.look.shared.get() && (dense.is_none() || pruned.is_none() || dense == pruned)
    });
    let pinned = Memo::new(move |_| {
        let present = lab.dense.map.with(|map| map.as_ref().map(|map| map.experiment.attribution.clone()));
        let alike = |pin: &&pins::Pin| present.as_ref() == Some(&pin.experiment.attribution);
        lab.pins.with(|pins| pins.iter().filter(alike).map(|pin| limit(&pin.map.values)).fold(0.0, f32::max))
    });
    let both = Both { dense: Prepared::new(lab, Side::Dense), pruned: Prepared::new(lab, Side::Pruned), shared, pinned };
    let together = Signal::derive(move || both.together());
    let scale = scale_of(lab, Side::Dense);
    view! {
        <div class="panes">
            <Figure lab side=Side::Dense both/>
            <Figure lab side=Side::Pruned both/>
        </div>
        <ProbeLine lab/>
        {move || lab.look.difference.get().then(|| view! { <DifferencePane lab both/> })}
        <Pins lab both/>
        <div class="legend-row">
            <Show when=move || shared.get() && { together.get() > 0.0 }><Legend lab scale limit=together/></Show>
            <LookControls lab/>
            <ZoomControls lab/>
        </div>
        <div class="panes">
            <Answers lab side=Side::Dense/>
            <Answers lab side=Side::Pruned/>
        </div>
    }
}

/// The scale of a network's map.
fn scale_of(lab: Lab, side: Side) -> Signal<Scale> {
    Signal::derive(move || Scale::of(lab.pane(side).map.with(|map| map.as_ref().is_some_and(|map| map.value.signed))))
}

/// A network's map over its view.
#[component]
fn Figure(lab: Lab, side: Side, both: Both) -> impl IntoView {
    let scale = scale_of(lab, side);
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let map = lab.pane(side).map;
    let own = both.of(side);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let (outline, limit) = (lab.look.outline.get(), both.limit(side));
        let smooth = own.smooth.get();
        let paint = match lab.look.mode.get() {
            Mode::Heat => Paint::Heat(lab.look.opacity.get() as f32),
            Mode::Contours => Paint::Contours(&smooth.0),
            Mode::Masked => Paint::Masked(own.strongest.get().map(|strongest| strongest.from)),
        };
        lab.view.with(|view| {
            map.with(|map| {
                if let Some(view) = view {
                    draw(&canvas, &Drawing { view: &view.value, map: map.as_ref().map(|map| &*map.value), limit, paint, outline });
                }
            });
        });
    });
    let head = move || match side {
        Side::Dense => lab.word("dense").to_string(),
        Side::Pruned => {
            let sparsity = map.with(|map| map.as_ref().map(|map| map.experiment.pruning.sparsity));
            let sparsity = sparsity.unwrap_or_else(|| lab.experiment.with(|experiment| experiment.pruning.sparsity));
            lab.phrase("pruned-by", &[("share", &text::percent(sparsity))])
        }
    };
    let verdict = move || {
        let predictions = lab.pane(side).predictions.get()?;
        let best = predictions.value.top.first()?;
        Some(format!("{} {}", text::short(&best.label), text::score(f64::from(best.probability))))
    };
    let label = move || {
        map.with(|map| {
            map.as_ref().map_or_else(|| format!("The {} network's map is not there yet", text::network(side)), |map| describe(lab, map))
        })
    };
    let explained = move || {
        map.with(|map| {
            let map = map.as_ref()?;
            let title = map.experiment.attribution.method.info().title;
            let class = lab.class_name(map.value.target);
            Some(lab.phrase("map.of", &[("method", title), ("class", text::short(&class))]))
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
    let scaled = move || lab.look.mode.get() != Mode::Masked;
    let weak = move || scaled() && both.shared.get() && (1e-30..WEAK * both.limit(side)).contains(&limit());
    let stale = move || lab.is_stale(map) || lab.is_stale(lab.view);
    let coming = move || map.with(|map| map.as_ref().is_some_and(|map| !map.value.complete));
    let beforehand = move || !stale() && lab.is_beforehand(map);
    let badge = move || match (stale(), lab.running.get(), coming()) {
        _ if beforehand() => "computed beforehand",
        (true, true, _) => lab.word("map.updating"),
        (true, false, _) => lab.word("map.before"),
        (false, true, true) => lab.word("map.coming"),
        (false, false, true) => lab.word("map.unfinished"),
        (false, _, false) => "",
    };
    let waiting = move || {
        let down = matches!(lab.engine.get(), EngineState::Down(_));
        (map.with(Option::is_none) && !down).then(|| lab.word("map.waiting"))
    };
    view! {
        <figure class="pane" class:beforehand=beforehand class:stale=stale class:coming=move || coming() && !stale() data-testid=format!("pane-{}", text::network(side))>
            <figcaption>
                <h3>{head}</h3>
                <span class="verdict">{verdict}</span>
                <button type="button" class="plain pin-button" data-testid=format!("pin-{}", text::network(side)) aria-label=move || format!("Pin: {}", head())
                    disabled=move || stale() || lab.pane(side).scored.with(Option::is_none)
                    on:click=move |_| lab.pin(side, untrack(verdict).unwrap_or_default())>"Pin"</button>
            </figcaption>
            <div class="canvas-frame">
                <LensFrame lab name=Signal::stored(format!("The {} network\u{2019}s map", text::network(side)))>
                    <canvas width="672" height="672" role="img" aria-label=label data-testid=format!("map-{}", text::network(side)) node_ref=canvas></canvas>
                </LensFrame>
                <span class="updating" aria-hidden="true">{badge}</span>
                {move || waiting().filter(|_| lab.view.with(Option::is_none)).map(|words| view! { <p class="waiting">{words}</p> })}
            </div>
            <p class="map-name">{explained} <SaveMap lab name=file canvas there values/></p>
            {move || empty().then(|| view! {
                <p class="note" data-testid="empty-map">"The map is zero everywhere: nothing in the picture moves this class\u{2019}s score."</p>
            })}
            <p class="note" data-testid=format!("shown-{}", text::network(side))>{move || own.strongest.get().map(|strongest| part(&strongest))}</p>
            <p class="note" data-testid=format!("sum-{}", text::network(side))>{move || map.with(|map| map.as_ref().and_then(sum))}</p>
            <Show when=weak>
                <p class="note" data-testid="weak-map">
                    "Much weaker than the other map. "
                    <button type="button" class="plain" on:click=move |_| lab.look.shared.set(false)>"Give each its own scale"</button>
                </p>
            </Show>
            <Show when=move || !both.shared.get() && { limit() > 0.0 }>
                <Legend lab scale limit=Signal::derive(limit)/>
            </Show>
        </figure>
    }
}

/// A map in words: "Grad-CAM of 'giant panda' in the dense network, 72 % of its mass on the object".
fn describe(lab: Lab, map: &Stamped<MapReport>) -> String {
    let title = map.experiment.attribution.method.info().title;
    let class = lab.class_name(map.value.target);
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
    let what = match map.experiment.attribution.method {
        Method::Lrp => "the score\u{2019}s",
        _ => "the score\u{2019}s change of",
    };
    let share = if total.abs() > 1e-6 { format!(" ({:.0}\u{a0}%)", sum / total * 100.0) } else { String::new() };
    Some(format!("The values add up to {} of {what} {}{share}.", text::signed(sum), text::signed(total)))
}
