//! The comparison itself: what both networks see and say, and their maps.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{Explain, Explained, MapReport};

impl Shown for Explain {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: Explained) -> Then {
        let answers = stores.answers;
        match finding {
            Explained::View(view) => {
                let same = answers.view.with_untracked(|old| old.as_ref().is_some_and(|old| old.value.rgb == view.rgb));
                if !same {
                    answers.forget_maps();
                }
                stamp.put(answers.view, view);
            }
            Explained::Model(model) => {
                if answers.model.with_untracked(|old| old.as_ref().is_none_or(|old| old.value.id != model.id)) {
                    stores.engine.pace.set(None);
                }
                stamp.put(answers.model, model);
            }
            Explained::Sparsity(sparsity) => stamp.put(answers.sparsity, sparsity),
            Explained::Predictions(predictions) => stamp.put(answers.pane(predictions.side).predictions, predictions),
            Explained::Map(map) => {
                let pane = answers.pane(map.side);
                let whole = map.complete;
                let values = stamp.experiment.attribution.method.drawn(map.values);
                stamp.put(pane.map, MapReport { values, ..map });
                if whole {
                    pane.scored.set(pane.map.get_untracked());
                }
            }
        }
        Then::Nothing
    }
}
