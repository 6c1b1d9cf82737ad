//! What the page has to know of every kind of work.

use std::sync::Arc;

use crate::stores::Stores;
use crate::stores::stamped::{Answer, Stamped};
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{JobId, Listed, Stage};

/// Which job an answer belongs to, and for which experiment it was done.
#[derive(Debug, Clone)]
pub(in crate::session) struct Stamp {
    pub(in crate::session) job: JobId,
    pub(in crate::session) experiment: Arc<Experiment>,
}

impl Stamp {
    /// Puts a value where views see it.
    pub(super) fn put<T: Send + Sync + 'static>(&self, answer: Answer<T>, value: T) {
        use leptos::prelude::Set;
        answer.set(Some(Stamped { job: self.job, experiment: self.experiment.clone(), value: Arc::new(value) }));
    }
}

/// What follows from a part of an answer.
#[derive(Debug, Default)]
pub(in crate::session) enum Then {
    /// Nothing.
    #[default]
    Nothing,
    /// This experiment is taken up.
    Open(Box<Experiment>),
    /// This network is chosen.
    Network(String),
}

/// A kind of work whose answer is shown.
pub(in crate::session) trait Shown: Listed {
    /// Whether it is done, again for every experiment, as long as the reader keeps its view open.
    const STANDING: bool = false;

    /// What is to be done for an experiment because the reader keeps a view open.
    fn standing(_: Stores, _: &Experiment) -> Option<Self> {
        None
    }

    /// How far it is, where that is said elsewhere than in the status line.
    fn progress(&self, _: Stores, _: Stage, _: u64, _: u64) {}

    /// Takes in a part of the answer.
    fn found(&self, stores: Stores, stamp: &Stamp, finding: Self::Finding) -> Then;

    /// Says what went wrong.
    fn failed(&self, stores: Stores, _: &Stamp, error: &Error) {
        stores.messages.say(error.to_string());
    }

    /// Takes in that it is over, in whatever way.
    fn over(&self, _: Stores) {}

    /// Takes in that what waits of this kind is dropped before its turn.
    fn dropped(_: Stores) {}
}
