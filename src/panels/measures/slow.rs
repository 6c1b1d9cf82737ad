//! Measures that ask the networks many times: computed when the reader asks, one after the other.

use std::sync::Arc;

use leptos::prelude::*;

use super::course::Course;
use super::rows::{Cells, Heads, Row};
use crate::session;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use crate::text;
use crate::widgets::following::following;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::measure::Kind;
use sweetspot_core::side::Side;
use sweetspot_protocol::{Measured, Stage};

/// A measured map, compared by address.
#[derive(Clone)]
pub struct Found(pub Arc<Measured>);

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Whether the maps on the screen can be measured: they are there, or a run for them is going on. Follows the signals.
fn ready(stores: Stores) -> bool {
    let answered = stores.answers.finished.get() >= stores.answers.latest.get() || stores.engine.running.get();
    answered && stores.answers.finished.get() > 0 && matches!(stores.engine.state.get(), EngineState::Ready(_))
}

/// Whether all of some measures are known for the present experiment. Follows the signals.
fn known(stores: Stores, measures: &[Measure]) -> bool {
    let present = stores.experiment.get();
    stores.measures.found.with(|found| {
        let both = |measure: &Measure| Side::BOTH.iter().all(|side| found.get(*measure, *side).is_some());
        found.is_of(&present) && measures.iter().all(both)
    })
}

/// The button for every measure at once, and the one that ends them.
#[component]
pub fn MeasureAll(stores: Stores) -> impl IntoView {
    let all: Vec<Measure> = Measure::all().filter(|measure| measure.needs_network()).collect();
    view! { <MeasureButton stores measures=all words="Measure all" id="all"/> }
}

#[component]
fn MeasureButton(stores: Stores, measures: Vec<Measure>, words: &'static str, id: &'static str) -> impl IntoView {
    let measures = StoredValue::new(measures);
    let waiting =
        Memo::new(move |_| stores.measures.waiting.with(|waiting| measures.with_value(|own| own.iter().any(|one| waiting.contains(one)))));
    let done = Memo::new(move |_| measures.with_value(|own| known(stores, own)));
    // One button that stays where it is, so that the focus does.
    let label = move || match (waiting.get(), done.get()) {
        (true, _) => "Cancel",
        (false, true) => "Measured",
        (false, false) => words,
    };
    let press = move |_| {
        if waiting.get_untracked() {
            session::cancel(stores);
        } else {
            session::measure(stores, measures.get_value());
        }
    };
    let disabled = move || !waiting.get() && (done.get() || !ready(stores));
    view! {
        <button type="button" class="plain" data-testid=format!("measure-{id}") disabled=disabled on:click=press>{following(label)}</button>
    }
}

/// A group of measures that are computed when asked for.
#[component]
pub fn SlowGroup(stores: Stores, kind: Kind, title: &'static str, asks: &'static str) -> impl IntoView {
    let id = match kind {
        Kind::Robustness => "robustness",
        Kind::Randomisation => "randomisation",
        _ => "faithfulness",
    };
    let stale = Memo::new(move |_| {
        let present = stores.experiment.get();
        stores.measures.found.with(|found| found.experiment.is_some() && !found.is_of(&present))
    });
    let any = Memo::new(move |_| stores.measures.found.with(|found| found.found.iter().any(|one| one.score.measure.info().kind == kind)));
    let current =
        Memo::new(move |_| stores.measures.waiting.with(|waiting| waiting.first().copied()).filter(|measure| measure.info().kind == kind));
    let heading = format!("measures-{id}");
    view! {
        <section class="measure-group" class:stale=move || stale.get() && any.get() aria-labelledby=heading.clone() data-testid=heading.clone()>
            <div class="group-head">
                <h3 id=heading.clone()>{title}</h3>
                <p class="note">{asks}</p>
                <MeasureButton stores measures=Measure::of(kind).collect() words="Measure" id/>
            </div>
            {following(move || current.get().map(|measure| view! { <Progress stores measure/> }))}
            {following(move || (stale.get() && any.get()).then(|| view! {
                <p class="note" role="status" data-testid="measures-stale">"These values are of the settings before."</p>
            }))}
            <div class="table-scroll">
                <table role="table">
                    <Heads/>
                    <tbody role="rowgroup">{Measure::of(kind).map(|measure| view! { <SlowRow stores measure/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// "Deletion, pruned network: 12 of 50."
#[component]
fn Progress(stores: Stores, measure: Measure) -> impl IntoView {
    let title = measure.info().title;
    let step = move || {
        let progress = stores.engine.progress.get()?;
        let network = match progress.stage {
            Stage::DenseMeasure => text::network(Side::Dense),
            Stage::PrunedMeasure => text::network(Side::Pruned),
            _ => return None,
        };
        Some((network, progress.done, progress.total))
    };
    let words = move || match step() {
        Some((network, done, total)) if total > 0 => format!("{title}, {network} network: {done} of {total}"),
        Some((network, ..)) => format!("{title}, {network} network"),
        None => format!("{title}: waiting"),
    };
    view! {
        <div class="measuring">
            {following(move || match step().filter(|(_, _, total)| *total > 0) {
                Some((_, done, total)) => view! { <progress aria-hidden="true" max=total.to_string() value=done.to_string()></progress> }.into_any(),
                None => view! { <progress aria-hidden="true"></progress> }.into_any(),
            })}
            <span data-testid="measuring">{following(words)}</span>
        </div>
    }
}

#[component]
fn SlowRow(stores: Stores, measure: Measure) -> impl IntoView {
    let of = |side| Memo::new(move |_| stores.measures.found.with(|found| found.get(measure, side).map(Found)));
    let (dense, pruned) = (of(Side::Dense), of(Side::Pruned));
    let cells = move || {
        let value = |found: Option<Found>| found.map(|found| found.0.score.value.clone());
        view! { <Cells measure dense=value(dense.get()) pruned=value(pruned.get()) together=true/> }
    };
    let course = move || {
        let (dense, pruned) = (dense.get()?, pruned.get()?);
        let method =
            stores.measures.found.with_untracked(|found| found.experiment.as_ref().map(|experiment| experiment.attribution.method))?;
        let signed = method.info().signed;
        Some(view! {
            <tr role="row" class="course"><td role="cell" colspan="4"><Course stores measure signed dense=dense.0 pruned=pruned.0/></td></tr>
        })
    };
    view! {
        <Row measure empty=Signal::derive(move || dense.with(Option::is_none) && pruned.with(Option::is_none))>{following(cells)}</Row>
        {following(course)}
    }
}
