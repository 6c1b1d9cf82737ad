//! What was computed, as lessons quote it; nothing before it was computed for what is shown.

use std::sync::Arc;

use leptos::prelude::*;

use crate::objects::best_overlap;
use crate::scores;
use crate::state::{Answer, Lab};
use crate::text;
use crate::widgets::markup::Html;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::lessons::{Block, Destination, Quantity, Span};

impl Lab {
    /// A quantity in words, if it is known for the present experiment. Follows the signals.
    pub fn quantity(self, quantity: Quantity) -> Option<String> {
        let experiment = self.experiment.get();
        match quantity {
            Quantity::First(side) => {
                let top = self.present_answer(self.pane(side).predictions)?.top.first().cloned()?;
                Some(format!("{} {}", text::short(&top.label), text::score(f64::from(top.probability))))
            }
            Quantity::Class(side) => Some(text::short(&self.present_answer(self.pane(side).predictions)?.top.first()?.label).to_string()),
            Quantity::Probability(side) => {
                Some(text::score(f64::from(self.present_answer(self.pane(side).predictions)?.top.first()?.probability)))
            }
            Quantity::Explained(side) => Some(text::short(&self.present_answer(self.pane(side).predictions)?.target.label).to_string()),
            Quantity::ExplainedProbability(side) => {
                Some(text::score(f64::from(self.present_answer(self.pane(side).predictions)?.target.probability)))
            }
            Quantity::Overlap(side) => {
                let present = |answer: &Arc<Experiment>| answer.same_objects(&experiment);
                let found =
                    self.pane(side).discovered.with(|answer| answer.as_ref().filter(|answer| present(&answer.experiment)).cloned())?;
                let sight = self.sighting.with(|answer| answer.as_ref().filter(|answer| present(&answer.experiment)).cloned())?;
                Some(text::score(best_overlap(&found.value.found.boxes, &sight.value.boxes)?))
            }
            Quantity::Score(measure, side) => {
                let map = self.present_answer(self.pane(side).scored)?;
                Some(scores::shown(measure, *map.score(measure)?.as_ref().ok()?))
            }
            Quantity::Even => Some(text::score(f64::from(self.present_answer(self.dense.scored)?.place?.chance))),
            Quantity::Sparsity => Some(text::percent((experiment.pruning.sparsity * 1e4).round() / 1e4)),
            Quantity::Left => {
                let weights = self.card()?.prunable?;
                Some(text::count(weights - ((experiment.pruning.sparsity * weights as f64).round() as usize).min(weights)))
            }
            Quantity::Weights => Some(text::count(self.card()?.prunable?)),
            Quantity::Right => {
                let share = self.card()?.checkpoint(&experiment.pruning)?.accuracy.clone()?;
                Some(format!(
                    "{} ({} / {})",
                    text::score(share.right as f64 / share.of.max(1) as f64),
                    text::count(share.right),
                    text::count(share.of)
                ))
            }
        }
    }

    /// An answer's value, if it is of what the present experiment asks for.
    fn present_answer<T: Send + Sync + 'static>(self, answer: Answer<T>) -> Option<Arc<T>> {
        answer.with(|answer| {
            let answer = answer.as_ref()?;
            self.experiment.with(|present| answer.experiment.same_maps(present)).then(|| answer.value.clone())
        })
    }

    /// Paragraphs and lists, with what they quote. Follows the signals.
    pub fn blocks(self, blocks: &[Block]) -> Html {
        Html::all(blocks.iter().map(|block| self.block(block)).collect())
    }

    fn block(self, block: &Block) -> Html {
        match block {
            Block::Paragraph(spans) => Html::tag("p", &[], self.spans(spans)),
            Block::List { numbered, items } => {
                let items = items.iter().map(|item| Html::tag("li", &[], self.spans(item))).collect();
                Html::tag(if *numbered { "ol" } else { "ul" }, &[], Html::all(items))
            }
        }
    }

    /// Words within a paragraph. Follows the signals.
    pub fn spans(self, spans: &[Span]) -> Html {
        let span = |span: &Span| match span {
            Span::Text(words) => Html::text(words),
            Span::Emphasis(words) => Html::around("em", words),
            Span::Strong(words) => Html::around("strong", words),
            Span::Code(words) => Html::around("code", words),
            Span::Link { words, to: Destination::Address(address) } => Html::link(address, words),
            Span::Link { words, to: Destination::Lesson(place) } => {
                Html::tag("a", &[("href", &format!("#lesson={place}"))], Html::text(words))
            }
            Span::Quantity(quantity) => match self.quantity(*quantity) {
                Some(words) => Html::tag("strong", &[("class", "live")], Html::text(&words)),
                None => Html::tag("span", &[("class", "live waiting-for")], Html::text("\u{2026}")),
            },
        };
        Html::all(spans.iter().map(span).collect())
    }
}
