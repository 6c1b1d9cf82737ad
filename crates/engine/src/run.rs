//! The engine itself: an experiment in, findings out, nothing recomputed that did not change.

use std::collections::HashMap;
use std::rc::Rc;
use sweetspot_methods::attribution::Attribute;
use sweetspot_nn::logits::{logits_sha256, softmax, top};

use burn::tensor::Device;
use web_time::Instant;

use super::discover::{InputKey, TokensKey};
use super::model::{Model, Pruned, class_names};
use super::own;
use super::picture::{Opened, Seen};
use super::recent::Recent;
use super::stimulate::Trials;
use crate::sweep::runner::Runner;
use sweetspot_core::assets::Assets;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::discovery::Tokens;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Attribution, DeviceChoice, Experiment, ImageRef, Pruning, Target};
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::side::Side;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::architectures::offers::OWN;
use sweetspot_nn::device::values;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::network::Network;
use sweetspot_packs::scenes::{Pack, SCENES};
use sweetspot_protocol::{DeviceReport, Finding, MapReport, Measured, OwnWeights, Picture, Prediction, Predictions, Stage};

/// How many pictures, predictions, maps, and inputs and tokens of looks for objects are kept.
const KEPT_PICTURES: usize = 4;
const KEPT_LOGITS: usize = 16;
const KEPT_MAPS: usize = 8;
const KEPT_INPUTS: usize = 4;
const KEPT_TOKENS: usize = 6;

/// What a run says while it goes.
#[allow(
    clippy::large_enum_variant,
    reason = "large on 64-bit machines only, and an event lives for one call; a box would cost more than the move"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// How far it is: what, done, of how many (0 where unknown).
    Progress(Stage, u64, u64),
    /// A part of the answer.
    Found(Finding),
}

/// Where a run's events go.
pub type Sink = Rc<dyn Fn(Event)>;

/// A network in an experiment: a model, and its pruning on the pruned side.
pub type NetworkKey = (String, Option<PruningKey>);
/// Criterion, scope, sparsity's bits, seed, whether normalisation is estimated anew.
pub type PruningKey = (Criterion, Scope, u64, u64, bool);
/// A network on an image.
pub type PassKey = (NetworkKey, ImageRef);
/// A map: a pass, the method with its parameters, the class.
pub type MapKey = (PassKey, Attribution, usize);
/// A map with its report.
pub type FoundMap = Rc<(ChannelMap, MapReport)>;

/// An experiment's networks on its picture.
pub struct Scene {
    pub(crate) experiment: Experiment,
    pub(crate) model: Rc<Model>,
    pub(crate) seen: Rc<Seen>,
    pub(crate) pruned: Rc<Pruned>,
    pub(crate) tap: String,
    label: Option<usize>,
    classes: Rc<Vec<String>>,
}

impl Scene {
    /// The network of a side; without pruning both are the dense one.
    pub fn network(&self, side: Side) -> &Network {
        let same = side == Side::Dense || self.experiment.pruning.is_dense();
        if same { &self.model.dense } else { &self.pruned.network }
    }

    /// What a method works on.
    pub fn context<'a>(&'a self, side: Side, target: usize, batch: usize, bounds: &'a [(f32, f32)], job: &'a Job) -> Context<'a> {
        let input = self.seen.input.clone();
        let (parameters, tap) = (&self.experiment.attribution, self.tap.as_str());
        Context { network: self.network(side), input, target, parameters, tap, batch, bounds, job }
    }

    pub(crate) fn pass(&self, side: Side) -> PassKey {
        let pruning = if side == Side::Dense { None } else { key(&self.experiment.pruning) };
        ((self.model.card.id.clone(), pruning), self.experiment.image.clone())
    }

    pub(crate) fn map_key(&self, side: Side, target: usize) -> MapKey {
        (self.pass(side), self.experiment.attribution.clone(), target)
    }
}

/// What a spare pass came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Settling {
    /// Another one would help.
    GoesOn,
    /// The network is as quick as it gets: the median time of its passes in milliseconds, where it is known.
    Settled(Option<f64>),
}

/// Owns the device and everything on it.
pub struct Engine {
    device: Device,
    /// What it runs on.
    pub report: DeviceReport,
    pub(crate) assets: Rc<dyn Assets>,
    classes: Option<Rc<Vec<String>>>,
    models: HashMap<String, Rc<Model>>,
    pictures: Recent<ImageRef, Rc<Opened>>,
    pack: Option<Rc<Pack>>,
    seen: Recent<(String, ImageRef), Rc<Seen>>,
    pruned: Recent<NetworkKey, Rc<Pruned>>,
    logits: Recent<PassKey, Rc<Vec<f32>>>,
    maps: Recent<MapKey, FoundMap>,
    pub(crate) measured: Recent<(MapKey, Measure), Rc<Measured>>,
    pub(crate) inputs: Recent<InputKey, Rc<Input>>,
    pub(crate) tokens: Recent<TokensKey, Rc<Tokens>>,
    pub(crate) sweeping: Option<Runner>,
    pub(crate) trials: Trials,
    last: Option<(Rc<Model>, Rc<Seen>)>,
}

impl Engine {
    /// An engine on a tested device.
    pub fn new(device: Device, report: DeviceReport, assets: Rc<dyn Assets>) -> Self {
        Self {
            device,
            report,
            assets,
            classes: None,
            models: HashMap::new(),
            pictures: Recent::new(KEPT_PICTURES),
            pack: None,
            seen: Recent::new(KEPT_PICTURES),
            pruned: Recent::new(1),
            logits: Recent::new(KEPT_LOGITS),
            maps: Recent::new(KEPT_MAPS),
            measured: Recent::new(2 * Measure::all().count()),
            inputs: Recent::new(KEPT_INPUTS),
            tokens: Recent::new(KEPT_TOKENS),
            sweeping: None,
            trials: Trials::default(),
            last: None,
        }
    }

    /// Takes a picture.
    pub fn open(&mut self, picture: Picture) -> Result<()> {
        let opened = Opened::new(picture)?;
        self.pictures.put(opened.image.clone(), Rc::new(opened));
        Ok(())
    }

    /// Images that go through a network at once: a GPU wants work for all its cores, a CPU small buffers.
    pub fn batch(&self) -> usize {
        if self.report.device == DeviceChoice::Gpu { 10 } else { 1 }
    }

    /// Computes everything an experiment shows, the quick parts first.
    pub async fn run(&mut self, experiment: &Experiment, stop: &Stop, sink: &Sink) -> Result<()> {
        let scene = self.scene(experiment, stop, sink).await?;
        let targets = self.targets(&scene, stop, sink).await?;
        self.maps(&scene, &targets, stop, sink).await.map(drop)
    }

    /// Both networks' maps, told as they are ready.
    pub async fn maps(&mut self, scene: &Scene, targets: &[usize], stop: &Stop, sink: &Sink) -> Result<Vec<FoundMap>> {
        let mut maps = Vec::new();
        for (side, target) in Side::BOTH.into_iter().zip(targets) {
            let map = self.map(scene, side, *target, stop, sink).await?;
            sink(Event::Found(Finding::Map(MapReport { side, ..map.1.clone() })));
            maps.push(map);
        }
        Ok(maps)
    }

    /// Sets up an experiment's networks and its picture.
    pub async fn scene(&mut self, experiment: &Experiment, stop: &Stop, sink: &Sink) -> Result<Scene> {
        experiment.check()?;
        let imagenet = self.classes().await?;
        let model = self.model(&experiment.model, sink).await?;
        let classes = Rc::new(model.answers(&imagenet));
        let tap = model.tap(experiment.attribution.tap.as_deref())?.to_string();
        experiment.attribution.method.check(model.architecture.attends)?;
        let picture = self.picture(&experiment.image).await?;
        let label = picture.label.filter(|_| knows(&model, &experiment.image));
        check_target(experiment.target, label, classes.len())?;
        sink(Event::Found(Finding::Model(model.report())));
        let seen = self.see(&model, &picture)?;
        sink(Event::Found(Finding::View(seen.view.clone())));
        self.last = Some((model.clone(), seen.clone()));
        let pruned = self.prune(&model, &experiment.pruning, stop, sink).await?;
        sink(Event::Found(Finding::Sparsity(pruned.report.clone())));
        Ok(Scene { experiment: experiment.clone(), model, seen, pruned, tap, label, classes })
    }

    /// What both networks say, and the class each of them explains.
    pub async fn targets(&mut self, scene: &Scene, stop: &Stop, sink: &Sink) -> Result<Vec<usize>> {
        let stage = if scene.model.is_warm() { Stage::Predicting } else { Stage::Preparing };
        let job = self.job(stage, stop, sink);
        let mut targets: Vec<usize> = Vec::new();
        for (done, side) in Side::BOTH.into_iter().enumerate() {
            job.step(done as u64, 2).await?;
            let logits = self.predict(&scene.pass(side), &scene.model, scene.network(side), &scene.seen).await?;
            let own = top(&logits, 1)[0];
            let target = match scene.experiment.target {
                Target::Predicted => own,
                Target::DensePredicted => targets.first().copied().unwrap_or(own),
                Target::Labelled => scene.label.unwrap_or(own),
                Target::Class(index) => index,
            };
            targets.push(target);
            let found = match scene.model.card.classes {
                0 => features(side, &logits, target, &scene.classes),
                _ => predictions(side, &logits, target, &scene.classes),
            };
            sink(Event::Found(Finding::Predictions(found)));
        }
        Ok(targets)
    }

    /// A network's map, with its report; shown while it is on its way.
    async fn map(&mut self, scene: &Scene, side: Side, target: usize, stop: &Stop, sink: &Sink) -> Result<FoundMap> {
        let stage = if side == Side::Dense { Stage::DenseMap } else { Stage::PrunedMap };
        let job = self.job(stage, stop, sink);
        job.step(0, 0).await?;
        let key = scene.map_key(side, target);
        if let Some(map) = self.maps.get(&key) {
            return Ok(map);
        }
        let job = job.showing({
            let sink = sink.clone();
            move |map| sink(Event::Found(Finding::Map(report(&map, side, target))))
        });
        let bounds = scene.model.card.input.bounds();
        let context = scene.context(side, target, self.batch(), &bounds, &job);
        let start = Instant::now();
        let map = scene.experiment.attribution.method.attribute(&context).await?;
        let millis = millis(start);
        let (place, scores) = scene.seen.score(&map);
        let report = MapReport { place, scores, complete: true, millis, ..report(&map, side, target) };
        let found = Rc::new((map, report));
        self.maps.put(key, found.clone());
        Ok(found)
    }

    /// A picture that was opened, or a scene of the shipped pack.
    pub async fn picture(&mut self, image: &ImageRef) -> Result<Rc<Opened>> {
        if let Some(opened) = self.pictures.get(image) {
            return Ok(opened);
        }
        let ImageRef::Scene(index) = image else { return Err(missing_picture(image)) };
        let opened = Rc::new(Opened::scene(&*self.pack().await?, *index)?);
        self.pictures.put(image.clone(), opened.clone());
        Ok(opened)
    }

    /// The shipped pack of scenes, loaded once.
    pub async fn pack(&mut self) -> Result<Rc<Pack>> {
        if let Some(pack) = &self.pack {
            return Ok(pack.clone());
        }
        let pack = Rc::new(Pack::load(&*self.assets, SCENES).await?);
        self.pack = Some(pack.clone());
        Ok(pack)
    }

    /// A model by its id, loaded once.
    pub async fn model(&mut self, id: &str, sink: &Sink) -> Result<Rc<Model>> {
        if let Some(model) = self.models.get(id) {
            return Ok(model.clone());
        }
        let progress = |done, total| sink(Event::Progress(Stage::Weights, done, total));
        let model = Rc::new(Model::load(&*self.assets, id, &self.device, &progress).await?);
        self.models.insert(id.into(), model.clone());
        Ok(model)
    }

    /// Takes a weights file of somebody's own, and the model it makes in place of the last one of this kind.
    pub async fn open_weights(&mut self, name: &str, bytes: Vec<u8>, wanted: Option<&str>) -> Result<OwnWeights> {
        let (model, told) = own::open(&*self.assets, name, bytes, wanted, &self.device).await?;
        // Such a model is large; nobody compares two of them.
        self.models.retain(|id, _| !id.starts_with(OWN));
        (self.last, self.sweeping) = (None, None);
        self.models.insert(told.id.clone(), Rc::new(model));
        Ok(told)
    }

    /// Runs one spare pass of the network that answered last, if that makes it quicker; otherwise, or when done, the time of its passes.
    pub async fn settle(&mut self) -> Result<Settling> {
        let Some((model, seen)) = self.last.clone() else { return Ok(Settling::Settled(None)) };
        if !model.wants_warming() {
            return Ok(Settling::Settled(model.pass_millis()));
        }
        let start = Instant::now();
        values(model.dense.logits(seen.input.clone())).await?;
        model.passed(millis(start));
        Ok(Settling::GoesOn)
    }

    async fn classes(&mut self) -> Result<Rc<Vec<String>>> {
        if let Some(classes) = &self.classes {
            return Ok(classes.clone());
        }
        let classes = Rc::new(class_names(&*self.assets).await?);
        self.classes = Some(classes.clone());
        Ok(classes)
    }

    fn see(&mut self, model: &Model, picture: &Opened) -> Result<Rc<Seen>> {
        let key = (model.card.id.clone(), picture.image.clone());
        if let Some(seen) = self.seen.get(&key) {
            return Ok(seen);
        }
        let seen = Rc::new(picture.seen(&model.card.input, &self.device)?);
        self.seen.put(key, seen.clone());
        Ok(seen)
    }

    pub(crate) async fn prune(&mut self, model: &Model, pruning: &Pruning, stop: &Stop, sink: &Sink) -> Result<Rc<Pruned>> {
        let job = self.job(Stage::Pruning, stop, sink);
        job.step(0, 0).await?;
        let key = (model.card.id.clone(), key(pruning));
        if let Some(pruned) = self.pruned.get(&key) {
            return Ok(pruned);
        }
        let pruned = Rc::new(model.pruned(pruning, &*self.assets, &job).await?);
        self.pruned.put(key, pruned.clone());
        Ok(pruned)
    }

    async fn predict(&mut self, pass: &PassKey, model: &Model, network: &Network, seen: &Seen) -> Result<Rc<Vec<f32>>> {
        if let Some(logits) = self.logits.get(pass) {
            return Ok(logits);
        }
        let start = Instant::now();
        let logits = Rc::new(values(network.logits(seen.input.clone())).await?);
        model.passed(millis(start));
        if let Some(bad) = logits.iter().find(|v| !v.is_finite()) {
            return Err(Error::Device { device: self.report.name.clone(), reason: format!("the network's answer holds {bad}") });
        }
        self.logits.put(pass.clone(), logits.clone());
        Ok(logits)
    }

    pub(crate) fn job(&self, stage: Stage, stop: &Stop, sink: &Sink) -> Job {
        let sink = sink.clone();
        Job::new(stop.clone(), move |done, total| sink(Event::Progress(stage, done, total)))
    }
}

/// Milliseconds since a start.
pub fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// A map for a reader, without its scores.
fn report(map: &ChannelMap, side: Side, target: usize) -> MapReport {
    MapReport {
        side,
        target,
        side_length: map.width,
        values: map.reduced(),
        signed: map.signed,
        place: None,
        scores: Vec::new(),
        total: map.total,
        sum: map.values.iter().map(|v| f64::from(*v)).sum::<f64>() as f32,
        complete: false,
        millis: 0.0,
    }
}

/// `None` for no pruning, so that both sides are the same network then.
pub fn key(pruning: &Pruning) -> Option<PruningKey> {
    let Pruning { criterion, scope, sparsity, seed, re_estimate } = *pruning;
    (!pruning.is_dense()).then(|| (criterion, scope, sparsity.to_bits(), seed, re_estimate))
}

/// Whether a picture's label is one of a model's classes.
fn knows(model: &Model, image: &ImageRef) -> bool {
    matches!(image, ImageRef::Scene(_)) == model.card.pack.is_some()
}

fn missing_picture(image: &ImageRef) -> Error {
    let (what, reason) = match image {
        ImageRef::Gallery(id) => {
            (format!("picture '{}'", id.chars().take(60).collect::<String>()), "the gallery has no such picture; choose another")
        }
        ImageRef::Scene(index) => (format!("scene {index}"), "the pack has no such scene; choose another"),
        ImageRef::Own(_) => ("your picture".into(), "pictures of your own are not part of a link; open the file again"),
    };
    Error::Missing { what, reason: reason.into() }
}

/// Checks that a target can be had.
pub fn check_target(target: Target, label: Option<usize>, classes: usize) -> Result<()> {
    match target {
        Target::Labelled if label.is_none() => {
            Err(Error::Missing { what: "the picture's label".into(), reason: "this picture has none; choose another target".into() })
        }
        Target::Class(index) if index >= classes => Err(Error::bad_value("target", index, &format!("a class index below {classes}"))),
        _ => Ok(()),
    }
}

/// The answer of a network without classes, for a reader: nothing is predicted, and the feature that is explained has no probability.
pub fn features(side: Side, answer: &[f32], target: usize, names: &[String]) -> Predictions {
    let target = Prediction { index: target, label: names.get(target).cloned().unwrap_or_default(), probability: 0.0 };
    Predictions { side, top: Vec::new(), target, logits_sha256: logits_sha256(answer) }
}

/// Logits for a reader.
pub fn predictions(side: Side, logits: &[f32], target: usize, classes: &[String]) -> Predictions {
    let probabilities = softmax(logits);
    let prediction =
        |index: usize| Prediction { index, label: classes.get(index).cloned().unwrap_or_default(), probability: probabilities[index] };
    Predictions {
        side,
        top: top(logits, 5).into_iter().map(prediction).collect(),
        target: prediction(target),
        logits_sha256: logits_sha256(logits),
    }
}
