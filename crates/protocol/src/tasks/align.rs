//! Both networks beside people, on the pictures of the recognition experiment.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::stimuli::Source;
use sweetspot_core::alignment::accuracy::{Confusion, Share};
use sweetspot_core::alignment::consistency::Estimate;
use sweetspot_core::alignment::observers::Observer;
use sweetspot_core::alignment::summary::Alignment;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::report::Report;
use sweetspot_core::sparsity::Sparsity;

/// Let both networks of an experiment answer the pictures that people answered, and compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Align {
    /// Which networks; its picture does not matter.
    pub experiment: Experiment,
    /// Where the pictures are from.
    pub source: Source,
    /// People, beside those of a pack.
    pub people: Vec<Observer>,
    /// Sparsities whose networks are compared instead of the experiment's; none for the experiment's two networks.
    pub sparsities: Vec<Sparsity>,
}

impl Kind for Align {
    type Finding = AlignFinding;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// A part of a comparison with people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AlignFinding {
    /// Both networks of the experiment.
    Both(Box<Aligned>),
    /// The network of a sparsity.
    At(AlignmentAtSparsity),
}

/// The most sparsities of one comparison.
pub const MOST_DENSITIES: usize = 40;

/// Both networks beside people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// Where the pictures are from.
    pub source: Source,
    /// The data set's name, if it is a published one.
    pub data_set: Option<String>,
    /// The dense network.
    pub dense: Alignment,
    /// The pruned one.
    pub pruned: Alignment,
    /// Dense, pruned, then people.
    pub names: Vec<String>,
    /// The mean error consistency over conditions of each with each.
    pub matrix: Vec<Vec<Option<f64>>>,
    /// What people take for what, all of them together.
    pub people: Confusion,
    /// What both networks answered, for export.
    pub networks: [Observer; 2],
    /// Which of people's answers were used, and which belong to no picture there is.
    pub report: Report,
}

/// The network of a sparsity beside people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlignmentAtSparsity {
    /// The sparsity.
    pub sparsity: Sparsity,
    /// Its right answers.
    pub accuracy: Share,
    /// Its error consistency with people.
    pub error_consistency: Option<Estimate>,
}

/// Checks what a comparison is asked for along sparsities.
pub fn check_sparsities(sparsities: &[Sparsity]) -> Result<()> {
    match sparsities.len() <= MOST_DENSITIES {
        true => Ok(()),
        false => Err(Error::bad_value("the number of sparsities", sparsities.len(), &format!("at most {MOST_DENSITIES}"))),
    }
}
