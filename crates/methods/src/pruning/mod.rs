//! Pruning: criteria, exact masks, what is left and what it costs. A criterion a
//! file, with a line in the list below; the file of the same name in `crates/core/src/pruning/criteria/` describes it.

pub mod agreement;
pub mod allocation;
pub mod calibration;
pub mod cost;
pub mod dense;
pub mod entry;
pub mod erk;
pub mod file;
pub mod filters;
pub(crate) mod gradients;
pub(crate) mod gram;
pub mod grasp;
pub mod groups;
pub mod lamp;
pub mod magnitude;
pub mod mask;
pub mod n_m;
pub mod of_weights;
pub mod prune;
pub(crate) mod random;
pub mod re_estimate;
pub mod second_order;
pub mod shares;
pub mod snip;
pub mod structured;
pub mod subject;
pub mod synflow;
pub mod taylor;
pub mod trained;
pub mod uniform_plus;
pub mod wanda;

use crate::registry::Computations;
use entry::Compute;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::criterion::CriterionInfo;

/// What computes each criterion.
static CRITERIA: Computations<CriterionInfo, Compute> = Computations::new(&[
    magnitude::ENTRY,
    random::ENTRY,
    lamp::ENTRY,
    erk::ENTRY,
    uniform_plus::ENTRY,
    snip::ENTRY,
    grasp::ENTRY,
    synflow::ENTRY,
    wanda::ENTRY,
    taylor::ENTRY,
    second_order::ENTRY,
    n_m::TWO_OF_FOUR,
    n_m::FOUR_OF_EIGHT,
    n_m::ONE_OF_FOUR,
    structured::FILTER_L1,
    structured::FILTER_L2,
    structured::FILTER_MEDIAN,
    structured::FILTER_SCALE,
    trained::LRR,
    trained::SNIP_TRAINED,
    trained::UNTRAINED,
    trained::DISTILLED,
]);

/// What computes a criterion.
///
/// # Errors
///
/// That nothing does.
pub(crate) fn computation(criterion: Criterion) -> Result<Compute> {
    CRITERIA.of(criterion)
}

/// Registers a criterion for the rest of the program, with what computes it: link, command line and menus know it from now on.
///
/// # Errors
///
/// An id that is taken or is none, see [`Registered::register`](sweetspot_core::registry::Registered::register); no scope; a computation that is none
/// for criteria of this kind.
pub fn register(info: &'static CriterionInfo, compute: Compute) -> Result<Criterion> {
    if info.scopes.is_empty() {
        return Err(Error::bad_value(&format!("the number of scopes of '{}'", info.id), 0, "at least 1"));
    }
    if !compute.suits(info.kind) {
        let expected = "loaded where weights were trained beforehand, and only there";
        return Err(Error::bad_value(&format!("how '{}' is computed", info.id), format!("{compute:?}"), expected));
    }
    CRITERIA.register(info, compute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_is_computed_once() {
        crate::registry::check(&CRITERIA);
        for criterion in Criterion::all() {
            let compute = computation(criterion).unwrap();
            assert!(compute.suits(criterion.info().kind), "{}", criterion.id());
            let asks_pictures = matches!(compute, Compute::Scores { .. }) || criterion == Criterion::SecondOrder;
            assert_eq!(asks_pictures, criterion.info().calibrated, "{}", criterion.id());
        }
    }
}
