//! Parameter randomisation.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Parameter randomisation.
    pub const ParameterRandomisation: Self = Self {
        info: &MeasureInfo {
            id: "parameter_randomisation",
            title: "Parameter randomisation",
            says: "How alike the map stays (rank correlation) while layer after layer, from the top, forgets its weights.",
            definition: "Mean over stages of Spearman\u{2019}s correlation of |R| before and after the layers from the top down to the stage are drawn anew.",
            source: "Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, 2018",
            kind: Kind::Randomisation,
            range: (-1.0, Some(1.0)),
            better: Better::Lower,
            written: Written::Number,
            across: "layers that have forgotten, from the last on",
            ..MeasureInfo::USUAL
        },
    };
}
