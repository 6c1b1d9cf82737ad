//! On how many of many pictures each network's box is right (CorLoc), counted when asked for.

use leptos::prelude::*;

use crate::objects::{difference, tally};
use crate::session;
use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::table::terms;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{EvaluationSet, Located, Stage};

/// The part of the panel.
#[component]
pub fn HowOften(stores: Stores) -> impl IntoView {
    let wished = RwSignal::new(None::<EvaluationSet>);
    // A network of scenes knows scenes, one of ImageNet photos.
    let set = Memo::new(move |_| {
        let scenes = stores.catalogue.card().is_some_and(|card| card.pack.is_some());
        wished.get().unwrap_or(if scenes { EvaluationSet::Scenes } else { EvaluationSet::Photos })
    });
    let sets = Signal::stored(entries([
        (EvaluationSet::Photos.id(), "the gallery\u{2019}s photos (boxes by hand)"),
        (EvaluationSet::Cutouts.id(), "the gallery\u{2019}s composites (exact masks)"),
        (EvaluationSet::Scenes.id(), "the shipped scenes (exact masks)"),
    ]));
    let choose = Callback::new(move |id: String| wished.set(EvaluationSet::from_id(&id).ok()));
    let ready = move || stores.answers.finished.get() > 0 && stores.answers.finished.get() >= stores.answers.latest.get();
    let press = move |_| {
        if stores.objects.locating.get_untracked().is_some() {
            session::cancel(stores)
        } else {
            session::locate(stores, set.get_untracked())
        }
    };
    let going = move || stores.engine.progress.get().filter(|progress| progress.stage == Stage::Locating && progress.total > 0);
    let stale = move || {
        let present = stores.experiment.get();
        let old = |answer: &Stamped<Located>| !same(&answer.experiment, &present) || answer.value.set != set.get();
        stores.objects.located.with(|answer| answer.as_ref().is_some_and(old))
    };
    let found = move || stores.objects.located.get().map(|answer| results(stores, &answer));
    view! {
        <section class="agreement" aria-label="How often is it found?" data-testid="located">
            <div class="panel-head">
                <h3>"How often is it found?"</h3>
                <Choice id="album" label="On" inline=true options=sets value=Signal::derive(move || set.get().id().into()) choose/>
                <button type="button" class="plain" data-testid="locate" disabled=move || stores.objects.locating.get().is_none() && !ready() on:click=press>
                    {following(move || if stores.objects.locating.get().is_some() { "Cancel" } else { "Count on all of them" })}
                </button>
            </div>
            <div class="measuring" hidden=move || stores.objects.locating.get().is_none()>
                <progress aria-hidden="true" max=move || going().map_or(1, |progress| progress.total).to_string()
                    value=move || going().map_or(0, |progress| progress.done).to_string()></progress>
                <span role="status" data-testid="locating">{following(move || stores.objects.locating.get().map(|_| match going() {
                    Some(progress) => format!("{} of {} pictures", progress.done, progress.total),
                    None => "waiting".into(),
                }))}</span>
            </div>
            <div class:stale=stale>{following(found)}</div>
            <p class="note" role="status" hidden=move || !stale()>"These numbers are of the settings before."</p>
        </section>
    }
    .into_any()
}

/// Whether two experiments find the same objects on many pictures.
fn same(one: &Experiment, other: &Experiment) -> bool {
    one.same_weights(other) && one.discovery == other.discovery
}

/// The numbers, and what they rest on.
fn results(stores: Stores, answer: &Stamped<Located>) -> AnyView {
    let (found, experiment) = (&*answer.value, &answer.experiment);
    let id = |id: &'static str, words: String| Some(view! { <span data-testid=id>{words}</span> }.into_any());
    let numbers = terms(vec![
        ("Dense", id("located-dense", tally(&found.dense, found))),
        ("Pruned", id("located-pruned", tally(&found.pruned, found))),
        ("Difference", id("located-difference", difference(found))),
    ]);
    let network = untrack(|| stores.catalogue.card_of(&experiment.model)).map_or_else(|| experiment.model.clone(), |card| card.name());
    let without = match found.without {
        0 => String::new(),
        count => format!(" {count} show no object where the networks look and do not count."),
    };
    let rests = format!(
        "{network}, {} at {}, {}, on {} {} {}.{without} Intervals are by bootstrap over the pictures, which are few and hand-picked.",
        experiment.pruning.criterion.info().title,
        text::sparsity(experiment.pruning.sparsity),
        experiment.discovery.method.info().title,
        if found.complete { "all" } else { "the first" },
        text::count(found.pictures + found.without),
        found.set.title(),
    );
    view! {
        <dl data-testid="located-numbers">{numbers}</dl>
        <p class="note" data-testid="located-rests">{rests}</p>
    }
    .into_any()
}
