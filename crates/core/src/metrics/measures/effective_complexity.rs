//! Effective complexity.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// Effective complexity.
    pub const EffectiveComplexity: Self = Self {
        info: &MeasureInfo {
            id: "effective_complexity",
            title: "Effective complexity",
            says: "The share of pixels with a value worth speaking of, above 1/100,000 of the largest.",
            definition: "Share of pixels with |R| / max|R| > 10\u{207b}\u{2075}.",
            source: "Nguyen and Rodr\u{ed}guez Mart\u{ed}nez, 2020",
            kind: Kind::Complexity,
            better: Better::Neither,
            counts: true,
            ..MeasureInfo::USUAL
        },
    };
}
