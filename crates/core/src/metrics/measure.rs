//! What is said of a measure: its name, its formula, its range and which way is better.

use serde::{Deserialize, Serialize};

use crate::registry::Registered;

/// A measure of a map; those that are shipped are constants such as [`Measure::RelevanceMass`].
pub type Measure = Registered<MeasureInfo>;

/// What a measure looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The map and the object's place.
    Place,
    /// The map alone.
    Complexity,
    /// Whether the network's answer really rests on what the map shows.
    Faithfulness,
    /// Whether the map stays the same when the image hardly changes.
    Robustness,
    /// Whether the map changes when the network or the class does.
    Randomisation,
}

impl Kind {
    /// Every kind, in the order tables show.
    pub const ALL: [Self; 5] = [Self::Place, Self::Complexity, Self::Faithfulness, Self::Robustness, Self::Randomisation];
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Better {
    /// Higher values.
    Higher,
    /// Lower values.
    Lower,
    /// Neither: the value describes.
    Neither,
}

/// How a measure's values are written for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A share or a probability, in percent.
    Percent,
    /// Hit or miss.
    Hit,
    /// A plain number.
    Number,
}

/// What a map that is the same everywhere scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvenMap {
    /// The share of the pixels that the object has.
    ShareOfObject,
    /// One half.
    Half,
}

/// What tables and help texts say of a measure.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInfo {
    /// The name in results and on the command line, words joined by underscores.
    pub id: &'static str,
    /// The name in tables.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// What it looks at.
    pub kind: Kind,
    /// The smallest and the largest value; `None` where there is no bound.
    pub range: (f32, Option<f32>),
    /// Which way is better.
    pub better: Better,
    /// How values are written for a reader.
    pub written: Written,
    /// What a map that is the same everywhere scores, where that is known.
    pub even_map: Option<EvenMap>,
    /// What the horizontal axis of its curve is, where it has one.
    pub across: &'static str,
    /// Whether it counts pixels above a threshold or of a rank, one or two of which can be on the other side on another device.
    pub counts: bool,
}

impl MeasureInfo {
    /// What most measures have in common: a share, the more the better. Names and texts are left open.
    pub const USUAL: Self = Self {
        id: "",
        title: "",
        says: "",
        definition: "",
        source: "",
        kind: Kind::Place,
        range: (0.0, Some(1.0)),
        better: Better::Higher,
        written: Written::Percent,
        even_map: None,
        across: "course of the measurement",
        counts: false,
    };
}

impl Measure {
    /// The measures as tables show them, kind by kind.
    pub fn groups() -> Vec<(Kind, Vec<Self>)> {
        Kind::ALL.into_iter().map(|kind| (kind, Self::of(kind).collect())).collect()
    }

    /// The measures of a kind.
    pub fn of(kind: Kind) -> impl Iterator<Item = Self> {
        Self::all().filter(move |m| m.info().kind == kind)
    }

    /// Whether it needs the network, not only the map.
    pub fn needs_network(self) -> bool {
        matches!(self.info().kind, Kind::Faithfulness | Kind::Robustness | Kind::Randomisation)
    }
}
