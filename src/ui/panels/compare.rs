//! The two networks side by side: what each sees, what its answer rests on, and what it says.

use leptos::prelude::*;

use crate::engine::protocol::{MapReport, Prediction, Side};
use crate::experiment::Target;
use crate::metrics::Measure;
use crate::ui::address::Commit;
use crate::ui::state::{EngineState, Lab, Stamped};
use crate::ui::text;
use crate::ui::widgets::bars::Bar;
use crate::ui::widgets::colour::{Scale, limit};
use crate::ui::widgets::colour_bar::ColourBar;
use crate::ui::widgets::map_canvas::{Drawing, draw};

/// A map is called weak if its scale would end below this share of the shared scale.
const WEAK: f32 = 0.25;

/// The ends of the colour scales, worked out once for each map.
#[derive(Clone, Copy)]
struct Limits {
    dense: Memo<f32>,
    pruned: Memo<f32>,
    shared: RwSignal<bool>,
}

impl Limits {
    fn new(lab: Lab) -> Self {
        let of = |side| Memo::new(move |_| lab.pane(side).map.with(|map| map.as_ref().map_or(0.0, |map| limit(&map.value.values))));
        Self { dense: of(Side::Dense), pruned: of(Side::Pruned), shared: lab.look.shared }
    }

    /// The end of the scale that a network's map is drawn on.
    fn of(self, side: Side) -> f32 {
        let own = self.alone(side);
        if self.shared.get() && own > 0.0 { self.dense.get().max(self.pruned.get()) } else { own }
    }

    fn alone(self, side: Side) -> f32 {
        match side {
            Side::Dense => self.dense.get(),
            Side::Pruned => self.pruned.get(),
        }
    }
}

/// The comparison.
#[component]
pub fn Compare(lab: Lab) -> impl IntoView {
    let limits = Limits::new(lab);
    let together = Signal::derive(move || limits.dense.get().max(limits.pruned.get()));
    let scale = Signal::derive(move || {
        let signed = |side| lab.pane(side).map.with(|map| map.as_ref().map(|map| map.value.signed));
        Scale::of(signed(Side::Pruned).or_else(|| signed(Side::Dense)).unwrap_or(false))
    });
    view! {
        <div class="panes">
            <Figure lab side=Side::Dense limits scale/>
            <Figure lab side=Side::Pruned limits scale/>
        </div>
        <div class="legend-row">
            <Show when=move || lab.look.shared.get() && { together.get() > 0.0 }><ColourBar scale limit=together/></Show>
            <LookControls lab/>
        </div>
        <div class="panes">
            <Answers lab side=Side::Dense/>
            <Answers lab side=Side::Pruned/>
        </div>
    }
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Dense => "dense",
        Side::Pruned => "pruned",
    }
}

/// A network's map over its view.
#[component]
fn Figure(lab: Lab, side: Side, limits: Limits, scale: Signal<Scale>) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let map = lab.pane(side).map;
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let (opacity, outline, limit) = (lab.look.opacity.get() as f32, lab.look.outline.get(), limits.of(side));
        lab.view.with(|view| {
            map.with(|map| {
                if let Some(view) = view {
                    draw(&canvas, &Drawing { view: &view.value, map: map.as_ref().map(|map| &*map.value), limit, opacity, outline });
                }
            });
        });
    });
    let head = move || match side {
        Side::Dense => "Dense".to_string(),
        Side::Pruned => {
            let sparsity = map.with(|map| map.as_ref().map(|map| map.experiment.pruning.sparsity));
            let sparsity = sparsity.unwrap_or_else(|| lab.experiment.with(|experiment| experiment.pruning.sparsity));
            format!("Pruned by {}", text::percent(sparsity))
        }
    };
    let verdict = move || {
        let predictions = lab.pane(side).predictions.get()?;
        let best = predictions.value.top.first()?;
        Some(format!("{} {}", text::short(&best.label), text::score(f64::from(best.probability))))
    };
    let label = move || {
        map.with(|map| map.as_ref().map_or_else(|| format!("The {} network's map is not there yet", name(side)), |map| describe(lab, map)))
    };
    let explained = move || {
        map.with(|map| {
            let map = map.as_ref()?;
            let title = map.experiment.attribution.method.info().title;
            Some(view! { {title} " of \u{2018}" {text::short(&lab.class_name(map.value.target)).to_string()} "\u{2019}" })
        })
    };
    let empty = move || map.with(Option::is_some) && { limits.alone(side) == 0.0 };
    // On a scale that both maps share a weak one is all but blank.
    let weak = move || lab.look.shared.get() && (1e-30..WEAK * limits.of(side)).contains(&limits.alone(side));
    let stale = move || lab.is_stale(map) || lab.is_stale(lab.view);
    let waiting = move || {
        let down = matches!(lab.engine.get(), EngineState::Down(_));
        (map.with(Option::is_none) && !down).then_some("waiting for the first map\u{2026}")
    };
    view! {
        <figure class="pane" class:stale=stale data-testid=format!("pane-{}", name(side))>
            <figcaption>
                <h3>{head}</h3>
                <span class="verdict">{verdict}</span>
            </figcaption>
            <div class="canvas-frame">
                <canvas width="672" height="672" role="img" aria-label=label data-testid=format!("map-{}", name(side)) node_ref=canvas></canvas>
                <span class="updating" aria-hidden="true">{move || if lab.running.get() { "updating" } else { "from before" }}</span>
                {move || waiting().filter(|_| lab.view.with(Option::is_none)).map(|words| view! { <p class="waiting">{words}</p> })}
            </div>
            <p class="map-name">{explained}</p>
            {move || empty().then(|| view! {
                <p class="note" data-testid="empty-map">"The map is zero everywhere: nothing in the picture moves this class\u{2019}s score."</p>
            })}
            <Show when=weak>
                <p class="note" data-testid="weak-map">
                    "Much weaker than the other map. "
                    <button type="button" class="plain" on:click=move |_| lab.look.shared.set(false)>"Give each its own scale"</button>
                </p>
            </Show>
            <Show when=move || !lab.look.shared.get() && { limits.alone(side) > 0.0 }>
                <ColourBar scale limit=Signal::derive(move || limits.alone(side))/>
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
        None => "the object\u{2019}s place is not known".into(),
    };
    format!("{title} of \u{2018}{}\u{2019} in the {} network, {mass}", text::short(&class), name(map.value.side))
}

/// How the maps are drawn.
#[component]
fn LookControls(lab: Lab) -> impl IntoView {
    let look = lab.look;
    view! {
        <div class="look">
            <label class="field inline">
                <span>"Map opacity"</span>
                <input type="range" min="0" max="100" step="5" data-testid="opacity" aria-valuetext=move || text::percent(look.opacity.get())
                    prop:value=move || (look.opacity.get() * 100.0).round().to_string()
                    on:input=move |event| look.opacity.set(event_target::<web_sys::HtmlInputElement>(&event).value_as_number().clamp(0.0, 100.0) / 100.0)/>
            </label>
            <label class="check">
                <input type="checkbox" data-testid="outline" prop:checked=move || look.outline.get() on:change=move |event| look.outline.set(event_target_checked(&event))/>
                <span>"Object outline"</span>
            </label>
            <label class="check">
                <input type="checkbox" data-testid="shared-scale" prop:checked=move || look.shared.get() on:change=move |event| look.shared.set(event_target_checked(&event))/>
                <span>"One colour scale for both"</span>
            </label>
        </div>
        <p class="note">"The strongest 2\u{a0}% of the pixels share the end colour. Under a map the picture is drawn in grey."</p>
    }
}

/// A network's five best classes.
#[component]
fn Answers(lab: Lab, side: Side) -> impl IntoView {
    let predictions = lab.pane(side).predictions;
    let rows = move || {
        predictions.with(|answer| {
            let answer = &answer.as_ref()?.value;
            let dense = lab.dense.predictions.with(|dense| dense.as_ref().map(|dense| dense.value.top.clone())).unwrap_or_default();
            let row = |place: usize, class: &Prediction| {
                let before = (side == Side::Pruned).then(|| change(place, class, &dense));
                view! { <Row lab class=class.clone() explained=class.index == answer.target.index change=before.flatten()/> }
            };
            let rows = answer.top.iter().enumerate().map(|(place, class)| row(place, class)).collect_view();
            let beyond = answer.top.iter().all(|class| class.index != answer.target.index);
            Some(view! {
                <ol data-testid=format!("top5-{}", name(side))>{rows}</ol>
                {beyond.then(|| view! { <ul class="beyond"><Row lab class=answer.target.clone() explained=true change=None/></ul> })}
            })
        })
    };
    view! {
        <section class="answers" class:stale=move || lab.is_stale(predictions) aria-label=format!("What the {} network says", name(side))>
            {rows}
        </section>
    }
}

/// What changed for a class against the dense network's five best.
fn change(place: usize, class: &Prediction, dense: &[Prediction]) -> Option<String> {
    let Some(before) = dense.iter().position(|other| other.index == class.index) else {
        return (!dense.is_empty()).then(|| "new in the five".into());
    };
    let points = text::points(f64::from(class.probability - dense[before].probability));
    Some(if before == place { points } else { format!("{points}, was {}", text::ordinal(before + 1)) })
}

/// A class with its probability. Its name is a button that makes it the class to explain.
#[component]
fn Row(lab: Lab, class: Prediction, explained: bool, change: Option<String>) -> impl IntoView {
    let index = class.index;
    let short = text::short(&class.label).to_string();
    let explain = move |_| lab.change(Commit::Done("target"), |experiment| experiment.target = Target::Class(index));
    view! {
        <li class="answer" class:explained=explained data-index=index.to_string()>
            <span class="answer-name">
                <button type="button" class="name" title=format!("Explain \u{2018}{short}\u{2019} in both networks ({})", class.label) on:click=explain>{short.clone()}</button>
                {explained.then(|| view! { <span class="tag">"explained"</span> })}
                {move || (lab.label() == Some(index)).then(|| view! { <span class="tag label">"label"</span> })}
            </span>
            <span class="answer-change">{change}</span>
            <span class="answer-number">{text::score(f64::from(class.probability))}</span>
            <Bar share=class.probability/>
        </li>
    }
}
