//! Untrained network.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Untrained network.
    pub const Untrained: Self = Self {
        info: &MeasureInfo {
            id: "untrained",
            title: "Untrained network",
            says: "How alike the map is to those of the same network before training (rank correlation, mean over seeds); the paper's baseline.",
            definition: "Mean over seeds of Spearman\u{2019}s correlation of |R| with the map of the network before training.",
            source: "Cassano, Renzulli, Bragagnolo and Grangetto, 2025 (released code)",
            kind: Kind::Randomisation,
            range: (-1.0, Some(1.0)),
            better: Better::Lower,
            written: Written::Number,
            across: "seed",
            ..MeasureInfo::USUAL
        },
    };
}
