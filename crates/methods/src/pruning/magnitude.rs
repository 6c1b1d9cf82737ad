//! Magnitude: a weight's score is its absolute value (Han et al., 2015; the criterion of the paper's training rounds).

use super::entry::{Compute, Entry};
use super::mask::select;
use sweetspot_core::pruning::Criterion;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Magnitude,
    compute: Compute::Weights(|dense, pruning| Ok(select(&dense.scored(|layer| scores(layer)), pruning))),
};

/// Scores of a layer's weights.
pub fn scores(weights: &[f32]) -> Vec<f64> {
    weights.iter().map(|w| f64::from(w.abs())).collect()
}
