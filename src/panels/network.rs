//! The choice of a network, with its card.

use leptos::prelude::*;

use super::group::Group;
use super::own_weights::OwnWeights;
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::table::{link, said, table, terms};
use sweetspot_core::card::{Accuracy, Card, Checkpoint};
use sweetspot_core::pruning::Criterion;

/// The network.
#[component]
pub fn NetworkChoice(stores: Stores) -> impl IntoView {
    let model = Signal::derive(move || stores.experiment.with(|experiment| experiment.model.clone()));
    let name = Signal::derive(move || stores.catalogue.card().map_or_else(|| model.get(), |card| card.name()));
    let choose = Callback::new(move |id: String| session::change(stores, Commit::Done("network"), |experiment| experiment.model = id));
    let list = Signal::derive(move || {
        let networks = stores.catalogue.networks.get();
        let name = |card: &Card| if card.is_own() { format!("{}, until this page is reloaded", card.name()) } else { card.name() };
        match networks[..] {
            [] => entries([(model.get(), model.get())]),
            _ => entries(networks.iter().map(|card| (card.id.clone(), name(card)))),
        }
    });
    let card = move || stores.catalogue.card().as_ref().map(about);
    view! {
        <Group title=stores.texts.words("part.network") chosen=name>
            <Choice id="network" label="Network" hidden=true options=list value=model choose/>
            <div class="cards" data-testid="card">{following(card)}</div>
            <OwnWeights stores/>
        </Group>
    }
}

/// What is known of a network.
fn about(card: &Card) -> AnyView {
    let Accuracy { images, top1, top5, on, .. } = &card.accuracy;
    let right = |right: usize, of: usize| text::score(right as f64 / of.max(1) as f64);
    let on = if on.is_empty() { String::new() } else { format!(" ({on})") };
    let accuracy = match images {
        0 => String::new(),
        _ => {
            let [top1, top5, images] = [top1, top5, images].map(|number| text::count(*number));
            format!("first choice right on {top1} of {images} images, one of the first five on {top5}{on}")
        }
    };
    let here = card.is_trained_here();
    let facts = terms(vec![
        ("Year", (card.year > 0 && !here).then(|| card.year.to_string().into_any())),
        ("Weights that can be pruned", (card.prunable > 0).then(|| text::count(card.prunable).into_any())),
        ("Download", (card.weights.bytes > 0).then(|| text::bytes(card.weights.bytes as u64).into_any())),
        ("Accuracy", said(accuracy)),
        ("Source", said(&card.source)),
        ("Licence", said(&card.licence)),
    ]);
    let tag = here.then(|| view! { <span class="tag" data-testid="trained-here">"small, trained for this page"</span> " " });
    let measured = (here && *images > 0).then(|| format!(" {} right on {} test scenes.", right(*top1, *images), text::count(*images)));
    let stored = (!card.checkpoints.is_empty()).then(|| checkpoints(card));
    view! {
        <p class="note">{tag} {card.says.clone()} {measured}</p>
        <details class="card">
            <summary>"About this network"</summary>
            <dl>{facts}</dl>
        </details>
        {stored}
    }
    .into_any()
}

/// The stored networks, with how right each is.
fn checkpoints(card: &Card) -> AnyView {
    let row = |one: &Checkpoint| {
        let title = Criterion::from_id(&one.method).map_or(one.method.clone(), |criterion| criterion.info().title.into());
        let right = one.accuracy.as_ref().map(|share| text::score(share.right as f64 / share.of.max(1) as f64));
        vec![
            title.into_any(),
            one.seed.to_string().into_any(),
            text::sparsity(one.sparsity).into_any(),
            right.into_any(),
            one.log.as_ref().map(|log| link(format!("models/{log}"), "log")).into_any(),
        ]
    };
    let rows = card.checkpoints.iter().map(row).collect();
    let same = card.checkpoints.iter().any(Checkpoint::compares);
    let head = if same { "Same" } else { "Right" };
    let table = table("Stored networks", "checkpoints-table", &["Made by", "Seed", "Sparsity", head, "Log"], rows);
    let on = card.checkpoints.iter().find_map(|one| one.accuracy.as_ref());
    let on = on.map(|share| format!("{head}: share of {} {}", text::count(share.of), share.on)).unwrap_or_default();
    let on = if same { format!("{on}, that get the dense network\u{2019}s first class.") } else { format!("{on}.") };
    view! {
        <details class="card" data-testid="checkpoints">
            <summary>{format!("Its {} stored networks", card.checkpoints.len())}</summary>
            <p class="note">{on}</p>
            {table}
        </details>
    }
    .into_any()
}
