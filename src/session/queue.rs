//! What is in flight and what waits: the values behind the session.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::{Blob, Url};

use crate::engine_client::{Client, Event};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::metrics::Measure;
use sweetspot_core::sweep::Sweep;
use sweetspot_protocol::{Album, JobId, Strip};

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
    /// The last experiment whose layers were looked at, or shall not be.
    pub(super) layers_shown: Option<Arc<Experiment>>,
    /// The last experiment whose weights were examined, or shall not be.
    pub(super) examined: Option<Arc<Experiment>>,
    /// Measures that wait for their turn.
    pub(super) measures: Vec<Measure>,
    /// Whether a comparison of answers waits for its turn.
    pub(super) agree: bool,
    /// The last experiment whose object was looked for, or shall not be.
    pub(super) sought: Option<Arc<Experiment>>,
    /// A strip that waits to be followed.
    pub(super) strip: Option<Strip>,
    /// Pictures that wait to be looked at for objects.
    pub(super) album: Option<Album>,
    /// Sweeps that wait to be run or reckoned, and go on after whatever comes between.
    pub(super) sweeps: Vec<Wait>,
    /// When the cells of the running sweep were kept last.
    pub(super) kept: f64,
    /// What is asked for people.
    pub(super) asked: Asked,
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
    pub(super) work: Work,
    /// Whether a part of its answer is on the screen.
    pub(super) shown: bool,
}

/// What a job does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Work {
    /// Everything the experiment shows.
    Run,
    /// A look at every layer.
    Look,
    /// Measurements of the maps that are on the screen.
    Measure(Vec<Measure>),
    /// A look into both networks' weights.
    Examine,
    /// A comparison of both networks' answers over many pictures.
    Agree,
    /// A look for the object on the picture.
    Discover,
    /// The same along a strip.
    Follow(Strip),
    /// A look for objects on many pictures.
    Locate(Album),
    /// Steps of a sweep.
    Sweep(Wait),
    /// A comparison with people, of both networks or of those of some sparsities.
    Align(Vec<f64>),
    /// A look at how alike these pictures are to both networks.
    Odd(Vec<String>),
}

impl Work {
    /// Whether it follows from how objects are looked for.
    pub(super) fn seeks(&self) -> bool {
        matches!(self, Self::Discover | Self::Follow(_) | Self::Locate(_))
    }
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

/// What is asked of the engine for people.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Pictures on their way: condition and name.
    pub(super) stimuli: HashMap<JobId, (String, String)>,
    /// The pack on its way.
    pub(super) opening: Option<(JobId, PackFile)>,
    /// The pack that is open; read again by an engine that is started again.
    pub(super) kept: Option<PackFile>,
    /// A comparison that waits for its turn.
    pub(super) comparison: Option<Vec<f64>>,
    /// Pictures whose likeness waits to be asked for.
    pub(super) odd: Option<Vec<String>>,
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
    pub(super) job: JobId,
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
    pub(super) fn flying(&self, job: JobId) -> Option<(Work, Arc<Experiment>)> {
        let flight = self.flight.as_ref().filter(|flight| flight.job == job)?;
        Some((flight.work.clone(), flight.experiment.clone()))
    }

    /// The next task of an experiment: `looking` says whether layers, weights and objects are wanted.
    pub(super) fn next_work(&mut self, experiment: &Experiment, looking: [bool; 3]) -> Option<Work> {
        let layers_shown = self.layers_shown.as_ref().is_some_and(|layers_shown| layers_shown.same_networks(experiment));
        let examined = self.examined.as_ref().is_some_and(|examined| examined.same_weights(experiment));
        let sought = self.sought.as_ref().is_some_and(|sought| sought.same_objects(experiment));
        let [layers, weights, objects] = looking;
        if objects && !sought {
            return Some(Work::Discover);
        }
        if layers && !layers_shown {
            return Some(Work::Look);
        }
        if weights && !examined {
            return Some(Work::Examine);
        }
        if let Some(strip) = self.strip.take() {
            return Some(Work::Follow(strip));
        }
        if let Some(album) = self.album.take() {
            return Some(Work::Locate(album));
        }
        if let Some(sparsities) = self.asked.comparison.take() {
            return Some(Work::Align(sparsities));
        }
        if let Some(images) = self.asked.odd.take() {
            return Some(Work::Odd(images));
        }
        if !self.measures.is_empty() {
            return Some(Work::Measure(std::mem::take(&mut self.measures)));
        }
        std::mem::take(&mut self.agree).then_some(Work::Agree)
    }
}
