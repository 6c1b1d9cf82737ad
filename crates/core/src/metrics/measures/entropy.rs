//! Entropy.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Entropy.
    pub const Entropy: Self = Self {
        info: &MeasureInfo {
            id: "entropy",
            title: "Entropy",
            says: "How many pixels share the map's mass, on a logarithmic scale (nats).",
            definition: "\u{2212}\u{3a3} p ln p with p = |R| / \u{3a3}|R|.",
            source: "Bhatt, Weller and Moura, 2020",
            kind: Kind::Complexity,
            range: (0.0, None),
            better: Better::Neither,
            written: Written::Number,
            ..MeasureInfo::USUAL
        },
    };
}
