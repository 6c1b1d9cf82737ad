//! What a job is at, while it goes.

use serde::{Deserialize, Serialize};

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Fetching weights; counted in bytes.
    Weights,
    /// The first pass on a device, which prepares it.
    Preparing,
    /// Ranking and zeroing weights; counted in passes or rounds of the criterion.
    Pruning,
    /// Passing the image through the networks.
    Predicting,
    /// Computing the dense network's map; counted in gradient steps.
    DenseMap,
    /// Computing the pruned network's map; counted in gradient steps.
    PrunedMap,
    /// Measuring the dense network's map; counted in passes.
    DenseMeasure,
    /// Measuring the pruned network's map; counted in passes.
    PrunedMeasure,
    /// Looking at layers.
    Looking,
    /// Timing.
    Timing,
    /// Looking at weights.
    Examining,
    /// Comparing both networks' answers over many pictures.
    Agreeing,
    /// Looking for the object on a picture; counted in networks.
    Discovering,
    /// Looking for it along a strip; counted in places.
    Following,
    /// Looking for objects on many pictures.
    Locating,
    /// Running a sweep; counted in pictures.
    Sweeping,
    /// Answering the pictures of the recognition experiment.
    Recognising,
}
