//! Energy-based pointing game.

use crate::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo};

impl Measure {
    /// Energy-based pointing game.
    pub const EnergyPointingGame: Self = Self {
        info: &MeasureInfo {
            id: "energy_pointing_game",
            title: "Energy-based pointing game",
            says: "The share of what speaks for the class that lies on the object.",
            definition: "\u{3a3}(relu(R)\u{b7}M) / \u{3a3} relu(R).",
            source: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu, 2020",
            kind: Kind::Place,
            better: Better::Higher,
            even_map: Some(EvenMap::ShareOfObject),
            ..MeasureInfo::USUAL
        },
    };
}
