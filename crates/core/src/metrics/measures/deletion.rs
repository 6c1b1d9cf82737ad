//! Deletion.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// Deletion.
    pub const Deletion: Self = Self {
        info: &MeasureInfo {
            id: "deletion",
            title: "Deletion",
            says: "The mean probability of the class while the strongest pixels are taken away first.",
            definition: "Area under the class probability while pixels go to the mean colour, strongest first, in 224 steps.",
            source: "Petsiuk, Das and Saenko, 2018",
            kind: Kind::Faithfulness,
            better: Better::Lower,
            across: "share of the pixels",
            ..MeasureInfo::USUAL
        },
    };
}
