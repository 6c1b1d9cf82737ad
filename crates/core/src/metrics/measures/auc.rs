//! AUC.

use crate::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo};

impl Measure {
    /// AUC.
    pub const Auc: Self = Self {
        info: &MeasureInfo {
            id: "auc",
            title: "AUC",
            says: "The probability that a pixel of the object is stronger than one beside it.",
            definition: "Area under the curve of true against false positives over all thresholds of R; ties count half.",
            source: "Fawcett, 2006",
            kind: Kind::Place,
            better: Better::Higher,
            even_map: Some(EvenMap::Half),
            ..MeasureInfo::USUAL
        },
    };
}
