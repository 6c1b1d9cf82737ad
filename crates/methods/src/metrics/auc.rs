//! The area under the receiver operating characteristic (Fawcett, 2006) of the map as a detector of the object's pixels.

use crate::metrics::checks::undefined;
use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::rank::{descending, ties};

pub(crate) const ENTRY: Entry = Entry { of: Measure::Auc, compute: Compute::Place(|map, mask| auc(&map.pooled, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "auc";

/// The probability that a pixel of the object has a larger value than one beside it, equal values counted half; for a map that is not negative
/// and its object's mask, row by row. Between 0 and 1; higher is better; 0.5 is chance. Undefined where the object fills the picture.
pub fn auc(map: &[f32], mask: &[bool]) -> Result<f32> {
    let size = crate::metrics::checks::check(ID, map, mask)?;
    // In 64 bits: pairs are more than 32-bit machines, such as a browser's, can count.
    let (size, beside) = (size as u64, (map.len() - size) as u64);
    if beside == 0 {
        return Err(undefined(ID, "the object fills the whole picture, so that no pixel lies beside it"));
    }
    let order = descending(map);
    // Pairs of a pixel of the object and one beside it, twice each so that a tie is a whole number.
    let (mut won, mut stronger) = (0_u64, 0_u64);
    for equal in ties(&order, map) {
        let inside = equal.iter().filter(|&&pixel| mask[pixel]).count() as u64;
        let outside = equal.len() as u64 - inside;
        won += outside * (2 * stronger + inside);
        stronger += inside;
    }
    Ok((won as f64 / (2 * size * beside) as f64) as f32)
}
