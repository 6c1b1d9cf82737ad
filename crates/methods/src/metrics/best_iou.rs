//! Overlap at the best threshold (intersection over union, as Everingham et al., 2010, measure detections): how well the map's strongest part
//! can cover exactly the object.

use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::rank::{descending, ties};

pub(crate) const ENTRY: Entry = Entry { of: Measure::BestIou, compute: Compute::Place(|map, mask| best_iou(&map.pooled, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "best_iou";

/// The maximum over thresholds `t`, every distinct value of the map, of `IoU(R >= t, M)`, for a map that is not negative and its object's mask,
/// row by row. Between 0 and 1; higher is better. At least the object's share of the pixels, which the lowest threshold gives.
pub fn best_iou(map: &[f32], mask: &[bool]) -> Result<f32> {
    let size = crate::metrics::checks::check(ID, map, mask)?;
    let order = descending(map);
    let (mut above, mut hits, mut best) = (0, 0, 0.0_f64);
    for equal in ties(&order, map) {
        above += equal.len();
        hits += equal.iter().filter(|&&pixel| mask[pixel]).count();
        best = best.max(hits as f64 / (above + size - hits) as f64);
    }
    Ok(best as f32)
}
