//! The weight's absolute value (the paper's criterion).

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// The weight's absolute value (the paper's criterion).
    pub const Magnitude: Self = Self {
        info: &CriterionInfo {
            id: "magnitude",
            title: "Magnitude",
            says: "Weights close to zero go first; the criterion of the paper\u{2019}s training rounds.",
            definition: "score = |w|",
            source: "Han et al., 2015",
            ..CriterionInfo::USUAL
        },
    };
}
