//! The choice of a network, with its card.

use leptos::prelude::*;

use super::group::Group;
use crate::ui::address::Commit;
use crate::ui::assets::{Accuracy, Card, words};
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
        let mut options: Vec<(String, String)> =
            lab.networks.with(|cards| cards.iter().map(|card| (card.id.clone(), card.name())).collect());
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
    let facts = [
        ("Year", card.year.as_ref().map(words)),
        ("Weights that can be pruned", card.prunable.map(text::count)),
        ("Download", card.weights.as_ref().filter(|weights| weights.bytes > 0).map(|weights| text::bytes(weights.bytes))),
        ("Accuracy", accuracy),
        ("Source", card.source.as_ref().map(words)),
        ("Licence", card.licence.as_ref().map(words)),
    ];
    let fact = |(name, value): (&'static str, Option<String>)| {
        value.filter(|value| !value.is_empty()).map(|value| view! { <dt>{name}</dt><dd>{value}</dd> })
    };
    view! {
        {(!card.says.is_empty()).then(|| view! { <p class="note">{card.says.clone()}</p> })}
        <details class="card">
            <summary>"About this network"</summary>
            <dl>
                {facts.map(fact).collect_view()}
            </dl>
        </details>
    }
}
