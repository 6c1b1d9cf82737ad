//! The choice of a network, with its card.

use leptos::prelude::*;

use super::group::Group;
use super::own_weights::OwnWeights;
use crate::address::Commit;
use crate::assets::{Accuracy, Card, Checkpoint};
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, Raw};
use crate::widgets::markup::{Html, options, table, terms};
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
        let names: Vec<(String, String)> = match networks[..] {
            [] => vec![(model.get(), model.get())],
            _ => networks.iter().map(|card| (card.id.clone(), name(card))).collect(),
        };
        options(names.iter().map(|(id, name)| (id.as_str(), name.as_str())))
    });
    let card = Signal::derive(move || stores.catalogue.card().as_ref().map(about).unwrap_or_default());
    view! {
        <Group title=stores.texts.words("part.network") chosen=name>
            <Choice id="network" label="Network" hidden=true options=list value=model choose/>
            <Raw class="cards" id="card" html=card/>
            <OwnWeights stores/>
        </Group>
    }
}

/// What is known of a network.
fn about(card: &Card) -> Html {
    let Accuracy { images, top1, top5, on } = &card.accuracy;
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
    let count = |number: Option<usize>| number.map(text::count).unwrap_or_default();
    let facts = terms(vec![
        ("Year", Html::text(if here { "" } else { &card.year })),
        ("Weights that can be pruned", Html::text(&count(card.prunable))),
        ("Download", Html::text(&if card.download > 0 { text::bytes(card.download) } else { String::new() })),
        ("Accuracy", Html::text(&accuracy)),
        ("Source", Html::text(&card.source)),
        ("Licence", Html::text(&card.licence)),
    ]);
    let mut says = Html::default();
    if here {
        let tag = [("class", "tag"), ("data-testid", "trained-here")];
        says = Html::tag("span", &tag, Html::text("small, trained for this page")).and(" ");
    }
    says = says.and(&card.says);
    if here && *images > 0 {
        says = says.and(&format!(" {} right on {} test scenes.", right(*top1, *images), text::count(*images)));
    }
    let fold = Html::around("summary", "About this network").with(Html::tag("dl", &[], facts));
    let mut html = Html::tag("p", &[("class", "note")], says).with(Html::tag("details", &[("class", "card")], fold));
    if !card.checkpoints.is_empty() {
        html = html.with(checkpoints(card));
    }
    html
}

/// The stored networks, with how right each is.
fn checkpoints(card: &Card) -> Html {
    let row = |one: &Checkpoint| {
        let title = Criterion::from_id(&one.method).map_or(one.method.clone(), |criterion| criterion.info().title.into());
        let right = one.accuracy.as_ref().map(|share| text::score(share.right as f64 / share.of.max(1) as f64));
        vec![
            Html::text(&title),
            Html::text(&one.seed.to_string()),
            Html::text(&text::percent((one.sparsity * 1e4).round() / 1e4)),
            Html::text(&right.unwrap_or_default()),
            one.log.as_ref().map(|log| Html::link(&format!("models/{log}"), "log")).unwrap_or_default(),
        ]
    };
    let rows = card.checkpoints.iter().map(row).collect();
    let same = card.checkpoints.iter().any(Checkpoint::compares);
    let head = if same { "Same" } else { "Right" };
    let table = table("Stored networks", "checkpoints-table", &["Made by", "Seed", "Sparsity", head, "Log"], rows);
    let on = card.checkpoints.iter().find_map(|one| one.accuracy.as_ref());
    let on = on.map(|share| format!("{head}: share of {} {}", text::count(share.of), share.on)).unwrap_or_default();
    let on = if same { format!("{on}, that get the dense network\u{2019}s first class.") } else { format!("{on}.") };
    let summary = Html::around("summary", &format!("Its {} stored networks", card.checkpoints.len()));
    let note = Html::tag("p", &[("class", "note")], Html::text(&on));
    Html::tag("details", &[("class", "card"), ("data-testid", "checkpoints")], summary.with(note).with(table))
}
