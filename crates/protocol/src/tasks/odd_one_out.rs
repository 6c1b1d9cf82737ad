//! How alike both networks find pictures, beside people who choose the odd one out.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::alignment::odd_one_out::Likeness;
use sweetspot_core::experiment::Experiment;

/// Say how alike both networks of an experiment find pictures of the recognition experiment, at its layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareFeatures {
    /// Which networks and which layer; its picture does not matter.
    pub experiment: Experiment,
    /// The pictures' names.
    pub images: Vec<String>,
}

impl Kind for CompareFeatures {
    type Finding = Box<FeatureSimilarity>;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// How alike both networks find pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureSimilarity {
    /// The layer whose features were compared.
    pub tap: String,
    /// The dense network.
    pub dense: Likeness,
    /// The pruned one.
    pub pruned: Likeness,
}
