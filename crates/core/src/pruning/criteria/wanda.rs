//! Wanda.

use crate::pruning::criterion::{Criterion, CriterionInfo, OWN_SHARES};

impl Criterion {
    /// Wanda.
    pub const Wanda: Self = Self {
        info: &CriterionInfo {
            id: "wanda",
            title: "Wanda",
            says: "A weight counts as much as what usually comes in through it; every output loses the same share.",
            definition: "score = |w_ij| \u{b7} \u{2016}x_j\u{2016}\u{2082}, compared within each output i",
            source: "Sun et al., 2023",
            scopes: OWN_SHARES,
            calibrated: true,
            ..CriterionInfo::USUAL
        },
    };
}
