//! What stays where each layer keeps a share of its own, by magnitude within it.

use super::allocation::counts;
use super::dense::{Dense, Keep};
use super::magnitude;
use super::mask::keep_all_but;

/// What stays of each layer when these shares do and, in all, a sparsity of the weights goes.
pub fn by_magnitude(dense: &Dense<'_>, densities: &[f64], sparsity: f64) -> Keep {
    let counts = counts(densities, &dense.sizes(), sparsity);
    dense.weights.iter().zip(counts).flat_map(|(layer, count)| keep_all_but(&[magnitude::scores(layer)], count)).collect()
}
