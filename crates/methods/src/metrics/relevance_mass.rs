//! Relevance mass accuracy (Arras, Osman and Samek, 2022; the paper's measure): which share of a map's mass lies on the object.

use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry =
    Entry { of: Measure::RelevanceMass, compute: Compute::Place(|map, mask| relevance_mass_accuracy(&map.pooled, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "relevance_mass_accuracy";

/// `sum(R * M) / sum(R)` for a map that is not negative and its object's mask, row by row. Between 0 and 1; higher is better; an even map
/// scores the object's share of the pixels.
pub fn relevance_mass_accuracy(map: &[f32], mask: &[bool]) -> Result<f32> {
    crate::metrics::checks::check(ID, map, mask)?;
    Ok(crate::metrics::checks::share_inside(map, mask))
}
