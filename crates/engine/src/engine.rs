//! The engine's state: the device, and networks, pictures, answers and maps that need not be computed again.

use std::collections::HashMap;
use std::rc::Rc;

use burn::tensor::Device;
use web_time::Instant;

use crate::event::{Event, Sink};
use crate::keys::{FoundMap, InputKey, MapKey, NetworkKey, PassKey, TokensKey, key};
use crate::model::{Model, Pruned, class_names};
use crate::picture::{Opened, Seen};
use crate::recent::Recent;
use crate::recognition::Recognition;
use crate::sweep::runner::Runner;
use crate::timing::millis;
use sweetspot_core::assets::Assets;
use sweetspot_core::discovery::Tokens;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{DeviceChoice, Experiment, ImageRef, Pruning};
use sweetspot_core::metrics::Measure;
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::device::values;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::network::Network;
use sweetspot_packs::scenes::{Pack, SCENES};
use sweetspot_protocol::{DeviceReport, Measured, Picture, Stage};

/// How many pictures, predictions, maps, and inputs and tokens of looks for objects are kept.
const KEPT_PICTURES: usize = 4;
const KEPT_LOGITS: usize = 16;
const KEPT_MAPS: usize = 8;
const KEPT_INPUTS: usize = 4;
const KEPT_TOKENS: usize = 6;

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
    pub(crate) device: Device,
    /// What it runs on.
    pub report: DeviceReport,
    pub(crate) assets: Rc<dyn Assets>,
    classes: Option<Rc<Vec<String>>>,
    pub(crate) models: HashMap<String, Rc<Model>>,
    pictures: Recent<ImageRef, Rc<Opened>>,
    pack: Option<Rc<Pack>>,
    seen: Recent<(String, ImageRef), Rc<Seen>>,
    pruned: Recent<NetworkKey, Rc<Pruned>>,
    logits: Recent<PassKey, Rc<Vec<f32>>>,
    pub(crate) maps: Recent<MapKey, FoundMap>,
    pub(crate) measured: Recent<(MapKey, Measure), Rc<Measured>>,
    pub(crate) inputs: Recent<InputKey, Rc<Input>>,
    pub(crate) tokens: Recent<TokensKey, Rc<Tokens>>,
    pub(crate) sweeping: Option<Runner>,
    pub(crate) recognition: Recognition,
    pub(crate) last: Option<(Rc<Model>, Rc<Seen>)>,
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
            recognition: Recognition::default(),
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

    pub(crate) async fn classes(&mut self) -> Result<Rc<Vec<String>>> {
        if let Some(classes) = &self.classes {
            return Ok(classes.clone());
        }
        let classes = Rc::new(class_names(&*self.assets).await?);
        self.classes = Some(classes.clone());
        Ok(classes)
    }

    pub(crate) fn see(&mut self, model: &Model, picture: &Opened) -> Result<Rc<Seen>> {
        let key = (model.card.id.clone(), picture.image.clone());
        if let Some(seen) = self.seen.get(&key) {
            return Ok(seen);
        }
        let seen = Rc::new(picture.seen(&model.card.input, &self.device)?);
        self.seen.put(key, seen.clone());
        Ok(seen)
    }

    /// An experiment's networks, without its picture.
    pub async fn networks(&mut self, experiment: &Experiment, stop: &Stop, sink: &Sink) -> Result<(Rc<Model>, Rc<Pruned>)> {
        experiment.check()?;
        let model = self.model(&experiment.model, sink).await?;
        let pruned = self.prune(&model, &experiment.pruning, stop, sink).await?;
        Ok((model, pruned))
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

    pub(crate) async fn predict(&mut self, pass: &PassKey, model: &Model, network: &Network, seen: &Seen) -> Result<Rc<Vec<f32>>> {
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
