//! Chance.

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// Chance.
    pub const Random: Self = Self {
        info: &CriterionInfo {
            id: "random",
            title: "Random",
            says: "Weights go by chance: what every other criterion has to beat.",
            definition: "score drawn evenly from 0 to 1, by the seed",
            source: "a baseline of the field",
            draws: true,
            ..CriterionInfo::USUAL
        },
    };
}
