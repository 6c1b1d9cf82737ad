//! Maximum sensitivity.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Maximum sensitivity.
    pub const MaxSensitivity: Self = Self {
        info: &MeasureInfo {
            id: "max_sensitivity",
            title: "Maximum sensitivity",
            says: "The largest relative change of the map under tiny changes of the image.",
            definition: "max over small changes of \u{2016}R(x\u{2032}) \u{2212} R(x)\u{2016} / \u{2016}R(x)\u{2016}.",
            source: "Yeh, Hsieh, Suggala, Inouye and Ravikumar, 2019",
            kind: Kind::Robustness,
            range: (0.0, None),
            better: Better::Lower,
            written: Written::Number,
            ..MeasureInfo::USUAL
        },
    };
}
