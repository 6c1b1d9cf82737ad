//! A sweet spot: a sparsity that is better than dense by a measure.

use crate::sparsity::Sparsity;
use crate::sweep::sweep_measure::SweepMeasure;
use serde::Deserialize;
use serde::Serialize;

/// A sweet spot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The measure that is better.
    pub measure: SweepMeasure,
    /// The sparsity, as asked for.
    pub sparsity: Sparsity,
    /// The measure's mean difference from dense.
    pub difference: f64,
    /// Its probability by chance, after Holm's correction.
    pub adjusted: f64,
    /// What had to be kept: accuracy, or agreement with dense.
    pub kept: SweepMeasure,
    /// How far that dropped, as a share.
    pub drop: f64,
}
