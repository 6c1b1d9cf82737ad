//! How far a pruned network still answers as the dense one does.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::experiment::Experiment;

/// Compare the answers of both networks of an experiment over many pictures. Told again and again while the count grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareAnswers {
    /// Which networks; its picture does not matter.
    pub experiment: Experiment,
}

impl Kind for CompareAnswers {
    type Finding = AgreementReport;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// How far a pruned network still answers as the dense one does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementReport {
    /// Pictures compared so far.
    pub pictures: usize,
    /// Of these, how many get the same first class.
    pub same: usize,
    /// Mean Kullback-Leibler divergence of the pruned network's probabilities from the dense network's, in nats.
    pub divergence: f32,
    /// Of the pictures, how many have a label among the network's classes.
    pub labelled: usize,
    /// Of the labelled, how many have it as the dense network's first class.
    pub dense_right: usize,
    /// And as the pruned network's.
    pub pruned_right: usize,
    /// What the pictures are.
    pub on: String,
    /// Whether all were compared.
    pub complete: bool,
}
