//! Sufficiency.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// Sufficiency.
    pub const Sufficiency: Self = Self {
        info: &MeasureInfo {
            id: "sufficiency",
            title: "Sufficiency",
            says: "Among noisy copies whose maps look alike, the share that gets the same class.",
            definition: "Share of noisy copies with a similar map that are given the image\u{2019}s class.",
            source: "Dasgupta, Frost and Moshkovitz, 2022",
            kind: Kind::Faithfulness,
            better: Better::Higher,
            ..MeasureInfo::USUAL
        },
    };
}
