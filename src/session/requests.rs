//! What the reader asks for beside a run: layer features, statistics of the weights, measures, and a comparison of answers.
//!
//! Layers are looked at while the reader wants to see them, again for every network and picture, and weights for every network. Measures
//! and comparisons are asked for one by one; a change of the experiment drops those that wait.

use leptos::prelude::*;

use super::runs::flush;
use super::waiting::want_measures;
use crate::stores::Stores;
use sweetspot_core::metrics::Measure;
use sweetspot_protocol::CompareAnswers;

/// Shows what layers compute, or stops to. Asking again repeats a look that was stopped.
pub fn show_layer_features(stores: Stores, open: bool) {
    stores.layers.wanted.set(open);
    if open {
        let refused = stores.session.with_value(|session| session.done.get("ShowFeatures").cloned());
        let there = refused.is_some_and(|experiment| stores.layers.views.with_untracked(|layers| layers.is_of(&experiment)));
        if !there {
            stores.session.update_value(|session| session.set_done("ShowFeatures", None));
        }
        flush(stores);
    }
}

/// Looks into both networks' weights, or stops to. Asking again repeats a look that was stopped.
pub fn examine(stores: Stores, open: bool) {
    stores.weights.wanted.set(open);
    if open {
        let there = stores.weights.found.with_untracked(|answer| answer.as_ref().map(|answer| answer.experiment.clone()));
        stores.session.update_value(|session| session.set_done("ExamineWeights", there));
        flush(stores);
    }
}

/// Compares both networks' answers over many pictures.
pub fn agree(stores: Stores) {
    stores.agreement.waiting.set(true);
    let experiment = stores.experiment.get_untracked();
    stores.session.update_value(|session| session.wait_for(CompareAnswers { experiment }.into()));
    flush(stores);
}

/// Measures the maps that are on the screen; measures that are known or waited for already are not asked for again.
pub fn measure(stores: Stores, measures: impl IntoIterator<Item = Measure>) {
    let experiment = stores.experiment.get_untracked();
    let new = stores.measures.want(experiment.clone(), measures);
    want_measures(stores, &experiment, new, false);
    flush(stores);
}
