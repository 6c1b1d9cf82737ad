//! Second order, layer by layer, with an update of the weights that stay.

use crate::pruning::criterion::{Criterion, CriterionInfo};

impl Criterion {
    /// Second order, layer by layer, with an update of the weights that stay.
    pub const SecondOrder: Self = Self {
        info: &CriterionInfo {
            id: "second-order",
            title: "Second order",
            says: "Layer by layer, the weights that the layer\u{2019}s answer misses least go, and those that stay make up for them.",
            definition: "score = w\u{b2} / [H\u{207b}\u{b9}]_jj, H = XX\u{1d40} of the layer\u{2019}s inputs X, damped; the error of each column goes to the columns after it",
            source: "Frantar and Alistarh, 2023 (SparseGPT); Hassibi et al., 1993",
            calibrated: true,
            updates: true,
            ..CriterionInfo::USUAL
        },
    };
}
