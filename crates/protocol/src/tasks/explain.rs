//! Everything a comparison shows at once: what both networks see and say, and the maps of what they say.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::sparsity::SparsityReport;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::side::Side;

/// Compute everything an experiment shows, the quick parts first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    /// What to compute.
    pub experiment: Experiment,
}

impl Kind for Explain {
    type Finding = Explained;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// A part of what an experiment shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Explained {
    /// The part of the picture the networks see, and where the object is in it.
    View(View),
    /// The network.
    Model(ModelReport),
    /// How much is pruned where.
    Sparsity(SparsityReport),
    /// What a network says.
    Predictions(Predictions),
    /// A map, and how it agrees with the object's place.
    Map(MapReport),
}

/// What the networks see: the picture cut and scaled to their input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Width and height in pixels.
    pub side: usize,
    /// Red, green and blue bytes, row by row.
    pub rgb: Vec<u8>,
    /// Object boxes in pixels of the view, clipped to it.
    pub boxes: Vec<[f32; 4]>,
    /// The object's mask, row by row, where there is one.
    pub mask: Option<Vec<bool>>,
    /// Share of the object's boxes (or mask) that lies inside the view.
    pub inside: Option<f32>,
}

/// The network an experiment names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// The card's id.
    pub id: String,
    /// sha256 of the weights file, hexadecimal.
    pub weights_sha256: String,
    /// Names of the layers that can be looked at, in order.
    pub taps: Vec<String>,
    /// The tap that layer methods use unless told otherwise.
    pub default_tap: String,
    /// Weights that can be pruned.
    pub prunable: usize,
    /// All parameters.
    pub parameters: usize,
    /// The methods that cannot be had on it, each with the reason.
    pub absent: Vec<(Method, String)>,
    /// The criteria that cannot be had on it, each with the reason.
    pub absent_criteria: Vec<(Criterion, String)>,
    /// Whether it has batch normalisations that can be estimated anew.
    pub normalised: bool,
}

/// The classes a network favours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// Which network.
    pub side: Side,
    /// The five most probable classes, most probable first.
    pub top: Vec<Prediction>,
    /// The class that is explained, with its probability.
    pub target: Prediction,
    /// sha256 of the logits as little-endian 32-bit floats, hexadecimal.
    pub logits_sha256: String,
}

/// One class and its probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The class's index.
    pub index: usize,
    /// The class's name.
    pub label: String,
    /// Softmax probability.
    pub probability: f32,
}

/// An attribution map with its agreement with the truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapReport {
    /// Which network.
    pub side: Side,
    /// The explained class's index.
    pub target: usize,
    /// Rows and columns.
    pub side_length: usize,
    /// The values, row by row, as the method gives them (not normalised).
    pub values: Vec<f32>,
    /// Whether values below zero mean "against the class".
    pub signed: bool,
    /// What is known of the object's place; `None` where the picture has no truth.
    pub place: Option<Place>,
    /// Every measure that needs only the map and the object's place. Without a place, only those of the map alone.
    pub scores: Vec<Score>,
    /// For methods that share a score out: what there was to share.
    pub total: Option<f32>,
    /// Sum of all values before channels are reduced.
    pub sum: f32,
    /// Whether this is the whole map; a map on its way has no scores yet.
    pub complete: bool,
    /// Milliseconds the map took.
    pub millis: f64,
}

/// The object's place, as a map is measured against it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What it is known from.
    pub truth: Truth,
    /// Share of the view the object covers: what an even map would score in relevance mass and rank.
    pub chance: f32,
}

impl MapReport {
    /// The value of a measure, if the map has it.
    pub fn score(&self, measure: Measure) -> Option<&std::result::Result<f32, Error>> {
        self.scores.iter().find(|score| score.measure == measure).map(|score| &score.value)
    }
}

/// What is known of the object's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truth {
    /// Its outline, exactly.
    Mask,
    /// Boxes around it.
    Box,
}
