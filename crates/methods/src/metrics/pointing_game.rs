//! The pointing game (Zhang et al., 2018): whether the strongest pixel lies on the object.

use crate::metrics::entry::{Compute, Entry};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::PointingGame, compute: Compute::Place(|map, mask| pointing_game(&map.pooled, mask)) };

/// The measure's name in results and error messages.
pub const ID: &str = "pointing_game";

/// 1 if any of the pixels that share the map's largest value lies on the object, else 0; for a map that is not negative and its object's mask,
/// row by row. Higher is better; an even map always hits. The original forgives 15 pixels; this, like Quantus, forgives none. An object
/// without pixels has no value here, where Quantus counts a hit.
pub fn pointing_game(map: &[f32], mask: &[bool]) -> Result<f32> {
    crate::metrics::checks::check(ID, map, mask)?;
    let largest = map.iter().copied().fold(0.0, f32::max);
    let hit = map.iter().zip(mask).any(|(value, &inside)| inside && *value == largest);
    Ok(f32::from(u8::from(hit)))
}
