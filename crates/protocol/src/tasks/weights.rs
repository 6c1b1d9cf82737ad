//! What pruning does to a network's weights.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::experiment::Experiment;

/// Look at the weights of both networks of an experiment, layer by layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExamineWeights {
    /// Which networks; its picture does not matter.
    pub experiment: Experiment,
}

impl Kind for ExamineWeights {
    type Finding = Examined;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// The weights of a network before and after pruning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// Every prunable layer, in network order.
    pub layers: Vec<LayerWeights>,
}

/// The weights of a layer before and after pruning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerWeights {
    /// The weight tensor's name.
    pub name: String,
    /// The weight tensor's shape.
    pub shape: Vec<usize>,
    /// The largest absolute value.
    pub range: f32,
    /// How many weights of the dense network fall into each of even bins from `-range` to `range`.
    pub dense: Vec<u32>,
    /// How many of those that stay do, with the values they have then.
    pub kept: Vec<u32>,
    /// The largest absolute value that went, where every one that went is at most as large as every one that stayed.
    pub threshold: Option<f32>,
    /// The share of weights that stay, as a picture: outputs down, everything that comes into one across.
    pub density: Grid,
    /// The kernels themselves, where they look at red, green and blue.
    pub kernels: Option<Kernels>,
}

/// A picture of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
    /// Its values, row by row.
    pub values: Vec<f32>,
}

/// Kernels that look at red, green and blue: values [count, 3, height, width].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kernels {
    /// How many are shown.
    pub count: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// Those of the dense network.
    pub dense: Vec<f32>,
    /// Those of the pruned one; zero where a weight went.
    pub pruned: Vec<f32>,
}
