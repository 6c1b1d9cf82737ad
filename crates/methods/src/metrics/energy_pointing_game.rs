//! The energy-based pointing game (Wang et al., 2020, Score-CAM): which share of what speaks for the class lies on the object.

use crate::metrics::checks::{check_sizes, finite, share_inside, undefined};
use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry =
    Entry { of: Measure::EnergyPointingGame, compute: Compute::Place(|map, mask| energy_pointing_game(&map.reduced, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "energy_pointing_game";

/// `sum(max(R, 0) * M) / sum(max(R, 0))` for a map of one value a pixel and its object's mask, row by row. Between 0 and 1; higher is better;
/// an even map scores the object's share of the pixels. For a map that is not negative it equals relevance mass accuracy; of a signed one it
/// leaves out what speaks against the class, where the paper's pooling counts its square.
pub fn energy_pointing_game(map: &[f32], mask: &[bool]) -> Result<f32> {
    // Before negative values go: rectifying would turn NaN into zero.
    finite(ID, map)?;
    check_sizes(ID, map, mask)?;
    let rectified: Vec<f32> = map.iter().map(|v| v.max(0.0)).collect();
    if rectified.iter().all(|v| *v == 0.0) {
        return Err(undefined(ID, "nothing in the map speaks for the class"));
    }
    Ok(share_inside(&rectified, mask))
}
