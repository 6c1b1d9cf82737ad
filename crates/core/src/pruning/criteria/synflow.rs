//! SynFlow.

use crate::pruning::criterion::{Criterion, CriterionInfo, Needs};
use crate::pruning::scope::Scope;

impl Criterion {
    /// SynFlow.
    pub const SynFlow: Self = Self {
        info: &CriterionInfo {
            id: "synflow",
            title: "SynFlow",
            says: "Weights on thin paths go first, in 100 rounds; looks at no picture and empties no layer.",
            definition: "score = |w| \u{b7} \u{2202}R/\u{2202}|w|, R the summed answer of the network of |w| to ones; densities fall as \u{3c1}^(round/100)",
            source: "Tanaka et al., 2020",
            scopes: &[Scope::Global],
            needs: Needs::Rectifiers,
            rounds: true,
            ..CriterionInfo::USUAL
        },
    };
}
