//! SNIP.

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// SNIP.
    pub const Snip: Self = Self {
        info: &CriterionInfo {
            id: "snip",
            title: "SNIP",
            says: "Weights whose loss would hardly change the loss go first, judged once for all calibration pictures together.",
            definition: "score = |w \u{b7} \u{2202}L/\u{2202}w|, L the mean cross-entropy of the network\u{2019}s own first classes",
            source: "Lee et al., 2019",
            calibrated: true,
            ..CriterionInfo::USUAL
        },
    };
}
