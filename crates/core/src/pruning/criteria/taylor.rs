//! First-order Taylor.

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// First-order Taylor.
    pub const Taylor: Self = Self {
        info: &CriterionInfo {
            id: "taylor",
            title: "Taylor",
            says: "Weights whose loss would hardly change the loss on any one calibration picture go first.",
            definition: "score = mean over pictures n of |w \u{b7} \u{2202}L_n/\u{2202}w|, L_n the cross-entropy of the network\u{2019}s own first class",
            source: "Molchanov et al., 2017",
            calibrated: true,
            ..CriterionInfo::USUAL
        },
    };
}
