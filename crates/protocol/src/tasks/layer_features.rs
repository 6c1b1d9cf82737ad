//! What each layer computes, as pictures.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;

/// Show what each layer of both networks of an experiment computes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowFeatures {
    /// Which networks, on which picture.
    pub experiment: Experiment,
}

impl Kind for ShowFeatures {
    type Finding = LayerView;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// What a layer of a network sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerView {
    /// Which network.
    pub side: Side,
    /// The layer's name among the taps.
    pub tap: String,
    /// Channels of the feature map.
    pub channels: usize,
    /// Its rows and columns.
    pub rows: usize,
    /// See `rows`.
    pub columns: usize,
    /// The mean over channels of the features' absolute values, row by row.
    pub mean: Vec<f32>,
    /// The channels that are most active on this picture: number and values, row by row, most active first.
    pub strongest: Vec<(usize, Vec<f32>)>,
    /// Share of the features that are zero.
    pub silent: f32,
}
