//! Relevance rank accuracy.

use crate::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo};

impl Measure {
    /// Relevance rank accuracy.
    pub const RelevanceRank: Self = Self {
        info: &MeasureInfo {
            id: "relevance_rank_accuracy",
            title: "Relevance rank accuracy",
            says: "Of the strongest pixels, as many as the object has, the share that lies on it; the paper's second measure.",
            definition: "|K strongest pixels \u{2229} M| / K, K the object\u{2019}s pixels; equal values rank by place.",
            source: "Arras, Osman and Samek, 2022",
            kind: Kind::Place,
            better: Better::Higher,
            even_map: Some(EvenMap::ShareOfObject),
            counts: true,
            ..MeasureInfo::USUAL
        },
    };
}
