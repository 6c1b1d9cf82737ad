//! How weights are chosen: the criterion with what it says, and what else it asks for.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::group::Group;
use crate::pruning::Criterion;
use crate::pruning::criterion::{CriterionInfo, Kind};
use crate::ui::address::Commit;
use crate::ui::state::Lab;
use crate::ui::text;
use crate::ui::widgets::why_not::{Absent, WhyNot};

/// The choice of a criterion.
#[component]
pub fn PruningChoice(lab: Lab) -> impl IntoView {
    let criterion = Memo::new(move |_| lab.experiment.with(|experiment| experiment.pruning.criterion));
    let info = move || criterion.get().info();
    let absent = Memo::new(move |_| absent(lab));
    let choose = move |event| {
        if let Ok(criterion) = Criterion::from_id(&event_target_value(&event)) {
            lab.change(Commit::Done("criterion"), |experiment| experiment.pruning.choose(criterion));
        }
    };
    let option = move |one: Criterion| {
        let (id, title) = (one.id(), one.info().title);
        let reason = absent.with(|absent| absent.iter().find(|(other, ..)| *other == id).map(|(.., reason)| reason.clone()));
        let name = reason.as_ref().map_or(title.into(), |reason| format!("{title} \u{2013} {reason}"));
        view! { <option value=id disabled=reason.is_some() selected=move || criterion.get() == one>{name}</option> }
    };
    let group = move |kind: Kind| {
        let own: Vec<Criterion> = Criterion::ALL.into_iter().filter(|one| one.info().kind == kind).collect();
        (!own.is_empty()).then(|| view! { <optgroup label=kind.title()>{own.into_iter().map(option).collect_view()}</optgroup> })
    };
    view! {
        <Group title="Pruning" chosen=Signal::derive(move || info().title.to_string())>
            <label class="field">
                <span>"Criterion"</span>
                <select data-testid="criterion" aria-describedby="criterion-says"
                    prop:value=move || { absent.track(); criterion.get().id() } on:change=choose>
                    {move || Kind::ALL.into_iter().map(group).collect_view()}
                </select>
            </label>
            <p class="note" id="criterion-says" data-testid="criterion-says">{move || info().says} " (" {move || info().source} ")"</p>
            <p class="note formula">{move || info().definition}</p>
            {move || asks(lab, info())}
            <WhyNot kind="criterion" absent/>
        </Group>
    }
}

/// The criteria that cannot be had. Before the engine has read the network, those of which the card has no checkpoints. Follows the signals.
fn absent(lab: Lab) -> Vec<Absent> {
    let told = lab.report().map(|model| model.absent_criteria.clone());
    let told = told.unwrap_or_else(|| {
        let card = lab.card();
        let missing = |one: &Criterion| card.as_ref().is_none_or(|card| card.made_by(*one).next().is_none());
        let trained = Criterion::ALL.into_iter().filter(|one| one.info().kind == Kind::Trained);
        trained.filter(missing).map(|one| (one, "this network has no such weights".into())).collect()
    });
    told.into_iter().map(|(one, reason)| (one.id(), one.info().title, reason)).collect()
}

/// The seed, where it matters, and whether batch normalisation is estimated anew, where there is any.
fn asks(lab: Lab, info: CriterionInfo) -> AnyView {
    let pruning = Memo::new(move |_| lab.experiment.with(|experiment| experiment.pruning));
    let reseed = move |seed: u64| lab.change(Commit::Done("pruning-seed"), |experiment| experiment.pruning.seed = seed);
    if info.kind == Kind::Trained {
        let seeds = Memo::new(move |_| lab.card().map(|card| card.seeds(pruning.get().criterion)).unwrap_or_default());
        let choose = move |event| drop(event_target_value(&event).parse().map(reseed));
        return (move || {
            (seeds.with(Vec::len) > 1).then(|| {
                let option = |seed: u64| view! { <option value=seed.to_string() selected=move || pruning.get().seed == seed>{seed.to_string()}</option> };
                view! {
                    <label class="field">
                        <span>"Seed of its training"</span>
                        <select data-testid="pruning-seed" prop:value=move || pruning.get().seed.to_string() on:change=choose>
                            {seeds.get().into_iter().map(option).collect_view()}
                        </select>
                    </label>
                }
            })
        })
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
    let normalised = move || lab.report().is_some_and(|model| model.normalised);
    let again = move |event| {
        let wished = event_target_checked(&event);
        lab.change(Commit::Done("re-estimate"), |experiment| experiment.pruning.re_estimate = wished);
    };
    view! {
        {info.draws.then(|| view! {
            <label class="field">
                <span>"Seed"</span>
                <input type="number" min="0" step="1" data-testid="pruning-seed" prop:value=move || pruning.get().seed.to_string() on:change=typed/>
            </label>
        })}
        {move || normalised().then(|| view! {
            <label class="check">
                <input type="checkbox" data-testid="re-estimate" prop:checked=move || pruning.get().re_estimate on:change=again/>
                <span>"Estimate batch normalisation anew"</span>
            </label>
        })}
    }
    .into_any()
}

/// Whether pruning by the experiment's criterion takes too long to follow a moving control. Follows the signals.
pub fn is_slow(lab: Lab) -> bool {
    let pruning = lab.experiment.with(|experiment| experiment.pruning);
    let info = pruning.criterion.info();
    info.calibrated || info.kind == Kind::Trained || pruning.criterion == Criterion::SynFlow || pruning.re_estimate
}

/// How right the loaded checkpoint is, with the log of its training; nothing for other criteria.
#[component]
pub fn CheckpointLine(lab: Lab) -> impl IntoView {
    let line = move || {
        let pruning = lab.experiment.with(|experiment| experiment.pruning);
        let card = lab.card()?;
        let checkpoint = card.checkpoint(&pruning)?.clone();
        let right = checkpoint.accuracy.map(|share| {
            let (right, of) = (text::count(share.right), text::count(share.of));
            format!("{} right: {right} of {of} {}", text::score(share.right as f64 / share.of.max(1) as f64), share.on)
        });
        Some(view! {
            <p class="note" data-testid="checkpoint">
                "This stored network: " {right.unwrap_or_else(|| "not measured".into())} ". "
                {checkpoint.log.map(|log| view! { <a href=format!("models/{log}") target="_blank" rel="noopener">"Log of its training"</a> })}
            </p>
        })
    };
    line
}
