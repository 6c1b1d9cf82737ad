//! Whether the pruned network still answers as the dense one does, over many pictures.

use leptos::prelude::*;

use crate::scores::wilson;
use crate::session;
use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::terms;
use sweetspot_protocol::{AgreementReport, Stage};

/// The panel.
#[component]
pub fn Agreement(stores: Stores) -> impl IntoView {
    let scenes = Signal::derive(move || stores.catalogue.card().is_some_and(|card| card.pack.is_some()));
    let classified = Signal::derive(move || stores.catalogue.card().is_none_or(|card| card.classes != 0));
    let ready = move || stores.answers.finished.get() > 0 && stores.answers.finished.get() >= stores.answers.latest.get();
    let label = move || match (stores.agreement.waiting.get(), scenes.get()) {
        (true, _) => "Cancel",
        (false, true) => "Compare on all scenes",
        (false, false) => "Compare on the whole gallery",
    };
    let press = move |_| if stores.agreement.waiting.get_untracked() { session::cancel(stores) } else { session::agree(stores) };
    let going = move || stores.engine.progress.get().filter(|progress| progress.stage == Stage::Agreeing && progress.total > 0);
    let stale = move || {
        let present = stores.experiment.get();
        stores.agreement.found.with(|answer| answer.as_ref().is_some_and(|answer| !answer.experiment.same_weights(&present)))
    };
    let found = move || stores.agreement.found.get().map(|answer| results(stores, &answer));
    view! {
        <section class="panel agreement" aria-labelledby="agreement-title" data-testid="agreement" hidden=move || !classified.get()>
            <div class="panel-head">
                <h2 id="agreement-title">"Does it still answer alike?"</h2>
                <button type="button" class="plain" data-testid="agree" disabled=move || !stores.agreement.waiting.get() && !ready() on:click=press>{following(label)}</button>
            </div>
            <div class="measuring" hidden=move || !stores.agreement.waiting.get()>
                <progress aria-hidden="true" max=move || going().map_or(1, |progress| progress.total).to_string()
                    value=move || going().map_or(0, |progress| progress.done).to_string()></progress>
                <span role="status" data-testid="agreeing">{following(move || stores.agreement.waiting.get().then(|| match going() {
                    Some(progress) => format!("{} of {} pictures", progress.done, progress.total),
                    None => "waiting".into(),
                }))}</span>
            </div>
            <div class:stale=stale>{following(found)}</div>
            <p class="note" role="status" hidden=move || !stale()>"These numbers are of the settings before."</p>
        </section>
    }
}

/// The numbers, and what they rest on.
fn results(stores: Stores, answer: &Stamped<AgreementReport>) -> AnyView {
    let found = &answer.value;
    let experiment = &answer.experiment;
    let part = |right: usize, of: usize| {
        let (low, high) = wilson(right, of);
        let [low, high] = [low, high].map(|end| format!("{:.0}", end * 100.0));
        let share = text::score(right as f64 / of.max(1) as f64);
        format!("{share} ({} of {}; 95\u{a0}% interval {low} to {high}\u{a0}%)", text::count(right), text::count(of))
    };
    let network = untrack(|| stores.catalogue.card_of(&experiment.model)).map_or_else(|| experiment.model.clone(), |card| card.name());
    let rests = format!(
        "{network}, {} at {}, on {} {} of {}.",
        experiment.pruning.criterion.info().title,
        text::sparsity(experiment.pruning.sparsity),
        if found.complete { "all" } else { "the first" },
        text::count(found.pictures),
        found.on,
    );
    let right = |right: usize| (found.labelled > 0).then(|| part(right, found.labelled).into_any());
    let same = view! { <span data-testid="same-class">{part(found.same, found.pictures)}</span> };
    let divergence = view! {
        {text::value(f64::from(found.divergence))}
        <small>" nats: mean Kullback\u{2013}Leibler divergence from the dense network\u{2019}s probabilities"</small>
    };
    let numbers = terms(vec![
        ("Same first class", Some(same.into_any())),
        ("Divergence", Some(divergence.into_any())),
        ("Dense right", right(found.dense_right)),
        ("Pruned right", right(found.pruned_right)),
    ]);
    view! {
        <dl data-testid="agreement-numbers">{numbers}</dl>
        <p class="note" data-testid="agreement-rests">
            {rests} " Intervals are Wilson\u{2019}s; they take the pictures for a sample, which these were not drawn as."
        </p>
    }
    .into_any()
}
