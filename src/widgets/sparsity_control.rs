//! The sparsity control: a slider that is even in the remaining weights' logarithm, a number field, and the paper's grid as marks.
//!
//! Where networks are stored, it stands at their sparsities only; where a pattern settles the sparsity, words take its place.

use leptos::prelude::*;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::following::following;
use crate::address::Commit;
use crate::panels::pruning::{checkpoint_line, is_slow};
use crate::rounds::{LAST_STEP, next_point, next_stop, previous_point, previous_stop, sparsity_at, step_of};
use crate::session;
use crate::stores::Stores;
use crate::text;
use sweetspot_core::pruning::Scope;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::sparsity::Sparsity;

/// The number of marks that all have room.
const FEW: usize = 9;

/// What a control may stand at.
#[derive(Clone, PartialEq)]
enum Places {
    /// Any sparsity; the marks are the paper's grid.
    Any,
    /// The sparsities of stored networks.
    Stops(Vec<Sparsity>),
    /// One only, with why.
    One(String),
}

impl Places {
    /// What the experiment's criterion allows. Follows the signals.
    fn of(stores: Stores) -> Self {
        let pruning = stores.experiment.with(|experiment| experiment.pruning);
        let info = pruning.criterion.info();
        if let Some(fixed) = info.fixed {
            return Self::One(stores.texts.phrase("sparsity.pattern", &[("share", &text::percent(fixed))]));
        }
        if info.kind != Kind::Trained {
            return Self::Any;
        }
        let stops = stores.catalogue.card().map(|card| card.stops(pruning.criterion, pruning.seed)).unwrap_or_default();
        match stops[..] {
            [one] => Self::One(stores.texts.phrase("sparsity.one", &[("share", &text::sparsity(one))])),
            _ => Self::Stops(stops),
        }
    }

    /// The next place up or down.
    fn step(&self, sparsity: Sparsity, up: bool) -> Sparsity {
        match (self, up) {
            (Self::Stops(stops), true) => next_stop(stops, sparsity).unwrap_or(sparsity),
            (Self::Stops(stops), false) => previous_stop(stops, sparsity).unwrap_or(sparsity),
            (_, true) => next_point(sparsity),
            (_, false) => previous_point(sparsity),
        }
    }

    /// The place nearest to a sparsity.
    fn fit(&self, sparsity: Sparsity) -> Sparsity {
        match self {
            Self::Stops(stops) => sparsity.nearest(stops.iter().copied()).unwrap_or(sparsity),
            _ => sparsity,
        }
    }
}

/// The control.
#[component]
pub fn SparsityControl(stores: Stores) -> impl IntoView {
    let places = Memo::new(move |_| Places::of(stores));
    let slow = Memo::new(move |_| is_slow(stores));
    // Where pruning takes a while, the control moves ahead of the experiment until it is let go.
    let held = RwSignal::new(None::<Sparsity>);
    let set = Callback::new(move |(commit, value): (Commit, Sparsity)| {
        held.set(None);
        session::change(stores, commit, |experiment| experiment.pruning.sparsity = value);
    });
    let sparsity = Memo::new(move |_| held.get().unwrap_or_else(|| stores.experiment.with(|experiment| experiment.pruning.sparsity)));
    let one = move || matches!(&*places.read(), Places::One(_));
    let weights = move || {
        stores
            .catalogue
            .card()
            .map(|card| card.prunable)
            .filter(|prunable| *prunable > 0)
            .or_else(|| stores.answers.report().map(|model| model.prunable))
    };
    let left = move || {
        weights().filter(|_| !one()).map(|weights| {
            let left = weights - ((sparsity.get().get() * weights as f64).round() as usize).min(weights);
            stores.texts.phrase("sparsity.left", &[("left", &text::count(left)), ("of", &text::count(weights))])
        })
    };
    let body = move || match places.get() {
        Places::One(words) => view! { <p data-testid="fixed-sparsity">{words}</p> }.into_any(),
        _ => view! { <Slider stores places sparsity slow held set/> }.into_any(),
    };
    view! {
        <div class="sparsity">
            <div class="sparsity-head">
                <h2><label for="sparsity-range">{stores.texts.words("sparsity")}</label></h2>
                {following(move || (!one()).then(|| view! { <Stepper stores places sparsity set/> }))}
                <p class="left" data-testid="weights-left">{following(left)}</p>
                <ScopeChoice stores/>
            </div>
            {following(body)}
            <div>{following(move || checkpoint_line(stores))}</div>
        </div>
    }
}

/// The number, with buttons that go from mark to mark.
#[component]
fn Stepper(stores: Stores, places: Memo<Places>, sparsity: Memo<Sparsity>, set: Callback<(Commit, Sparsity)>) -> impl IntoView {
    let done = Commit::Done("sparsity");
    let typed = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let wished = (input.value_as_number() / 100.0).clamp(0.0, Sparsity::MAX.get());
        let value = Sparsity::new(wished).unwrap_or_else(|_| sparsity.get_untracked());
        let value = places.read_untracked().fit(value);
        input.set_value(&text::percent_number(value.get()));
        set.run((done, value));
    };
    let button = move |up: bool| {
        let name = move || match (up, matches!(&*places.read(), Places::Any)) {
            (true, true) => stores.texts.word("sparsity.next-point"),
            (false, true) => stores.texts.word("sparsity.previous-point"),
            (true, false) => stores.texts.word("sparsity.next-stored"),
            (false, false) => stores.texts.word("sparsity.previous-stored"),
        };
        let end = move || places.read().step(sparsity.get(), up) == sparsity.get();
        view! {
            <button type="button" aria-label=name title=name data-testid=if up { "next-point" } else { "previous-point" } disabled=end
                on:click=move |_| set.run((done, places.read_untracked().step(sparsity.get_untracked(), up)))>
                {if up { "+" } else { "\u{2212}" }}
            </button>
        }
    };
    view! {
        <div class="stepper">
            {button(false)}
            <span class="percent-field">
                <input type="number" inputmode="decimal" min="0" max="99.9" step="0.1" aria-label=stores.texts.words("sparsity.percent")
                    data-testid="sparsity-number" prop:value=move || text::percent_number(sparsity.get().get()) on:change=typed/>
                <span aria-hidden="true">"%"</span>
            </span>
            {button(true)}
        </div>
    }
}

#[component]
fn Slider(
    stores: Stores,
    places: Memo<Places>,
    sparsity: Memo<Sparsity>,
    slow: Memo<bool>,
    held: RwSignal<Option<Sparsity>>,
    set: Callback<(Commit, Sparsity)>,
) -> impl IntoView {
    let done = Commit::Done("sparsity");
    let moved = move |event: web_sys::Event| {
        let input: HtmlInputElement = event_target(&event);
        let step = input.value_as_number().clamp(0.0, f64::from(LAST_STEP)) as u32;
        // The slider cannot stand exactly at every number; a value it already shows is left as it is.
        if step == step_of(sparsity.get_untracked()) {
            return;
        }
        let value = places.read_untracked().fit(sparsity_at(step));
        input.set_value(&step_of(value).to_string());
        match slow.get_untracked() {
            true => held.set(Some(value)),
            false => set.run((Commit::Moving, value)),
        }
    };
    let key = move |event: KeyboardEvent| {
        let (key, here) = (event.key(), sparsity.get_untracked());
        let places = places.read_untracked();
        let stored = matches!(&*places, Places::Stops(_));
        let value = match key.as_str() {
            "PageUp" => places.step(here, true),
            "PageDown" => places.step(here, false),
            "ArrowRight" | "ArrowUp" if stored => places.step(here, true),
            "ArrowLeft" | "ArrowDown" if stored => places.step(here, false),
            _ => return,
        };
        drop(places);
        set.run((done, value));
        event.prevent_default();
    };
    let said = move || {
        let share = text::percent(sparsity.get().get());
        match sparsity.get().round() {
            Some(round) => stores.texts.phrase("sparsity.said-round", &[("share", &share), ("round", &round.to_string())]),
            None => stores.texts.phrase("sparsity.said", &[("share", &share)]),
        }
    };
    let marks = move || match places.get() {
        Places::Stops(stops) => stops,
        _ => Sparsity::grid().map(|(_, point)| point).collect(),
    };
    let go = Callback::new(move |value: Sparsity| set.run((done, value)));
    let ticks = move || ticks(&marks(), sparsity, matches!(&*places.read(), Places::Any), go);
    let hint = move || match places.get() {
        Places::Stops(_) => stores.texts.word("sparsity.marks-stored"),
        _ => stores.texts.word("sparsity.marks-grid"),
    };
    view! {
        <input id="sparsity-range" type="range" min="0" max=LAST_STEP.to_string() step="1" data-testid="sparsity"
            aria-valuetext=said aria-describedby="sparsity-hint" prop:value=move || step_of(sparsity.get()).to_string()
            on:input=moved on:change=move |_| set.run((done, sparsity.get_untracked())) on:keydown=key/>
        <div class="ticks">{following(ticks)}</div>
        <p class="note" id="sparsity-hint">
            {following(hint)} " " {stores.texts.words("sparsity.scale")}
            {following(move || slow.get().then(|| format!(" {}", stores.texts.word("sparsity.slow"))))}
        </p>
    }
}

/// The marks, which can be clicked. The keyboard reaches them with the buttons beside the number.
fn ticks(marks: &[Sparsity], sparsity: Memo<Sparsity>, grid: bool, go: Callback<Sparsity>) -> AnyView {
    let few = marks.len() <= FEW;
    let tick = |(round, place): (usize, &Sparsity)| {
        let (place, value) = (*place, place.get());
        let every = |n: usize| few || round.is_multiple_of(n);
        let chosen = move || if grid { sparsity.get().round() == Some(round as u32) } else { sparsity.get() == place };
        let percent = text::percent((value * 1e4).round() / 1e4);
        let left = format!("left:{:.3}%", (1.0 - value).ln() / (1.0 - Sparsity::MAX.get()).ln() * 100.0);
        let number = text::percent_number((value * 1000.0).round() / 1000.0);
        let number = if value < 0.95 { format!("{:.0}", value * 100.0) } else { number };
        // What is seen comes first, so that who speaks to the browser can say it.
        let label = if grid {
            format!("{number}: {percent}, round {round} of the paper's grid")
        } else {
            format!("{number}: {percent}, a stored network")
        };
        view! {
            <button type="button" tabindex="-1" class="tick" class:by2=every(2) class:by4=every(4) class:chosen=chosen style=left aria-label=label
                title=percent data-testid="tick" data-round=round.to_string() on:click=move |_| go.run(place)>
                <span aria-hidden="true">{number}</span>
            </button>
        }
    };
    marks.iter().enumerate().map(tick).collect_view().into_any()
}

/// Which weights compete with each other.
#[component]
fn ScopeChoice(stores: Stores) -> impl IntoView {
    let scope = Memo::new(move |_| stores.experiment.with(|experiment| experiment.pruning.scope));
    let choice = Memo::new(move |_| stores.experiment.with(|experiment| experiment.pruning.criterion.info().scopes.len() > 1));
    view! {
        <fieldset class="scope" hidden=move || !choice.get()>
            <legend class="hidden">{stores.texts.words("scope")}</legend>
            {Scope::ALL.map(|one| {
                let (name, says) = match one {
                    Scope::Global => (stores.texts.words("scope.global"), stores.texts.words("scope.global-says")),
                    Scope::Layer => (stores.texts.words("scope.layer"), stores.texts.words("scope.layer-says")),
                };
                view! {
                    <label title=move || says.get()>
                        <input type="radio" name="scope" value=one.id() data-testid=format!("scope-{}", one.id()) prop:checked=move || scope.get() == one
                            on:change=move |_| session::change(stores, Commit::Done("scope"), |experiment| experiment.pruning.scope = one)/>
                        <span>{following(move || name.get())}</span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
    }
}
