//! Relevance rank accuracy (Arras, Osman and Samek, 2022; the paper's measure): how many of the strongest pixels lie on the object.

use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::rank::descending;

pub(crate) const ENTRY: Entry =
    Entry { of: Measure::RelevanceRank, compute: Compute::Place(|map, mask| relevance_rank_accuracy(&map.pooled, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "relevance_rank_accuracy";

/// `|top-K of R in M| / K` with K the object's pixels; of equal values the one with the lower index ranks first. Between 0 and 1; higher is
/// better.
pub fn relevance_rank_accuracy(map: &[f32], mask: &[bool]) -> Result<f32> {
    let size = crate::metrics::checks::check(ID, map, mask)?;
    let hits = descending(map).into_iter().take(size).filter(|&pixel| mask[pixel]).count();
    Ok(hits as f32 / size as f32)
}
