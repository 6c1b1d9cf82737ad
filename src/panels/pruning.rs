//! How weights are chosen: the criterion with what it says, and what else it asks for.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::group::Group;
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, Entry, entries};
use crate::widgets::following::following;
use crate::widgets::table::link;
use crate::widgets::why_not::{Absent, WhyNot};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::criterion::{CriterionInfo, Kind};

/// The choice of a criterion.
#[component]
pub fn PruningChoice(stores: Stores) -> impl IntoView {
    let criterion = Memo::new(move |_| stores.experiment.with(|experiment| experiment.pruning.criterion));
    let info = move || criterion.get().info();
    let absent = Memo::new(move |_| absent(stores));
    let choose = Callback::new(move |id: String| {
        if let Ok(criterion) = Criterion::from_id(&id) {
            session::change(stores, Commit::Done("criterion"), |experiment| experiment.pruning.choose(criterion));
        }
    });
    let list = Signal::derive(move || {
        let absent = absent.get();
        let group = |(kind, criteria): (Kind, Vec<Criterion>)| {
            let own: Vec<Entry> = criteria
                .into_iter()
                .flat_map(|one| match absent.iter().find(|(other, ..)| *other == one.id()) {
                    None => entries([(one.id(), one.info().title)]),
                    Some((id, title, reason)) => vec![Entry::off(*id, format!("{title} \u{2013} {reason}"))],
                })
                .collect();
            (!own.is_empty()).then_some(Entry::Group(kind.title(), own))
        };
        Criterion::groups().into_iter().filter_map(group).collect()
    });
    view! {
        <Group title=stores.texts.words("part.pruning") chosen=Signal::derive(move || info().title.to_string())>
            <Choice id="criterion" label="Criterion" options=list value=Signal::derive(move || criterion.get().id().into()) choose described="criterion-says"/>
            <p class="note" id="criterion-says" data-testid="criterion-says">{following(move || info().says)} " (" {following(move || info().source)} ")"</p>
            <p class="note formula">{following(move || info().definition)}</p>
            {following(move || asks(stores, info()))}
            <WhyNot kind="criterion" absent/>
        </Group>
    }
}

/// The criteria that cannot be had. Before the engine has read the network, those of which the card has no checkpoints. Follows the signals.
fn absent(stores: Stores) -> Vec<Absent> {
    let told = stores.answers.report().map(|model| model.absent_criteria.clone());
    let told = told.unwrap_or_else(|| {
        let card = stores.catalogue.card();
        let missing = |one: &Criterion| card.as_ref().is_none_or(|card| card.made_by(*one).next().is_none());
        let trained = Criterion::all().filter(|one| one.info().kind == Kind::Trained);
        trained.filter(missing).map(|one| (one, "this network has no such weights".into())).collect()
    });
    told.into_iter().map(|(one, reason)| (one.id(), one.info().title, reason)).collect()
}

/// The seed, where it matters, and whether batch normalisation is estimated anew, where there is any.
fn asks(stores: Stores, info: &'static CriterionInfo) -> AnyView {
    let pruning = Memo::new(move |_| stores.experiment.with(|experiment| experiment.pruning));
    let reseed = move |seed: u64| session::change(stores, Commit::Done("pruning-seed"), |experiment| experiment.pruning.seed = seed);
    if info.kind == Kind::Trained {
        let seeds = move || stores.catalogue.card().map(|card| card.seeds(pruning.get().criterion)).unwrap_or_default();
        let names = Signal::derive(move || {
            let names = seeds().into_iter().map(|seed| seed.to_string());
            entries(names.map(|name| (name.clone(), name)))
        });
        let value = Signal::derive(move || pruning.get().seed.to_string());
        let choose = Callback::new(move |seed: String| drop(seed.parse().map(reseed)));
        return view! {
            <div hidden=move || seeds().len() < 2>
                <Choice id="pruning-seed" label="Seed of its training" options=names value choose/>
            </div>
        }
        .into_any();
    }
    let typed = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let wished = input.value_as_number();
        if wished.is_finite() {
            reseed(wished.round().clamp(0.0, f64::from(u32::MAX)) as u64);
        }
        input.set_value(&pruning.get_untracked().seed.to_string());
    };
    let normalised = move || stores.answers.report().is_some_and(|model| model.normalised);
    let again = move |event| {
        let wished = event_target_checked(&event);
        session::change(stores, Commit::Done("re-estimate"), |experiment| experiment.pruning.re_estimate = wished);
    };
    view! {
        {info.draws.then(|| view! {
            <label class="field">
                <span>"Seed"</span>
                <input type="number" min="0" step="1" data-testid="pruning-seed" prop:value=move || pruning.get().seed.to_string() on:change=typed/>
            </label>
        })}
        {following(move || normalised().then(|| view! {
            <label class="check">
                <input type="checkbox" data-testid="re-estimate" prop:checked=move || pruning.get().re_estimate on:change=again/>
                <span>"Estimate batch normalisation anew"</span>
            </label>
        }))}
    }
    .into_any()
}

/// Whether pruning by the experiment's criterion takes too long to follow a moving control. Follows the signals.
pub fn is_slow(stores: Stores) -> bool {
    let pruning = stores.experiment.with(|experiment| experiment.pruning);
    pruning.criterion.is_slow() || pruning.re_estimate
}

/// How right the loaded checkpoint is, with the log of its training; nothing for other criteria. Follows the signals.
pub fn checkpoint_line(stores: Stores) -> Option<AnyView> {
    let pruning = stores.experiment.with(|experiment| experiment.pruning);
    let card = stores.catalogue.card();
    let checkpoint = card.as_ref().and_then(|card| card.checkpoint(&pruning))?;
    let right = checkpoint.accuracy.as_ref().map_or("not measured".into(), |share| {
        let of = format!("{} of {} {}", text::count(share.right), text::count(share.of), share.on);
        match checkpoint.compares() {
            true => format!("the dense network\u{2019}s first class on {of}"),
            false => format!("{} right: {of}", text::score(share.right as f64 / share.of.max(1) as f64)),
        }
    });
    let log = checkpoint.log.as_ref().map(|log| link(format!("models/{log}"), "Log of its training"));
    Some(view! { <p class="note" data-testid="checkpoint">{format!("This stored network: {right}. ")} {log}</p> }.into_any())
}
