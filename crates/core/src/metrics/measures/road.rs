//! ROAD.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// ROAD.
    pub const Road: Self = Self {
        info: &MeasureInfo {
            id: "road",
            title: "ROAD",
            says: "How far the probability falls when the strongest pixels are blended into their surroundings, so that no edge gives them away.",
            definition: "Mean over 10, 20, 30, 50, 70 and 90 % of P(x) \u{2212} P(x with that share of the strongest pixels replaced by noisy linear imputation).",
            source: "Rong, Leemann, Borisov, Kasneci and Kasneci, 2022",
            kind: Kind::Faithfulness,
            range: (-1.0, Some(1.0)),
            better: Better::Higher,
            across: "share of the pixels",
            ..MeasureInfo::USUAL
        },
    };
}
