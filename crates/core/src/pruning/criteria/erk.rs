//! ERK.

use crate::pruning::criterion::{Criterion, CriterionInfo, OWN_SHARES};

impl Criterion {
    /// ERK.
    pub const Erk: Self = Self {
        info: &CriterionInfo {
            id: "erk",
            title: "ERK",
            says: "Small layers keep more, large ones less, by the sum of their sides; magnitude inside a layer.",
            definition: "density \u{221d} (sum of the weight tensor\u{2019}s sides) / (its number of weights), at most 1",
            source: "Mocanu et al., 2018; Evci et al., 2020",
            scopes: OWN_SHARES,
            ..CriterionInfo::USUAL
        },
    };
}
