//! The choice of a network, with its card.

use leptos::prelude::*;

use super::group::Group;
use super::own_weights::OwnWeights;
use crate::pruning::Criterion;
use crate::ui::address::Commit;
use crate::ui::assets::{Accuracy, Card, Checkpoint};
use crate::ui::state::Lab;
use crate::ui::text;

/// The network.
#[component]
pub fn NetworkChoice(lab: Lab) -> impl IntoView {
    let model = Memo::new(move |_| lab.experiment.with(|experiment| experiment.model.clone()));
    let name = Signal::derive(move || lab.card().map_or_else(|| model.get(), |card| card.name()));
    let choose = move |event| {
        let id = event_target_value(&event);
        lab.change(Commit::Done("network"), |experiment| experiment.model = id);
    };
    let options = move || {
        let mut options: Vec<(String, String)> = lab.networks.with(|cards| {
            let name = |card: &Card| if card.is_own() { format!("{}, until this page is reloaded", card.name()) } else { card.name() };
            cards.iter().map(|card| (card.id.clone(), name(card))).collect()
        });
        if options.is_empty() {
            options.push((model.get(), model.get()));
        }
        options
    };
    let card = Memo::new(move |_| lab.card());
    view! {
        <Group title="Network" chosen=name>
            <label class="field">
                <span class="hidden">"Network"</span>
                <select data-testid="network" prop:value=move || { let _ = options(); model.get() } on:change=choose>
                    {move || options().into_iter().map(|(id, name)| {
                        let chosen = id == model.get();
                        view! { <option value=id selected=chosen>{name}</option> }
                    }).collect_view()}
                </select>
            </label>
            {move || card.get().map(|card| view! { <CardText card/> })}
            <OwnWeights lab/>
        </Group>
    }
}

#[component]
fn CardText(card: Card) -> impl IntoView {
    let accuracy = (card.accuracy.images > 0).then(|| {
        let Accuracy { images, top1, top5, on } = card.accuracy.clone();
        let on = if on.is_empty() { on } else { format!(" ({on})") };
        format!("first choice right on {top1} of {images} images, one of the first five on {top5}{on}")
    });
    let here = card.is_trained_here();
    let facts = [
        ("Year", (!here).then(|| card.year.clone())),
        ("Weights that can be pruned", card.prunable.map(text::count)),
        ("Download", (card.download > 0).then(|| text::bytes(card.download))),
        ("Accuracy", accuracy),
        ("Source", Some(card.source.clone())),
        ("Licence", Some(card.licence.clone())),
    ];
    let fact = |(name, value): (&'static str, Option<String>)| {
        value.filter(|value| !value.is_empty()).map(|value| view! { <dt>{name}</dt><dd>{value}</dd> })
    };
    let right = (here && card.accuracy.images > 0).then(|| {
        let Accuracy { images, top1, .. } = card.accuracy;
        format!(" {} right on {} test scenes.", text::score(top1 as f64 / images as f64), text::count(images))
    });
    view! {
        <p class="note">
            {here.then(|| view! { <span class="tag" data-testid="trained-here">"small, trained for this page"</span> " " })}
            {card.says.clone()} {right}
        </p>
        <details class="card">
            <summary>"About this network"</summary>
            <dl>
                {facts.map(fact).collect_view()}
            </dl>
        </details>
        {(!card.checkpoints.is_empty()).then(|| checkpoints(&card))}
    }
}

/// The stored networks, with how right each is.
fn checkpoints(card: &Card) -> AnyView {
    let row = |one: &Checkpoint| {
        let title = Criterion::from_id(&one.method).map_or(one.method.clone(), |criterion| criterion.info().title.into());
        let right = one.accuracy.as_ref().map(|share| text::score(share.right as f64 / share.of.max(1) as f64));
        let log = one.log.as_ref().map(|log| view! { <a href=format!("models/{log}") target="_blank" rel="noopener">"log"</a> });
        view! {
            <tr>
                <td>{title}</td>
                <td class="number">{one.seed.to_string()}</td>
                <td class="number">{text::percent((one.sparsity * 1e4).round() / 1e4)}</td>
                <td class="number">{right}</td>
                <td>{log}</td>
            </tr>
        }
    };
    let on = card.checkpoints.iter().find_map(|one| one.accuracy.clone());
    view! {
        <details class="card" data-testid="checkpoints">
            <summary>{format!("Its {} stored networks", card.checkpoints.len())}</summary>
            {on.map(|share| view! { <p class="note">{format!("Right: share of {} {}.", text::count(share.of), share.on)}</p> })}
            <div class="table-scroll" tabindex="0" role="region" aria-label="Stored networks">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Made by"</th><th scope="col">"Seed"</th><th scope="col">"Sparsity"</th><th scope="col">"Right"</th>
                            <th scope="col"><span class="hidden">"Log"</span></th>
                        </tr>
                    </thead>
                    <tbody>{card.checkpoints.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
