//! Uniform+.

use crate::pruning::criterion::{Criterion, CriterionInfo, OWN_SHARES};

impl Criterion {
    /// Uniform+.
    pub const UniformPlus: Self = Self {
        info: &CriterionInfo {
            id: "uniform-plus",
            title: "Uniform+",
            says: "Every layer loses the same share, but the first stays whole and the last keeps a fifth; magnitude inside a layer.",
            definition: "first layer\u{2019}s density 1, last layer\u{2019}s at least 0.2, all others the same",
            source: "Gale et al., 2019",
            scopes: OWN_SHARES,
            ..CriterionInfo::USUAL
        },
    };
}
