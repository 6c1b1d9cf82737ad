//! What a criterion registers.

use super::dense::{Dense, Keep, PerWeight};
use super::subject::{Outcome, Subject};
use crate::registry;
use crate::registry::Pending;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::criterion::{CriterionInfo, Kind};
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;

/// How a criterion finds what goes. None of it is asked at sparsity 0, where nothing does.
#[derive(Debug, Clone, Copy)]
pub enum Compute {
    /// From the weights alone.
    Weights(fn(&Dense<'_>, &Pruning) -> Result<Keep>),
    /// By scores of weights that hold at every sparsity and in every scope, so that they are computed once.
    Scores {
        /// The scores.
        scores: for<'a> fn(&'a Subject<'a>, &'a Job) -> Pending<'a, PerWeight>,
        /// What stays by them.
        keep: fn(&[Layer], &PerWeight, &Pruning) -> Keep,
    },
    /// From the network, for one sparsity and scope.
    Network(for<'a> fn(&'a Subject<'a>, &'a Pruning, &'a Job) -> Pending<'a, Outcome>),
    /// Not at all: weights that were trained beforehand are loaded.
    Loaded,
}

impl Compute {
    /// Whether it is a way for criteria of a kind: what was trained beforehand is loaded, and nothing else is.
    pub fn suits(self, kind: Kind) -> bool {
        matches!(self, Self::Loaded) == (kind == Kind::Trained)
    }
}

/// A criterion with what computes it.
pub type Entry = registry::Entry<CriterionInfo, Compute>;
