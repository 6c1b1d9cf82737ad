//! Sweeps. Their parts travel as the JSON they have in files, so that both ends check them alike.

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// Run the steps of a sweep, one by one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSweep {
    /// Which sweep, and what is known of it already.
    pub asked: Box<Sweeping>,
}

impl Kind for RunSweep {
    type Finding = SweepFinding;
}

/// Compute what a sweep's cells say, without running anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummariseSweep {
    /// The cells, as the JSON of [`sweetspot_core::sweep::State`].
    pub state: String,
}

impl Kind for SummariseSweep {
    type Finding = SweepFinding;
}

/// A sweep to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sweeping {
    /// The sweep, as the JSON of [`sweetspot_core::sweep::Sweep`].
    pub sweep: String,
    /// The cells that are known already, as the JSON of [`sweetspot_core::sweep::State`]; empty for none. Their steps are left out.
    pub known: String,
    /// The places of the steps to run; empty for all that are not known.
    pub only: Vec<usize>,
}

/// A part of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SweepFinding {
    /// It can be run here.
    Begun {
        /// The sweep as the network can have it, what it is computed from, and the cells that were known: the JSON of [`sweetspot_core::sweep::State`].
        state: String,
        /// What had to be left out, a sentence each.
        notes: Vec<String>,
    },
    /// What a step gave: the JSON of [`sweetspot_core::sweep::cells::Cell`].
    Cell(String),
    /// The lines over the sparsities that are done: the JSON of a list of [`sweetspot_core::sweep::summary::Line`], by the usual rule.
    Lines(String),
}
