//! Measures that need only a map and, where it is known, the object's place.

use crate::metrics::computation;
use crate::metrics::entry::{Compute, Values};
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;

/// Every measure that needs only a map and, where it is known, the object's place.
pub fn scores(map: &ChannelMap, mask: Option<&[bool]>) -> Vec<Score> {
    let values = Values::of(map);
    let value = |measure: Measure| -> Option<Result<f32>> {
        match computation(measure) {
            Ok(Compute::Place(compute)) => mask.map(|mask| compute(&values, mask)),
            Ok(Compute::Map(compute)) => Some(compute(&values)),
            Ok(Compute::Network(_)) => None,
            Err(missing) => Some(Err(missing)),
        }
    };
    Measure::all()
        .filter(|measure| !measure.needs_network())
        .filter_map(|measure| Some(Score { measure, value: value(measure)? }))
        .collect()
}
