//! Masks of criteria that look at nothing but the weights.

use super::computation;
use super::dense::Dense;
use super::entry::Compute;
use super::mask::Mask;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::weights::Weights;

impl Mask {
    /// The mask of a criterion that looks at nothing but the weights. The others need [`super::prune::prune`].
    ///
    /// # Errors
    ///
    /// A pruning that is none, a criterion that looks at more, and one that nothing computes.
    pub fn new(architecture: &Architecture, weights: &Weights, pruning: &Pruning) -> Result<Self> {
        pruning.check()?;
        let layers = architecture.layers_of(weights);
        let dense = Dense::of(&layers, weights);
        let keep = match computation(pruning.criterion)? {
            // Nothing is pruned by any criterion then.
            _ if pruning.sparsity.is_zero() => dense.whole(),
            Compute::Weights(keep) => keep(&dense, pruning)?,
            Compute::Scores { .. } | Compute::Network(_) | Compute::Loaded => {
                let reason = "it looks at more than the weights, which is not at hand here".into();
                return Err(Error::Missing { what: format!("what the criterion '{}' looks at", pruning.criterion.id()), reason });
            }
        };
        Ok(Self::of(&layers, keep))
    }
}
