//! Pointing game.

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo, Written};

impl Measure {
    /// Pointing game.
    pub const PointingGame: Self = Self {
        info: &MeasureInfo {
            id: "pointing_game",
            title: "Pointing game",
            says: "Whether the strongest pixel lies on the object.",
            definition: "1 if a pixel with the largest value lies on M, else 0.",
            source: "Zhang, Bargal, Lin, Brandt, Shen and Sclaroff, 2018",
            kind: Kind::Place,
            better: Better::Higher,
            written: Written::Hit,
            ..MeasureInfo::USUAL
        },
    };
}
