//! Layers of weights in words.

use leptos::prelude::*;

use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use sweetspot_protocol::{LayerSparsity, SparsityReport};

/// A part as a share of the whole.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// "features.0.weight: 102 of 1,728 weights pruned (5.9 %)".
pub fn describe(layer: &LayerSparsity) -> String {
    let [pruned, total] = [layer.pruned, layer.total].map(text::count);
    format!("{}: {pruned} of {total} weights pruned ({})", layer.name, text::percent(share(layer.pruned, layer.total)))
}

/// "64 × 3 × 3 × 3".
pub fn size(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" \u{d7} ")
}

/// The names of the layers of the last pruning. Follows the signals.
pub fn names(stores: Stores) -> Vec<String> {
    let names = |answer: &Stamped<SparsityReport>| answer.value.layers.iter().map(|layer| layer.name.clone()).collect();
    stores.answers.sparsity.with(|answer| answer.as_ref().map(names)).unwrap_or_default()
}
