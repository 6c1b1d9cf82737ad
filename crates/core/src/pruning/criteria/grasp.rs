//! GraSP.

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// GraSP.
    pub const Grasp: Self = Self {
        info: &CriterionInfo {
            id: "grasp",
            title: "GraSP",
            says: "Weights whose loss helps, or hardly hurts, the flow of gradients go first.",
            definition: "score = w \u{b7} (Hg), g and H gradient and Hessian of the mean cross-entropy at temperature 200; signed",
            source: "Wang et al., 2020",
            calibrated: true,
            ..CriterionInfo::USUAL
        },
    };
}
