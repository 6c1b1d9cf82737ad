//! What a sweep can measure: what it is called, which of the paper's axes it is on, which way is better, how much work it is.
//!
//! A measure is added here, and computed in `runner`.

use serde::{Deserialize, Serialize};

use crate::discovery::Method as Finder;
use crate::error::{Error, Result};
use crate::metrics::Measure;
use crate::metrics::measure::{Better, Kind};

/// Something that is measured at every sparsity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SweepMeasure {
    /// A measure of each picture's attribution map.
    Map(Measure),
    /// Whether a method of discovery finds an object.
    CorLoc(Finder),
    /// Whether the answer among 16 categories is right, as in the experiments that people did.
    CategoryAccuracy,
    /// Whether it is right and wrong on the same pictures as people (Cohen's kappa). Not a mean over pictures: the value that is kept of a picture is
    /// whether the network is right, and [`summary`](super::summary) makes kappa of all of them and of what people answered.
    ErrorConsistency,
    /// Whether the first class is the picture's label.
    Accuracy,
    /// Whether the first class is the dense network's.
    Agreement,
    /// How far the probabilities are from the dense network's.
    Divergence,
    /// What the network takes to store.
    StoredBytes,
    /// What the network takes to run, where zeros are skipped.
    MultiplyAccumulates,
    /// How long a pass takes here.
    PassTime,
}

/// The part of the paper's question that a measure is about; charts have a row for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Axis (i): do attributions lie where the object is, are they faithful?
    Interpretability,
    /// Axis (ii): do features find objects without labels?
    Discovery,
    /// Axis (iii): does the network see as humans do?
    Alignment,
    /// What the network was trained for.
    Task,
    /// What it costs.
    Cost,
}

impl Axis {
    /// Every axis, in the order charts show.
    pub const ALL: [Self; 5] = [Self::Interpretability, Self::Discovery, Self::Alignment, Self::Task, Self::Cost];

    /// Whether it is one of the paper's three; the task and the cost are what they are held against.
    pub fn is_of_paper(self) -> bool {
        ![Self::Task, Self::Cost].contains(&self)
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Interpretability => "Interpretability",
            Self::Discovery => "Object discovery",
            Self::Alignment => "Human alignment",
            Self::Task => "The task",
            Self::Cost => "Cost",
        }
    }
}

/// What has to be computed for a measure, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Only the pruned network itself: one value a network, none a picture.
    Network,
    /// A pass a picture.
    Answer,
    /// A layer's features a picture, compared with each other.
    Features,
    /// An attribution map a picture.
    Map,
    /// A map and many passes or further maps a picture: slow, computed when asked for only.
    Trial,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// As a number.
    Number,
    /// As a percentage of right answers.
    Percent,
    /// Bytes.
    Bytes,
    /// A count.
    Count,
    /// Milliseconds.
    Millis,
}

impl Unit {
    /// A value in this unit, for a reader.
    pub fn write(self, value: f64) -> String {
        let thousands = |value: f64| match value.abs() {
            size if size >= 1e9 => format!("{:.2} G", value / 1e9),
            size if size >= 1e6 => format!("{:.2} M", value / 1e6),
            size if size >= 1e3 => format!("{:.1} k", value / 1e3),
            _ => format!("{value:.0} "),
        };
        match self {
            Self::Number if value.abs() >= 1000.0 => format!("{value:.0}"),
            Self::Number if value.abs() >= 10.0 => format!("{value:.2}"),
            Self::Number => format!("{value:.4}"),
            Self::Percent => format!("{:.2} %", value * 100.0),
            Self::Bytes => format!("{}B", thousands(value)),
            Self::Count => thousands(value).trim_end().into(),
            Self::Millis => format!("{value:.2} ms"),
        }
    }

    /// The distance of two values in this unit, for a reader, with its sign.
    pub fn write_difference(self, difference: f64) -> String {
        let sign = if difference < 0.0 { "\u{2212}" } else { "+" };
        match self {
            Self::Percent => format!("{sign}{:.2} points", difference.abs() * 100.0),
            unit => format!("{sign}{}", unit.write(difference.abs())),
        }
    }
}

/// What tables and charts say of a measure.
#[derive(Debug, Clone, Copy)]
pub struct GaugeInfo {
    /// The name in files and on the command line.
    pub id: &'static str,
    /// The name in charts.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// Which axis it is on.
    pub axis: Axis,
    /// Which way is better.
    pub better: Better,
    /// The smallest and the largest value; `None` where there is no bound.
    pub range: (f64, Option<f64>),
    /// How values are written.
    pub unit: Unit,
    /// What it takes.
    pub needs: Needs,
}

impl SweepMeasure {
    /// Those that are no measure of a map.
    const OTHERS: [Self; 10] = [
        Self::CorLoc(Finder::Lost),
        Self::CorLoc(Finder::TokenCut),
        Self::CategoryAccuracy,
        Self::ErrorConsistency,
        Self::Accuracy,
        Self::Agreement,
        Self::Divergence,
        Self::StoredBytes,
        Self::MultiplyAccumulates,
        Self::PassTime,
    ];

    /// Every measure, in the order of tables.
    pub fn all() -> impl Iterator<Item = Self> {
        Measure::all().map(Self::Map).chain(Self::OTHERS)
    }

    /// Those a sweep has unless told otherwise: whatever one pass and one map of each picture give. Alignment is asked for by its name, with the
    /// pictures that it takes.
    pub fn usual() -> impl Iterator<Item = Self> {
        Self::all().filter(|gauge| {
            let info = gauge.info();
            info.needs != Needs::Trial && info.axis != Axis::Alignment && *gauge != Self::PassTime
        })
    }

    /// What is known of the measure.
    pub fn info(self) -> GaugeInfo {
        const ANSWER: GaugeInfo = GaugeInfo {
            id: "",
            title: "",
            says: "",
            axis: Axis::Task,
            better: Better::Higher,
            range: (0.0, Some(1.0)),
            unit: Unit::Percent,
            needs: Needs::Answer,
        };
        const COST: GaugeInfo =
            GaugeInfo { axis: Axis::Cost, better: Better::Lower, range: (0.0, None), unit: Unit::Bytes, needs: Needs::Network, ..ANSWER };
        match self {
            Self::Map(measure) => {
                let info = measure.info();
                GaugeInfo {
                    id: info.id,
                    title: info.title,
                    says: info.says,
                    axis: Axis::Interpretability,
                    better: info.better,
                    range: (f64::from(info.range.0), info.range.1.map(f64::from)),
                    unit: Unit::Number,
                    needs: if measure.needs_network() { Needs::Trial } else { Needs::Map },
                }
            }
            Self::CorLoc(method) => GaugeInfo {
                id: method.info().corloc.0,
                title: method.info().corloc.1,
                says: "The share of pictures whose found box overlaps a true one by half (intersection over union), without labels.",
                axis: Axis::Discovery,
                needs: Needs::Features,
                ..ANSWER
            },
            Self::CategoryAccuracy => GaugeInfo {
                id: "category_accuracy",
                title: "Accuracy in 16 categories",
                says: "The share of right answers among 16 categories, over the conditions each picture is changed by: pictures and choice as people \
                       have them.",
                axis: Axis::Alignment,
                ..ANSWER
            },
            Self::ErrorConsistency => GaugeInfo {
                id: "error_consistency",
                title: "Error consistency",
                says: "Cohen\u{2019}s kappa of being right with each of a pack\u{2019}s observers, averaged: 0 is chance, 1 the same errors.",
                axis: Axis::Alignment,
                range: (-1.0, Some(1.0)),
                unit: Unit::Number,
                ..ANSWER
            },
            Self::Accuracy => GaugeInfo {
                id: "accuracy",
                title: "Accuracy",
                says: "The share of labelled pictures whose first class is the label.",
                ..ANSWER
            },
            Self::Agreement => GaugeInfo {
                id: "agreement",
                title: "Agreement with dense",
                says: "The share of pictures that get the same first class as from the dense network.",
                ..ANSWER
            },
            Self::Divergence => GaugeInfo {
                id: "divergence",
                title: "Divergence from dense",
                says: "How far the probabilities are from the dense network's (Kullback-Leibler, nats).",
                better: Better::Lower,
                range: (0.0, None),
                unit: Unit::Number,
                ..ANSWER
            },
            Self::StoredBytes => GaugeInfo {
                id: "stored_bytes",
                title: "Stored size",
                says: "Bytes of the network stored sparse: a bit a prunable weight, two bytes for each that is left, four for others.",
                ..COST
            },
            Self::MultiplyAccumulates => GaugeInfo {
                id: "multiply_accumulates",
                title: "Multiply-accumulates",
                says: "Products of a weight that is left and a value, a picture: what a device does that skips zeros.",
                unit: Unit::Count,
                ..COST
            },
            Self::PassTime => GaugeInfo {
                id: "pass_time",
                title: "Time of a pass",
                says: "Milliseconds of a pass on this device, which does not skip zeros, while all its cores may be at work.",
                unit: Unit::Millis,
                needs: Needs::Answer,
                ..COST
            },
        }
    }

    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The measure of a name. Hyphens stand for underscores, and the beginning of a name for the name where only one begins so.
    pub fn from_id(id: &str) -> Result<Self> {
        let name = id.replace('-', "_");
        let exact = Self::all().find(|gauge| gauge.id() == name);
        let mut beginning = Self::all().filter(|gauge| name.len() >= 3 && gauge.id().starts_with(&name));
        let only = match (beginning.next(), beginning.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        exact.or(only).ok_or_else(|| Error::unknown("measure", id, Self::all().map(Self::id)))
    }

    /// The measures of a word: one by its name, or a group: `usual`, `place`, `complexity`, `faithfulness`, `robustness`, `randomisation`,
    /// `discovery`, `alignment`, `answers`, `cost`, `all`.
    pub fn of_word(word: &str) -> Result<Vec<Self>> {
        let kind = |kind: Kind| Measure::of(kind).map(Self::Map).collect();
        Ok(match word {
            "usual" => Self::usual().collect(),
            "all" => Self::all().collect(),
            "place" => kind(Kind::Place),
            "complexity" => kind(Kind::Complexity),
            "faithfulness" => kind(Kind::Faithfulness),
            "robustness" => kind(Kind::Robustness),
            "randomisation" => kind(Kind::Randomisation),
            "discovery" => Self::all().filter(|gauge| gauge.info().axis == Axis::Discovery).collect(),
            "alignment" => Self::all().filter(|gauge| gauge.info().axis == Axis::Alignment).collect(),
            "answers" => Self::all().filter(|gauge| gauge.info().axis == Axis::Task).collect(),
            "cost" => Self::all().filter(|gauge| gauge.info().axis == Axis::Cost).collect(),
            name => vec![Self::from_id(name)?],
        })
    }

    /// Whether the value is the same again on another day: times are not.
    pub fn is_repeatable(self) -> bool {
        self != Self::PassTime
    }

    /// How far two devices may be apart in it, relative to values above 1. Sums differ in the last digits; what counts pixels above a threshold or of
    /// a rank can have one or two of some hundreds on the other side.
    pub fn rounding(self) -> f32 {
        match self {
            Self::Map(measure) if measure.info().counts => 1e-2,
            _ => 5e-4,
        }
    }

    /// Whether a sparsity can be better than dense in it: it has a better way, and a value for each picture, so that chance can be told from gain.
    /// What a network costs is no such thing: of course it falls.
    pub fn can_gain(self) -> bool {
        let info = self.info();
        info.better != Better::Neither && info.axis != Axis::Cost
    }
}

impl TryFrom<String> for SweepMeasure {
    type Error = Error;

    fn try_from(id: String) -> Result<Self> {
        Self::all().find(|gauge| gauge.id() == id).ok_or_else(|| Error::unknown("measure", &id, Self::all().map(Self::id)))
    }
}

impl From<SweepMeasure> for String {
    fn from(gauge: SweepMeasure) -> Self {
        gauge.id().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corloc_has_its_methods_name() {
        for method in Finder::all() {
            let info = SweepMeasure::CorLoc(method).info();
            assert_eq!(info.title, format!("CorLoc of {}", method.info().title));
            assert_eq!(info.id, format!("corloc_{}", method.id().replace('-', "_")));
        }
    }

    #[test]
    fn names_are_told_apart() {
        for gauge in SweepMeasure::all() {
            assert_eq!(SweepMeasure::from_id(gauge.id()), Ok(gauge));
        }
    }
}
