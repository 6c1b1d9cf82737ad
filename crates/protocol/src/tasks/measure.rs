//! Attribution measures that need the network.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::side::Side;

/// Compute an experiment's maps and measure them: measures that need the network, which take a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureMaps {
    /// Which maps.
    pub experiment: Experiment,
    /// By which measures.
    pub measures: Vec<Measure>,
}

impl Kind for MeasureMaps {
    type Finding = Measured;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// A measure of a map that needs the network, with what happened on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which network.
    pub side: Side,
    /// The measure with its value.
    pub score: Score,
    /// One sentence on what the value rests on: how many steps, samples or seeds.
    pub note: String,
    /// The run's course, from left to right, where it has one.
    pub curve: Vec<Point>,
    /// What the network was shown at each point of the curve, or what came out.
    pub pictures: Pictures,
    /// Milliseconds it took.
    pub millis: f64,
}

/// A point of a measure's course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where on the horizontal axis, 0 to 1.
    pub at: f32,
    /// The value there.
    pub value: f32,
    /// What stands there, such as a layer's name; empty where the axis says it.
    pub label: String,
}

/// The pictures behind a curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Pictures {
    /// None.
    None,
    /// Two views mixed pixel by pixel: at the share `at` of the ranking, that share of the pixels shows `after`, the others `before`.
    Mixed {
        /// At the left end, red, green and blue bytes row by row.
        before: Vec<u8>,
        /// At the right end.
        after: Vec<u8>,
        /// Each pixel's place in the ranking, 0 first.
        rank: Vec<u32>,
    },
    /// A view for each point of the curve, red, green and blue bytes row by row.
    Views(Vec<Vec<u8>>),
    /// A map for each point of the curve, row by row, of the network input's size.
    Maps(Vec<Vec<f32>>),
}
