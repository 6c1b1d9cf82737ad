//! Infidelity.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Infidelity.
    pub const Infidelity: Self = Self {
        info: &MeasureInfo {
            id: "infidelity",
            title: "Infidelity",
            says: "How badly the map predicts what a random change of the image does to the score (best scale, mean squared error).",
            definition: "min over \u{3b2} of E[(\u{3b2} I\u{b7}R \u{2212} (S(x) \u{2212} S(x \u{2212} I)))\u{b2}] over random changes I.",
            source: "Yeh, Hsieh, Suggala, Inouye and Ravikumar, 2019",
            kind: Kind::Faithfulness,
            range: (0.0, None),
            better: Better::Lower,
            written: Written::Number,
            ..MeasureInfo::USUAL
        },
    };
}
