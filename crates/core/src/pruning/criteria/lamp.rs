//! LAMP.

use crate::pruning::criterion::{Criterion, CriterionInfo};
use crate::pruning::scope::Scope;

impl Criterion {
    /// LAMP.
    pub const Lamp: Self = Self {
        info: &CriterionInfo {
            id: "lamp",
            title: "LAMP",
            says: "Magnitude measured against the larger weights of the same layer, so that all layers can be compared.",
            definition: "score = w\u{b2} / \u{3a3} v\u{b2} over the weights v of the layer that are not smaller",
            source: "Lee et al., 2021",
            scopes: &[Scope::Global],
            ..CriterionInfo::USUAL
        },
    };
}
