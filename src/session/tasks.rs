//! What the reader asks for beside a run: layer features, statistics of the weights, measures, and a comparison of answers.
//!
//! Layers are looked at while the reader wants to see them, again for every network and picture, and weights for every network. Measures
//! and comparisons are asked for one by one; a change of the experiment drops those that wait.

use leptos::prelude::*;

use super::runs::flush;
use crate::stores::Stores;
use sweetspot_core::metrics::Measure;

/// Shows what layers compute, or stops to. Asking again repeats a look that was stopped.
pub fn show_layer_features(stores: Stores, open: bool) {
    stores.layers.wanted.set(open);
    if open {
        let refused = stores.session.with_value(|session| session.layers_shown.clone());
        let there = refused.is_some_and(|experiment| stores.layers.views.with_untracked(|layers| layers.is_of(&experiment)));
        if !there {
            stores.session.update_value(|session| session.layers_shown = None);
        }
        flush(stores);
    }
}

/// Looks into both networks' weights, or stops to. Asking again repeats a look that was stopped.
pub fn examine(stores: Stores, open: bool) {
    stores.weights.wanted.set(open);
    if open {
        let there = stores.weights.found.with_untracked(|answer| answer.as_ref().map(|answer| answer.experiment.clone()));
        stores.session.update_value(|session| session.examined = there);
        flush(stores);
    }
}

/// Compares both networks' answers over many pictures.
pub fn agree(stores: Stores) {
    stores.agreement.waiting.set(true);
    stores.session.update_value(|session| session.agree = true);
    flush(stores);
}

/// Measures the maps that are on the screen; measures that are known or waited for already are not asked for again.
pub fn measure(stores: Stores, measures: impl IntoIterator<Item = Measure>) {
    let new = stores.measures.want(stores.experiment.get_untracked(), measures);
    stores.session.update_value(|session| session.measures.extend(new));
    flush(stores);
}
