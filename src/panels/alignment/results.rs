//! Both networks beside people, and networks of many sparsities, when asked for.

use leptos::prelude::*;

use super::tables::{along, by_condition, confusion, facts, matrix, references};
use crate::alignment;
use crate::download;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{lines, note};
use sweetspot_core::alignment::observers::Observer;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::Trial;
use sweetspot_core::card::IMAGENET;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_protocol::{Aligned, Stage};

/// The part of the panel.
#[component]
pub fn Results(stores: Stores) -> impl IntoView {
    let people = stores.people;
    let ready = move || {
        stores.answers.finished.get() > 0
            && stores.answers.finished.get() >= stores.answers.latest.get()
            && people.aligning.with(Option::is_none)
    };
    let somebody = Memo::new(move |_| people.pack.with(Option::is_some) || !people.observers().is_empty());
    let imagenet = move || stores.catalogue.card().is_none_or(|card| card.classes == IMAGENET);
    let off = move || !ready() || !somebody.get() || !imagenet();
    let going = move || people.aligning.with(Option::is_some);
    let counted =
        move || stores.engine.progress.get().filter(|progress| going() && progress.stage == Stage::Recognising && progress.total > 0);
    let compare = move |_| session::compare(stores, Vec::new());
    let course = move |_| session::compare(stores, untrack(|| grid(stores)));
    let free = move || stores.experiment.with(|experiment| experiment.pruning.criterion.info().fixed.is_none());
    let stale = move || {
        let present = stores.experiment.get();
        people.aligned.with(|found| found.as_ref().is_some_and(|found| !found.experiment.same_weights(&present)))
    };
    let found = move || people.aligned.get().map(|found| results(stores, &found.value, &found.experiment));
    let known = move || references(people.aligned.with(|f| f.as_ref().and_then(|f| f.value.data_set.clone())).as_deref());
    let export = move |_| {
        if let Some(found) = people.aligned.get_untracked() {
            let model = &found.experiment.model;
            let all: Vec<Trial> = found.value.networks.iter().flat_map(|one| as_trials(model, one)).collect();
            download::offer_text(stores.messages, "networks.csv", "text/csv", &trials::write(&all));
        }
    };
    view! {
        <section class="experiment" aria-labelledby="compare-title" data-testid="comparison">
            <div class="panel-head">
                <h3 id="compare-title">"Networks beside people"</h3>
                <div class="ways">
                    <button type="button" class="plain" data-testid="compare" disabled=off on:click=compare>"Let both networks answer"</button>
                    <button type="button" class="plain" data-testid="compare-along" disabled=move || off() || !free() on:click=course>"Along sparsity"</button>
                    <button type="button" class="plain" hidden=move || !going() on:click=move |_| session::cancel(stores)>"Cancel"</button>
                    <button type="button" class="plain" data-testid="export-networks" hidden=move || people.aligned.with(Option::is_none) on:click=export>
                        "Their answers as CSV"</button>
                </div>
            </div>
            <p class="note" hidden=imagenet>"This network does not know ImageNet\u{2019}s classes, of which the categories are made; choose one that does."</p>
            <p class="note" hidden=move || somebody.get()>"Somebody has to answer first, or a pack with people be opened."</p>
            <div class="measuring" hidden=move || !going()>
                <progress aria-hidden="true" max=move || counted().map_or(1, |progress| progress.total).to_string()
                    value=move || counted().map_or(0, |progress| progress.done).to_string()></progress>
                <span role="status" data-testid="aligning">{following(move || going().then(|| match counted() {
                    Some(progress) => format!("{} of {} pictures", progress.done, progress.total),
                    None => "waiting".into(),
                }))}</span>
            </div>
            <div class:stale=stale data-testid="aligned">{following(found)}</div>
            <p class="note" role="status" hidden=move || !stale()>"These numbers are of the networks before."</p>
            <div>{following(move || curves(stores))}</div>
            <details class="inside">
                <summary>"Published facts"</summary>
                {following(known)}
            </details>
        </section>
    }
    .into_any()
}

/// The paper's grid of sparsities, or those of stored networks. Follows the signals.
fn grid(stores: Stores) -> Vec<Sparsity> {
    let experiment = stores.experiment.get();
    let criterion = experiment.pruning.criterion;
    if criterion.info().kind == Kind::Trained {
        return stores.catalogue.card().map(|card| card.stops(criterion, experiment.pruning.seed)).unwrap_or_default();
    }
    Sparsity::grid().map(|(_, sparsity)| sparsity).collect()
}

/// Everything that was found. Follows the signals.
fn results(stores: Stores, found: &Aligned, experiment: &sweetspot_core::experiment::Experiment) -> AnyView {
    let network = untrack(|| stores.catalogue.card_of(&experiment.model)).map_or_else(|| experiment.model.clone(), |card| card.name());
    let rests =
        format!("{network}; pruned: {} at {}.", experiment.pruning.criterion.info().title, text::sparsity(experiment.pruning.sparsity));
    let people = found.names.len() > 2;
    let people = people.then(|| confusion("people", "confusion-people", &found.people));
    view! {
        {note(rests)}
        {facts(found)}
        {by_condition(found)}
        <h4>"Error consistency of each with each (\u{3ba}, mean over conditions)"</h4>
        {matrix(found)}
        <details class="inside">
            <summary>"What is taken for what"</summary>
            {confusion("the dense network", "confusion-dense", &found.dense.confusion)}
            {confusion("the pruned network", "confusion-pruned", &found.pruned.confusion)}
            {people}
        </details>
        <ul class="note">{lines(found.report.lines())}</ul>
    }
    .into_any()
}

/// The charts along sparsity, as far as they are. Follows the signals.
fn curves(stores: Stores) -> Option<AnyView> {
    let course = stores.people.course.get()?;
    let people = stores.people.aligned.with(|found| {
        let of = |found: &Aligned| (found.dense.human_accuracy.map(|share| share.value), found.dense.ceiling.map(|ceiling| ceiling.value));
        found.as_ref().filter(|found| found.experiment.model == course.experiment.model).map_or((None, None), |found| of(&found.value))
    });
    let drawings = [("align-right", false), ("align-kappa", true)].map(|(id, kappas)| alignment::along(&course.points, id, kappas, people));
    let network =
        untrack(|| stores.catalogue.card_of(&course.experiment.model)).map_or_else(|| course.experiment.model.clone(), |card| card.name());
    let says = format!(
        "{network}, {}: {} sparsities so far, on the pictures that people answered. Bands are 95\u{a0}% intervals.",
        course.experiment.pruning.criterion.info().title,
        course.points.len()
    );
    let curves = view! {
        {note(says)}
        <div class="align-curves" data-testid="align-curves" inner_html=drawings.concat()></div>
        {along(&course.points)}
    };
    Some(curves.into_any())
}

/// What a network answered, as trials of its own.
fn as_trials(model: &str, network: &Observer) -> Vec<Trial> {
    let subject = format!("{model} {}", network.name);
    let trial = |(at, (condition, image, answer)): (usize, (&str, &str, sweetspot_core::alignment::observers::Answer))| Trial {
        subject: subject.clone(),
        session: "1".into(),
        trial: Some(at as u32 + 1),
        seconds: None,
        response: answer.response,
        category: answer.category,
        condition: condition.into(),
        image: image.into(),
    };
    network.all().enumerate().map(trial).collect()
}
