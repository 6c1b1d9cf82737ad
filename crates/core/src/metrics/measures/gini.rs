//! Gini sparseness.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Gini sparseness.
    pub const Gini: Self = Self {
        info: &MeasureInfo {
            id: "gini",
            title: "Gini sparseness",
            says: "How unevenly the map's mass is spread: 0 is the same everywhere, 1 a single pixel.",
            definition: "\u{3a3}(2i \u{2212} n \u{2212} 1) a\u{1d62} / (n \u{3a3}a) over the sorted absolute values a.",
            source: "Chalasani, Chen, Chowdhury, Wu and Jha, 2020",
            kind: Kind::Complexity,
            better: Better::Neither,
            written: Written::Number,
            ..MeasureInfo::USUAL
        },
    };
}
