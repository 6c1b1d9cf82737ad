//! What is to be pruned, and what comes out.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use burn::tensor::Tensor;

use super::calibration::Calibration;
use super::dense::PerWeight;
use super::groups::Groups;
use super::mask::Mask;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

/// What is to be pruned.
pub struct Subject<'a> {
    /// The architecture.
    pub architecture: &'static Architecture,
    /// The dense weights.
    pub weights: &'a Weights,
    /// The dense network, on the device that computes.
    pub network: &'a Network,
    /// Side of the network's input.
    pub side: usize,
    /// What calibrated criteria look at.
    pub calibration: Option<&'a Calibration>,
    /// What is known from prunings of the same weights before.
    pub known: &'a Known,
}

/// What depends on neither sparsity nor scope: scores of the last criterion that has such, and which channels go together.
#[derive(Default)]
pub struct Known {
    pub(super) scores: RefCell<Option<(Criterion, Rc<PerWeight>)>>,
    groups: OnceCell<Groups>,
}

/// A pruned network's weights.
pub struct Outcome {
    /// All weights, with the pruned ones zero, or without them where whole filters went.
    pub weights: Weights,
    /// Which are kept.
    pub mask: Mask,
    /// One sentence on what happened besides; empty if nothing did.
    pub note: String,
}

impl<'a> Subject<'a> {
    /// The calibration set for a criterion or whatever else asks for it, by its name; or why nothing goes without it.
    pub fn calibrated(&self, what: &str) -> Result<&'a Calibration> {
        let missing = || {
            let reason = "it looks at calibration pictures; give some, or choose another criterion".into();
            Error::Missing { what: format!("the calibration set of '{what}'"), reason }
        };
        self.calibration.filter(|set| !set.images.is_empty()).ok_or_else(missing)
    }

    /// Which channels go together, found once.
    pub fn groups(&self) -> &'a Groups {
        let picture = || Tensor::zeros([1, 3, self.side, self.side], self.network.device());
        self.known.groups.get_or_init(|| Groups::of(self.network, self.weights, picture()))
    }

    /// The dense weights with a mask.
    pub fn masked(&self, mask: Mask) -> Outcome {
        Outcome { weights: mask.apply(self.weights), mask, note: String::new() }
    }
}
