//! Relevance mass accuracy.

use crate::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo};

impl Measure {
    /// Relevance mass accuracy.
    pub const RelevanceMass: Self = Self {
        info: &MeasureInfo {
            id: "relevance_mass_accuracy",
            title: "Relevance mass accuracy",
            says: "The share of the map's mass that lies on the object; the paper's first measure.",
            definition: "\u{3a3}(R\u{b7}M) / \u{3a3}R, R the map (signed maps squared channel by channel and summed), M the object.",
            source: "Arras, Osman and Samek, 2022",
            kind: Kind::Place,
            better: Better::Higher,
            even_map: Some(EvenMap::ShareOfObject),
            ..MeasureInfo::USUAL
        },
    };
}
