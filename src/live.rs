//! What was computed, as lessons quote it; nothing before it was computed for what is shown.

use std::sync::Arc;

use leptos::prelude::*;

use crate::objects::best_overlap;
use crate::scores;
use crate::stores::Stores;
use crate::text;
use crate::widgets::markup::Html;
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
        Quantity::Sparsity => Some(text::percent((experiment.pruning.sparsity * 1e4).round() / 1e4)),
        Quantity::Left => {
            let weights = stores.catalogue.card()?.prunable?;
            Some(text::count(weights - ((experiment.pruning.sparsity * weights as f64).round() as usize).min(weights)))
        }
        Quantity::Weights => Some(text::count(stores.catalogue.card()?.prunable?)),
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

/// Paragraphs and lists, with what they quote. Follows the signals.
pub fn blocks(stores: Stores, blocks: &[Block]) -> Html {
    Html::all(blocks.iter().map(|one| block(stores, one)).collect())
}

fn block(stores: Stores, block: &Block) -> Html {
    match block {
        Block::Paragraph(words) => Html::tag("p", &[], spans(stores, words)),
        Block::List { numbered, items } => {
            let items = items.iter().map(|item| Html::tag("li", &[], spans(stores, item))).collect();
            Html::tag(if *numbered { "ol" } else { "ul" }, &[], Html::all(items))
        }
    }
}

/// Words within a paragraph. Follows the signals.
pub fn spans(stores: Stores, spans: &[Span]) -> Html {
    let span = |span: &Span| match span {
        Span::Text(words) => Html::text(words),
        Span::Emphasis(words) => Html::around("em", words),
        Span::Strong(words) => Html::around("strong", words),
        Span::Code(words) => Html::around("code", words),
        Span::Link { words, to: Destination::Address(address) } => Html::link(address, words),
        Span::Link { words, to: Destination::Lesson(place) } => Html::tag("a", &[("href", &format!("#lesson={place}"))], Html::text(words)),
        Span::Quantity(asked) => match quantity(stores, *asked) {
            Some(words) => Html::tag("strong", &[("class", "live")], Html::text(&words)),
            None => Html::tag("span", &[("class", "live waiting-for")], Html::text("\u{2026}")),
        },
    };
    Html::all(spans.iter().map(span).collect())
}
