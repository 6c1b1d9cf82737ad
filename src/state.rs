//! What the page knows: the experiment the controls stand for, what the engine has answered, and how the reader wants it drawn.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::assets::{Card, IMAGENET, Pack, Photo};
use super::offline::OfflineCopy;
use super::panels::compare::lens::Lens;
use super::panels::compare::pins::Pin;
use super::people::People;
use super::pictures::OwnPicture;
use super::session::Session;
use super::showing::Showing;
use super::sweeps::Sweeps;
use super::widgets::strongest::Of;
use sweetspot_core::discovery::Discovery;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;
use sweetspot_protocol::{
    AgreementReport, Album, Along, DeviceReport, Discovered, Examined, JobId, LayerView, Located, MapReport, Measured, ModelReport,
    OwnWeights, Predictions, Sighting, SparsityReport, Spot, Stage, View, meant,
};

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

/// What is known of one of the two networks.
#[derive(Clone, Copy)]
pub struct Pane {
    /// Its five best classes.
    pub predictions: Answer<Predictions>,
    /// Its map, which may be on its way.
    pub map: Answer<MapReport>,
    /// Its last whole map, with its scores.
    pub scored: Answer<MapReport>,
    /// The object it finds.
    pub discovered: Answer<Discovered>,
}

impl Pane {
    fn new() -> Self {
        Self { predictions: RwSignal::new(None), map: RwSignal::new(None), scored: RwSignal::new(None), discovered: RwSignal::new(None) }
    }
}

/// What the layers of both networks see.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    views: HashMap<(Side, String), (Arc<Experiment>, Arc<LayerView>)>,
}

impl Layers {
    /// What a layer sees, with the experiment it was looked at for.
    pub fn get(&self, side: Side, tap: &str) -> Option<(Arc<Experiment>, Arc<LayerView>)> {
        self.views.get(&(side, tap.into())).cloned()
    }

    /// Takes in what a layer sees. Layers of another network go.
    pub fn put(&mut self, experiment: Arc<Experiment>, view: LayerView) {
        self.views.retain(|_, (old, _)| old.model == experiment.model);
        self.views.insert((view.side, view.tap.clone()), (experiment, Arc::new(view)));
    }

    /// Whether every layer is of these networks on this picture.
    pub fn is_of(&self, experiment: &Experiment) -> bool {
        !self.views.is_empty() && self.views.values().all(|(old, _)| old.same_networks(experiment))
    }
}

/// Measures that need the network, of one experiment: they are never mixed with those of another.
#[derive(Debug, Clone, Default)]
pub struct Measurements {
    /// The experiment.
    pub experiment: Option<Arc<Experiment>>,
    /// What was found so far.
    pub found: Vec<Arc<Measured>>,
}

impl Measurements {
    /// A measure of a network's map.
    pub fn get(&self, measure: Measure, side: Side) -> Option<Arc<Measured>> {
        self.found.iter().find(|found| found.score.measure == measure && found.side == side).cloned()
    }

    /// Takes in a measure, in place of an older one.
    pub fn put(&mut self, measured: Measured) {
        self.found.retain(|old| (old.score.measure, old.side) != (measured.score.measure, measured.side));
        self.found.push(Arc::new(measured));
    }

    /// Whether they are of this experiment.
    pub fn is_of(&self, experiment: &Experiment) -> bool {
        self.experiment.as_ref().is_some_and(|own| own.same_maps(experiment))
    }
}

/// What is found along a strip, of one experiment.
#[derive(Debug, Clone, Default)]
pub struct Spots {
    /// The experiment.
    pub experiment: Option<Arc<Experiment>>,
    /// What was found so far, in the order of the strip.
    pub found: Vec<Arc<Spot>>,
}

impl Spots {
    /// The places so far, in order.
    pub fn places(&self) -> Vec<&Along> {
        let mut places: Vec<&Along> = Vec::new();
        for spot in &self.found {
            if !places.contains(&&spot.along) {
                places.push(&spot.along);
            }
        }
        places
    }

    /// What a network finds at a place.
    pub fn get(&self, along: &Along, side: Side) -> Option<&Spot> {
        self.found.iter().map(|spot| &**spot).find(|spot| spot.side == side && spot.along == *along)
    }

    /// Takes in what was found. Places of another experiment go.
    pub fn put(&mut self, experiment: Arc<Experiment>, spot: Spot) {
        if self.experiment.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &experiment)) {
            *self = Self { experiment: Some(experiment), found: Vec::new() };
        }
        self.found.push(Arc::new(spot));
    }
}

/// How the engine is.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineState {
    /// Being fetched, compiled and tested.
    Starting,
    /// Computing on this device.
    Ready(DeviceReport),
    /// Gone, with the reason.
    Down(String),
}

/// How far the running job is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps or bytes done.
    pub done: u64,
    /// Of how many; 0 where unknown.
    pub total: u64,
}

/// A message the reader has not dismissed.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Tells alerts apart.
    pub id: u32,
    /// The sentence.
    pub text: String,
}

/// The two strips along which objects are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// Layer by layer.
    Layers,
    /// Sparsity by sparsity.
    Sparsities,
}

/// How it is with weights of the reader's own.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnState {
    /// None were brought.
    None,
    /// A file is being read: its name, bytes so far, of how many.
    Reading(String, u64, u64),
    /// They run.
    Found(Arc<OwnWeights>),
    /// They do not, and why.
    Failed(String),
}

/// The three ways to show a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Colours over the picture.
    Heat,
    /// Lines of equal value on the picture.
    Contours,
    /// The picture where the map is strong.
    Masked,
}

/// How maps are drawn; no part of the experiment.
#[derive(Clone, Copy)]
pub struct Look {
    /// The way a map is shown.
    pub mode: RwSignal<Mode>,
    /// How much the map covers the picture, 0 to 1.
    pub opacity: RwSignal<f64>,
    /// How much of the map counts as strong, 0 to 1.
    pub share: RwSignal<f64>,
    /// What that is a share of.
    pub of: RwSignal<Of>,
    /// One colour scale for both networks.
    pub shared: RwSignal<bool>,
    /// Whether the object's outline is drawn.
    pub outline: RwSignal<bool>,
    /// Whether the difference of both maps is shown.
    pub difference: RwSignal<bool>,
}

impl Look {
    fn new() -> Self {
        Self {
            mode: RwSignal::new(Mode::Heat),
            opacity: RwSignal::new(0.7),
            share: RwSignal::new(0.2),
            of: RwSignal::new(Of::Pixels),
            shared: RwSignal::new(true),
            outline: RwSignal::new(true),
            difference: RwSignal::new(false),
        }
    }
}

/// Everything the page knows. A bundle of signals, passed to every component.
#[derive(Clone, Copy)]
pub struct Lab {
    /// What the controls stand for.
    pub experiment: RwSignal<Experiment>,
    /// The gallery, once it is there.
    pub gallery: RwSignal<Vec<Photo>>,
    /// The networks' cards, in the order of the index.
    pub networks: RwSignal<Vec<Card>>,
    /// The class names of the experiment's network.
    pub classes: RwSignal<Arc<Vec<String>>>,
    /// The scenes, once a network needs them.
    pub pack: RwSignal<Option<Arc<Pack>>>,
    /// Weights of the reader's own.
    pub own_weights: RwSignal<OwnState>,
    /// Pictures of the reader's own, newest first.
    pub own: RwSignal<Vec<OwnPicture>>,
    /// How the engine is.
    pub engine: RwSignal<EngineState>,
    /// How much of the engine's program is there, while it comes: bytes, and of how many (0 where unknown).
    pub arriving: RwSignal<Option<(u64, u64)>>,
    /// The copy of the page that this device keeps.
    pub copy: RwSignal<OfflineCopy>,
    /// Milliseconds of a forward pass, as last told.
    pub pace: RwSignal<Option<f64>>,
    /// A sentence about a restart of the engine.
    pub restarted: RwSignal<Option<String>>,
    /// Whether a run is going on.
    pub running: RwSignal<bool>,
    /// How far it is.
    pub progress: RwSignal<Option<Progress>>,
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
    /// Whether the reader wants to see what layers see.
    pub looking: RwSignal<bool>,
    /// What layers see.
    pub layers: RwSignal<Layers>,
    /// Measures that need the network, as far as they were asked for.
    pub measurements: RwSignal<Measurements>,
    /// Measures that are waited for.
    pub measuring: RwSignal<Vec<Measure>>,
    /// Whether the reader wants to look into layers.
    pub examining: RwSignal<bool>,
    /// Both networks' weights.
    pub examined: Answer<Examined>,
    /// Whether answers are being compared, or wait for it.
    pub agreeing: RwSignal<bool>,
    /// How far both networks agree.
    pub agreement: Answer<AgreementReport>,
    /// Whether the reader wants objects to be looked for.
    pub discovering: RwSignal<bool>,
    /// Why an experiment's object could not be looked for.
    pub not_sought: RwSignal<Option<(Arc<Experiment>, String)>>,
    /// What the networks see while objects are looked for.
    pub sighting: Answer<Sighting>,
    /// What is found at every layer.
    pub at_layers: RwSignal<Spots>,
    /// What is found at some sparsities.
    pub at_sparsities: RwSignal<Spots>,
    /// The strip that is being followed, or waits for it.
    pub following: RwSignal<Option<Following>>,
    /// The pictures on which objects are being looked for, or wait for it.
    pub locating: RwSignal<Option<Album>>,
    /// How often objects are found.
    pub located: Answer<Located>,
    /// Sweeps over sparsity.
    pub sweeps: Sweeps,
    /// People, and networks beside them.
    pub people: People,
    /// Messages.
    pub alerts: RwSignal<Vec<Alert>>,
    /// How maps are drawn.
    pub look: Look,
    /// What of them is seen, and where they are read.
    pub lens: Lens,
    /// Results that are kept in sight.
    pub pins: RwSignal<Vec<Pin>>,
    /// How the page shows it all.
    pub showing: Showing,
    /// The engine's other end and what is in flight; read by [`super::session`] only.
    pub(super) session: StoredValue<Session, LocalStorage>,
}

impl Lab {
    /// A laboratory with an experiment and no answers yet.
    pub fn new(experiment: Experiment) -> Self {
        Self {
            experiment: RwSignal::new(experiment),
            gallery: RwSignal::new(Vec::new()),
            networks: RwSignal::new(Vec::new()),
            classes: RwSignal::new(Arc::new(Vec::new())),
            pack: RwSignal::new(None),
            own_weights: RwSignal::new(OwnState::None),
            own: RwSignal::new(Vec::new()),
            engine: RwSignal::new(EngineState::Starting),
            arriving: RwSignal::new(None),
            copy: RwSignal::new(OfflineCopy::default()),
            pace: RwSignal::new(None),
            restarted: RwSignal::new(None),
            running: RwSignal::new(false),
            progress: RwSignal::new(None),
            latest: RwSignal::new(0),
            finished: RwSignal::new(0),
            view: RwSignal::new(None),
            model: RwSignal::new(None),
            sparsity: RwSignal::new(None),
            dense: Pane::new(),
            pruned: Pane::new(),
            looking: RwSignal::new(false),
            layers: RwSignal::new(Layers::default()),
            measurements: RwSignal::new(Measurements::default()),
            measuring: RwSignal::new(Vec::new()),
            examining: RwSignal::new(false),
            examined: RwSignal::new(None),
            agreeing: RwSignal::new(false),
            agreement: RwSignal::new(None),
            discovering: RwSignal::new(false),
            not_sought: RwSignal::new(None),
            sighting: RwSignal::new(None),
            at_layers: RwSignal::new(Spots::default()),
            at_sparsities: RwSignal::new(Spots::default()),
            following: RwSignal::new(None),
            locating: RwSignal::new(None),
            located: RwSignal::new(None),
            sweeps: Sweeps::new(),
            people: People::default(),
            alerts: RwSignal::new(Vec::new()),
            look: Look::new(),
            lens: Lens::default(),
            pins: RwSignal::new(Vec::new()),
            showing: Showing::new(),
            session: StoredValue::new_local(Session::default()),
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

    /// The photo of the gallery the experiment looks at. Follows the signals.
    pub fn photo(self) -> Option<Photo> {
        let image = self.experiment.with(|experiment| experiment.image.clone());
        let ImageRef::Gallery(id) = image else { return None };
        self.gallery.with(|gallery| gallery.iter().find(|photo| photo.id == id).cloned())
    }

    /// The card of the experiment's network. Follows the signals.
    pub fn card(self) -> Option<Card> {
        self.card_of(&self.experiment.with(|experiment| experiment.model.clone()))
    }

    /// The card of a network. Follows the signals.
    pub fn card_of(self, id: &str) -> Option<Card> {
        self.networks.with(|cards| cards.iter().find(|card| card.id == id).cloned())
    }

    /// What the engine says of the experiment's network, once it has read it. Follows the signals.
    pub fn report(self) -> Option<Arc<ModelReport>> {
        let id = self.experiment.with(|experiment| experiment.model.clone());
        self.model.with(|model| model.as_ref().filter(|model| model.value.id == id).map(|model| model.value.clone()))
    }

    /// How an experiment looks for objects, with what its network's card says where it says nothing. Follows the signals.
    pub fn looks(self, experiment: &Experiment) -> Discovery {
        let how = &experiment.discovery;
        let card = self.card_of(&experiment.model);
        let known = card.as_ref().and_then(|card| card.looks.iter().find(|known| known.method == how.method).cloned());
        let (tap, settings) = known.map(|known| (Some(known.tap), known.settings)).unwrap_or_default();
        meant(how, tap.or_else(|| card.and_then(|card| card.default_tap)), settings)
    }

    /// The spots of a strip.
    pub fn spots(self, strip: Following) -> RwSignal<Spots> {
        match strip {
            Following::Layers => self.at_layers,
            Following::Sparsities => self.at_sparsities,
        }
    }

    /// The label of the experiment's picture, as an index of the network's classes. Follows the signals.
    pub fn label(self) -> Option<usize> {
        self.label_of(&self.experiment.get())
    }

    /// The label of an experiment's picture, if it is one of its network's classes. Follows the signals.
    pub fn label_of(self, experiment: &Experiment) -> Option<usize> {
        let card = self.card_of(&experiment.model);
        let scenes = card.as_ref().is_some_and(|card| card.pack.is_some());
        let classes = card.and_then(|card| card.classes).unwrap_or(IMAGENET);
        match &experiment.image {
            ImageRef::Gallery(id) if !scenes && classes == IMAGENET => {
                self.gallery.with(|gallery| gallery.iter().find(|photo| photo.id == *id).and_then(|photo| photo.label))
            }
            ImageRef::Scene(index) if scenes => {
                self.pack.with(|pack| pack.as_ref().and_then(|pack| pack.images.get(*index as usize)).map(|tile| tile.label))
            }
            _ => None,
        }
    }

    /// The name of an answer of the experiment's network. Follows the signals.
    pub fn class_name(self, index: usize) -> String {
        self.classes.with(|classes| classes.get(index).cloned()).unwrap_or_else(|| {
            let features = self.card().is_some_and(|card| card.classes == Some(0));
            format!("{} {index}", if features { "feature" } else { "class" })
        })
    }

    /// Shows a message until it is dismissed. The three newest stay; the same sentence is shown once.
    pub fn say(self, text: impl Into<String>) {
        let text = text.into();
        self.alerts.update(|alerts| {
            let id = alerts.iter().map(|alert| alert.id).max().unwrap_or(0) + 1;
            alerts.retain(|alert| alert.text != text);
            alerts.push(Alert { id, text });
            let surplus = alerts.len().saturating_sub(3);
            alerts.drain(..surplus);
        });
    }
}
