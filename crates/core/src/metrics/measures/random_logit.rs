//! Random class.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Random class.
    pub const RandomLogit: Self = Self {
        info: &MeasureInfo {
            id: "random_logit",
            title: "Random class",
            says: "How alike the maps of this class and of a random other one are (rank correlation).",
            definition: "Spearman\u{2019}s correlation of |R| for the class and for another one drawn at random.",
            source: "Sixt, Granz and Landgraf, 2020",
            kind: Kind::Randomisation,
            range: (-1.0, Some(1.0)),
            better: Better::Lower,
            written: Written::Number,
            across: "other class",
            ..MeasureInfo::USUAL
        },
    };
}
