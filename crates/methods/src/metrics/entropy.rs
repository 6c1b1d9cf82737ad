//! Entropy (Bhatt, Weller and Moura, 2020): over how many pixels a map's mass is spread, on a logarithmic scale.

use crate::metrics::checks::complexity;
use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Entropy, compute: Compute::Map(|map| entropy(&map.reduced)) };

/// The measure's name in results and error messages.
pub const ID: &str = "entropy";

/// `-sum_i p_i ln p_i` with `p_i = |a_i| / sum |a|`, of a map of one value a pixel. In nats, between 0 (a single pixel) and `ln n` (the same
/// everywhere); neither is better.
pub fn entropy(map: &[f32]) -> Result<f32> {
    let (sizes, _) = complexity(ID, map)?;
    let sum: f64 = sizes.iter().sum();
    let shares = sizes.into_iter().map(|size| size / sum).filter(|p| *p > 0.0);
    // Rounding can leave a hair below zero.
    Ok(shares.map(|p| -p * p.ln()).sum::<f64>().max(0.0) as f32)
}
