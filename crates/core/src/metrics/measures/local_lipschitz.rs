//! Local Lipschitz estimate.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Local Lipschitz estimate.
    pub const LocalLipschitz: Self = Self {
        info: &MeasureInfo {
            id: "local_lipschitz",
            title: "Local Lipschitz estimate",
            says: "The largest change of the map per change of the image, close to it.",
            definition: "max over small changes of \u{2016}R(x\u{2032}) \u{2212} R(x)\u{2016} / \u{2016}x\u{2032} \u{2212} x\u{2016}.",
            source: "Alvarez-Melis and Jaakkola, 2018",
            kind: Kind::Robustness,
            range: (0.0, None),
            better: Better::Lower,
            written: Written::Number,
            ..MeasureInfo::USUAL
        },
    };
}
