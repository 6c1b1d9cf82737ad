//! What the engine has answered to runs: what both networks see, say, and rest their answers on.

use std::sync::Arc;

use leptos::prelude::*;

use super::stamped::{Answer, BEFOREHAND};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_protocol::{JobId, MapReport, ModelReport, Predictions, SparsityReport, View};

/// What is known of one of the two networks.
#[derive(Clone, Copy)]
pub struct Pane {
    /// Its five best classes.
    pub predictions: Answer<Predictions>,
    /// Its map, which may be on its way.
    pub map: Answer<MapReport>,
    /// Its last whole map, with its scores.
    pub scored: Answer<MapReport>,
}

impl Pane {
    fn new() -> Self {
        Self { predictions: RwSignal::new(None), map: RwSignal::new(None), scored: RwSignal::new(None) }
    }
}

/// The answers to runs.
#[derive(Clone, Copy)]
pub struct Answers {
    experiment: RwSignal<Experiment>,
    /// The newest run that was asked for.
    pub latest: RwSignal<JobId>,
    /// The last run that was answered in full.
    pub finished: RwSignal<JobId>,
    /// What the networks see.
    pub view: Answer<View>,
    /// The network.
    pub model: Answer<ModelReport>,
    /// How much is pruned where.
    pub sparsity: Answer<SparsityReport>,
    /// The dense network.
    pub dense: Pane,
    /// The pruned network.
    pub pruned: Pane,
}

impl Answers {
    /// None yet.
    pub fn new(experiment: RwSignal<Experiment>) -> Self {
        Self {
            experiment,
            latest: RwSignal::new(0),
            finished: RwSignal::new(0),
            view: RwSignal::new(None),
            model: RwSignal::new(None),
            sparsity: RwSignal::new(None),
            dense: Pane::new(),
            pruned: Pane::new(),
        }
    }

    /// What is known of a network.
    pub fn pane(self, side: Side) -> Pane {
        match side {
            Side::Dense => self.dense,
            Side::Pruned => self.pruned,
        }
    }

    /// Whether an answer belongs to an earlier run than the newest. One that was computed beforehand says so itself, as long as it is the
    /// experiment's. Follows the signals.
    pub fn is_stale<T: Send + Sync + 'static>(self, answer: Answer<T>) -> bool {
        let latest = self.latest.get();
        let stale = answer
            .with(|answer| answer.as_ref().filter(|answer| answer.job < latest).map(|answer| (answer.job, answer.experiment.clone())));
        stale.is_some_and(|(job, experiment)| job != BEFOREHAND || self.experiment.with(|present| !present.same_maps(&experiment)))
    }

    /// Whether what is shown was computed beforehand. Follows the signals.
    pub fn is_beforehand<T: Send + Sync + 'static>(self, answer: Answer<T>) -> bool {
        answer.with(|answer| answer.as_ref().is_some_and(|answer| answer.job == BEFOREHAND))
    }

    /// An answer's value, if it is of what the present experiment asks for. Follows the signals.
    pub fn present<T: Send + Sync + 'static>(self, answer: Answer<T>) -> Option<Arc<T>> {
        answer.with(|answer| {
            let answer = answer.as_ref()?;
            self.experiment.with(|present| answer.experiment.same_maps(present)).then(|| answer.value.clone())
        })
    }

    /// What the engine says of the experiment's network, once it has read it. Follows the signals.
    pub fn report(self) -> Option<Arc<ModelReport>> {
        let id = self.experiment.with(|experiment| experiment.model.clone());
        self.model.with(|model| model.as_ref().filter(|model| model.value.id == id).map(|model| model.value.clone()))
    }

    /// Drops both maps: those of another picture must not lie over this one.
    pub fn forget_maps(self) {
        self.dense.map.set(None);
        self.pruned.map.set(None);
        self.dense.scored.set(None);
        self.pruned.scored.set(None);
    }
}
