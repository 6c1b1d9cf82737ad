//! Gini sparseness (Chalasani et al., 2020): how unevenly a map's mass is spread.

use crate::metrics::checks::complexity;
use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Gini, compute: Compute::Map(|map| gini(&map.reduced)) };

/// The measure's name in results and error messages.
pub const ID: &str = "gini";

/// What is added to every value, as a share of the largest. Quantus adds it to maps scaled to a largest value of 1, against a division by zero;
/// it is kept so that the numbers can be compared. Scaled with the map, it leaves the measure the same whatever the map's unit is.
const FLOOR: f64 = 1e-7;

/// `sum_i (2 i - n - 1) a_i / (n sum_i a_i)` of the sorted absolute values `a` of a map of one value a pixel, `i` from 1. Between 0 (the same
/// everywhere) and `(n - 1) / n` (a single pixel); neither is better.
pub fn gini(map: &[f32]) -> Result<f32> {
    let (mut sizes, largest) = complexity(ID, map)?;
    sizes.sort_unstable_by(f64::total_cmp);
    let n = sizes.len() as f64;
    let (mut weighted, mut sum) = (0.0, 0.0);
    for (i, size) in sizes.into_iter().enumerate() {
        let size = size / largest + FLOOR;
        weighted += (2.0 * (i + 1) as f64 - n - 1.0) * size;
        sum += size;
    }
    Ok((weighted / (n * sum)) as f32)
}
