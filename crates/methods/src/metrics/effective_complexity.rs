//! Effective complexity (Nguyen and Rodríguez Martínez, 2020): how many pixels have a value worth speaking of.

use crate::metrics::checks::complexity;
use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::EffectiveComplexity, compute: Compute::Map(|map| effective_complexity(&map.reduced)) };

/// The measure's name in results and error messages.
pub const ID: &str = "effective_complexity";

/// From which share of the largest absolute value on a value counts (Quantus' default, there on maps scaled to a largest value of 1).
const WORTH: f64 = 1e-5;

/// The share of pixels with `|a| / max |a| > 1e-5`, of a map of one value a pixel. Above 0, at most 1; neither is better. Quantus gives the
/// number of pixels; a share can be compared across input sizes.
pub fn effective_complexity(map: &[f32]) -> Result<f32> {
    let (sizes, largest) = complexity(ID, map)?;
    let counted = sizes.iter().filter(|size| **size / largest > WORTH).count();
    Ok((counted as f64 / sizes.len() as f64) as f32)
}
