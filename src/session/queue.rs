//! What is in flight and what waits: the values behind the session.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::{Blob, Url};

use crate::engine_client::{Client, Event};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::sweep::Sweep;
use sweetspot_protocol::{JobId, Task};

/// Hears the events of workers, each with the number of its worker.
pub(super) type Listener = Rc<dyn Fn(u32, Event)>;

/// The engine's other end, and what is in flight.
#[derive(Default)]
pub struct Session {
    pub(super) client: Option<Client>,
    /// Hears what the engine says.
    pub(super) listener: Option<Listener>,
    /// Tells the events of this worker from those of the ones before.
    pub(super) worker: u32,
    pub(super) restarts: u32,
    pub(super) ready: bool,
    /// Whether the gallery and the cards are there, or will not come.
    pub(super) assets: bool,
    pub(super) opened: Option<ImageRef>,
    pub(super) opening: Option<ImageRef>,
    pub(super) last_job: JobId,
    pub(super) flight: Option<Flight>,
    /// Whether a run is to be sent.
    pub(super) wanted: bool,
    pub(super) frame_asked: bool,
    pub(super) timer_set: bool,
    pub(super) quick: bool,
    /// The last experiment that was answered in full.
    pub(super) good: Option<(JobId, Arc<Experiment>)>,
    /// For each kind of standing task, the last experiment that it was done for, or shall not be done for.
    pub(super) done: HashMap<&'static str, Arc<Experiment>>,
    /// Tasks that wait for their turn, at most one of a kind.
    pub(super) waiting: Vec<Task>,
    /// Tasks at the engine that end nothing: pictures for people, packs, weights.
    pub(super) beside: HashMap<JobId, Rc<Task>>,
    /// Sweeps that wait to be run or reckoned, and go on after whatever comes between.
    pub(super) sweeps: Vec<Wait>,
    /// When the cells of the running sweep were kept last.
    pub(super) kept: f64,
    /// The sweep that is at the engine, or was last.
    pub(super) sweeping: Option<Wait>,
    /// The pack that the reader opened.
    pub(super) pack: Packs,
    /// Weights of the reader's own.
    pub(super) files: OwnFiles,
    /// The picture that networks of the other kind looked at last.
    pub(super) other_picture: Option<ImageRef>,
}

/// A job that is going on.
pub(super) struct Flight {
    pub(super) job: JobId,
    pub(super) started: f64,
    pub(super) experiment: Arc<Experiment>,
    pub(super) task: Rc<Task>,
    /// Whether a part of its answer is on the screen.
    pub(super) shown: bool,
}

/// A sweep that waits for the engine.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wait {
    /// To be run, or gone on with.
    Run(Arc<Sweep>),
    /// A point of a sweep at hand, to be computed again: these steps.
    Again(String, Vec<usize>),
    /// To have the cells of a sweep at hand reckoned.
    Reckon(String),
}

/// Packs of the reader's.
#[derive(Debug, Default)]
pub(super) struct Packs {
    /// The one on its way.
    pub(super) opening: Option<PackFile>,
    /// The one that is open; read again by an engine that is started again.
    pub(super) open: Option<PackFile>,
}

/// A pack's file, where the engine can read it.
#[derive(Debug)]
pub(super) struct PackFile {
    pub(super) name: String,
    /// An object URL.
    pub(super) address: String,
    pub(super) blob: Blob,
}

impl Drop for PackFile {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// Files of weights, and what is known of them.
#[derive(Debug, Default)]
pub(super) struct OwnFiles {
    /// The one that is being read.
    pub(super) pending: Option<OwnFile>,
    /// The one whose network runs; read again by an engine that is started again.
    pub(super) kept: Option<OwnFile>,
    /// The experiment of a link that needs a file.
    pub(super) awaited: Option<Experiment>,
}

/// A file of the reader's own, where the engine can read it.
#[derive(Debug)]
pub(super) struct OwnFile {
    pub(super) name: String,
    /// An object URL.
    pub(super) address: String,
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.address);
    }
}

impl Session {
    /// The job in flight, if it is this one: what it does, for which experiment.
    pub(super) fn flying(&self, job: JobId) -> Option<(Rc<Task>, Arc<Experiment>)> {
        let flight = self.flight.as_ref().filter(|flight| flight.job == job)?;
        Some((flight.task.clone(), flight.experiment.clone()))
    }

    /// Whether a sweep is in flight.
    pub(super) fn is_sweeping(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| matches!(*flight.task, Task::RunSweep(_) | Task::SummariseSweep(_)))
    }

    /// Whether a standing task was done for an experiment like this one.
    pub(super) fn is_done(&self, kind: &str, like: impl Fn(&Experiment) -> bool) -> bool {
        self.done.get(kind).is_some_and(|done| like(done))
    }

    /// Notes for which experiment a standing task was done last.
    pub(super) fn set_done(&mut self, kind: &'static str, experiment: Option<Arc<Experiment>>) {
        match experiment {
            Some(experiment) => drop(self.done.insert(kind, experiment)),
            None => drop(self.done.remove(kind)),
        }
    }

    /// Lets a task wait for its turn, in place of another one of its kind.
    pub(super) fn wait_for(&mut self, task: Task) {
        self.waiting.retain(|other| other.kind() != task.kind());
        self.waiting.push(task);
    }
}
