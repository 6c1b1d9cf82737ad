//! Answers, each with the run and the experiment it belongs to.

use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::JobId;

/// The run that answers computed beforehand are from: none of the engine's.
pub const BEFOREHAND: JobId = 0;

/// A part of an answer, with the run and the experiment it answers.
#[derive(Debug)]
pub struct Stamped<T> {
    /// The run.
    pub job: JobId,
    /// What was asked.
    pub experiment: Arc<Experiment>,
    /// What was answered.
    pub value: Arc<T>,
}

impl<T> Clone for Stamped<T> {
    fn clone(&self) -> Self {
        Self { job: self.job, experiment: self.experiment.clone(), value: self.value.clone() }
    }
}

/// A signal that holds the newest answer of a kind.
pub type Answer<T> = RwSignal<Option<Stamped<T>>>;
