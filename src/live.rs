//! What was computed, as lessons quote it; nothing before it was computed for what is shown.

use std::sync::Arc;

use leptos::prelude::*;

use crate::objects::best_overlap;
use crate::scores;
use crate::stores::Stores;
use crate::text;
use crate::widgets::table::link;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::lessons::{Block, Destination, Quantity, Span};

/// A quantity in words, if it is known for the present experiment. Follows the signals.
pub fn quantity(stores: Stores, quantity: Quantity) -> Option<String> {
    let (experiment, answers) = (stores.experiment.get(), stores.answers);
    match quantity {
        Quantity::First(side) => {
            let top = answers.present(answers.pane(side).predictions)?.top.first().cloned()?;
            Some(format!("{} {}", text::short(&top.label), text::score(f64::from(top.probability))))
        }
        Quantity::Class(side) => Some(text::short(&answers.present(answers.pane(side).predictions)?.top.first()?.label).to_string()),
        Quantity::Probability(side) => {
            Some(text::score(f64::from(answers.present(answers.pane(side).predictions)?.top.first()?.probability)))
        }
        Quantity::Explained(side) => Some(text::short(&answers.present(answers.pane(side).predictions)?.target.label).to_string()),
        Quantity::ExplainedProbability(side) => {
            Some(text::score(f64::from(answers.present(answers.pane(side).predictions)?.target.probability)))
        }
        Quantity::Overlap(side) => {
            let present = |answer: &Arc<Experiment>| answer.same_objects(&experiment);
            let found = stores.objects.found(side).with(|answer| answer.as_ref().filter(|answer| present(&answer.experiment)).cloned())?;
            let sight = stores.objects.sighting.with(|answer| answer.as_ref().filter(|answer| present(&answer.experiment)).cloned())?;
            Some(text::score(best_overlap(&found.value.found.boxes, &sight.value.boxes)?))
        }
        Quantity::Score(measure, side) => {
            let map = answers.present(answers.pane(side).scored)?;
            Some(scores::shown(measure, *map.score(measure)?.as_ref().ok()?))
        }
        Quantity::Even => Some(text::score(f64::from(answers.present(answers.dense.scored)?.place?.chance))),
        Quantity::Sparsity => Some(text::sparsity(experiment.pruning.sparsity)),
        Quantity::Left => {
            let weights = stores.catalogue.card()?.prunable;
            Some(text::count(weights - ((experiment.pruning.sparsity.get() * weights as f64).round() as usize).min(weights)))
        }
        Quantity::Weights => Some(text::count(stores.catalogue.card()?.prunable)),
        Quantity::Right => {
            let share = stores.catalogue.card()?.checkpoint(&experiment.pruning)?.accuracy.clone()?;
            Some(format!(
                "{} ({} / {})",
                text::score(share.right as f64 / share.of.max(1) as f64),
                text::count(share.right),
                text::count(share.of)
            ))
        }
    }
}

/// Paragraphs and lists, with what they quote.
pub fn blocks(stores: Stores, blocks: &[Block]) -> AnyView {
    blocks.iter().map(|one| block(stores, one)).collect_view().into_any()
}

fn block(stores: Stores, block: &Block) -> AnyView {
    match block {
        Block::Paragraph(words) => view! { <p>{spans(stores, words)}</p> }.into_any(),
        Block::List { numbered, items } => {
            let items = items.iter().map(|item| view! { <li>{spans(stores, item)}</li> }).collect_view();
            if *numbered { view! { <ol>{items}</ol> }.into_any() } else { view! { <ul>{items}</ul> }.into_any() }
        }
    }
}

/// Words within a paragraph.
pub fn spans(stores: Stores, spans: &[Span]) -> AnyView {
    let span = |span: &Span| match span.clone() {
        Span::Text(words) => words.into_any(),
        Span::Emphasis(words) => view! { <em>{words}</em> }.into_any(),
        Span::Strong(words) => view! { <strong>{words}</strong> }.into_any(),
        Span::Code(words) => view! { <code>{words}</code> }.into_any(),
        Span::Link { words, to: Destination::Address(address) } => link(address, words),
        Span::Link { words, to: Destination::Lesson(place) } => view! { <a href=format!("#lesson={place}")>{words}</a> }.into_any(),
        Span::Quantity(asked) => {
            let known = Memo::new(move |_| quantity(stores, asked));
            let words = move || match known.get() {
                Some(words) => view! { <strong class="live">{words}</strong> }.into_any(),
                None => view! { <span class="live waiting-for">"\u{2026}"</span> }.into_any(),
            };
            words.into_any()
        }
    };
    spans.iter().map(span).collect_view().into_any()
}
