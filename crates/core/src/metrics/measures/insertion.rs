//! Insertion.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// Insertion.
    pub const Insertion: Self = Self {
        info: &MeasureInfo {
            id: "insertion",
            title: "Insertion",
            says: "The mean probability of the class while the strongest pixels are put into a blurred picture first.",
            definition: "Area under the class probability while pixels return into the blurred picture, strongest first, in 224 steps.",
            source: "Petsiuk, Das and Saenko, 2018",
            kind: Kind::Faithfulness,
            better: Better::Higher,
            across: "share of the pixels",
            ..MeasureInfo::USUAL
        },
    };
}
