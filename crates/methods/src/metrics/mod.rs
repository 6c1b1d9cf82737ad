//! Measures of maps: place, complexity, faithfulness, robustness, randomisation. A measure a file,
//! with a line in the list below; the file of the same name in `crates/core/src/metrics/measures/` describes it.

pub mod auc;
pub mod best_iou;
pub mod checks;
pub(crate) mod deletion;
pub mod effective_complexity;
pub mod energy_pointing_game;
pub mod entropy;
pub mod entry;
pub mod evaluate;
pub mod gini;
pub mod imputation;
pub mod infidelity;
pub(crate) mod insertion;
pub mod local_lipschitz;
pub mod max_sensitivity;
pub mod of_map;
pub(crate) mod parameter_randomisation;
pub mod perturbation_curve;
pub mod pixel_flipping;
pub mod pointing_game;
pub mod random_logit;
pub mod redrawn;
pub mod relevance_mass;
pub mod relevance_rank;
pub mod road;
pub mod robustness;
pub mod sufficiency;
pub mod trial;
pub mod untrained;

use crate::registry::Computations;
use entry::Compute;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::metrics::{Measure, MeasureInfo};

/// What computes each measure.
static MEASURES: Computations<MeasureInfo, Compute> = Computations::new(&[
    relevance_mass::ENTRY,
    relevance_rank::ENTRY,
    pointing_game::ENTRY,
    energy_pointing_game::ENTRY,
    best_iou::ENTRY,
    auc::ENTRY,
    gini::ENTRY,
    entropy::ENTRY,
    effective_complexity::ENTRY,
    deletion::ENTRY,
    insertion::ENTRY,
    pixel_flipping::ENTRY,
    road::ENTRY,
    infidelity::ENTRY,
    sufficiency::ENTRY,
    max_sensitivity::ENTRY,
    local_lipschitz::ENTRY,
    parameter_randomisation::ENTRY,
    random_logit::ENTRY,
    untrained::ENTRY,
]);

/// What computes a measure.
///
/// # Errors
///
/// That nothing does.
pub(crate) fn computation(measure: Measure) -> Result<Compute> {
    MEASURES.of(measure)
}

/// Registers a measure for the rest of the program, with what computes it: tables, sweeps and command line know it from now on.
///
/// # Errors
///
/// An id that is taken or is none, see [`Registered::register`](sweetspot_core::registry::Registered::register); a computation that is none for
/// measures of this kind.
pub fn register(info: &'static MeasureInfo, compute: Compute) -> Result<Measure> {
    if !compute.suits(info.kind) {
        let expected = "from the object's place for Place, from the map alone for Complexity, with the network for all others";
        return Err(Error::bad_value(&format!("how '{}' is computed", info.id), format!("{compute:?}"), expected));
    }
    MEASURES.register(info, compute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_computed_once() {
        crate::registry::check(&MEASURES);
        for measure in Measure::all() {
            assert!(computation(measure).unwrap().suits(measure.info().kind), "{}", measure.id());
        }
    }
}
