//! A model in the engine: its card, its weights on the host, its dense network on the device.

use std::cell::{OnceCell, RefCell};
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::recent::Recent;
use crate::timing::median;
use sweetspot_core::assets::{Assets, check_name};
use sweetspot_core::attribution::Method;
use sweetspot_core::card::{Card, Checkpoint};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_methods::pruning::calibration;
use sweetspot_methods::pruning::calibration::Calibration;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_methods::pruning::prune::{Known, Outcome, Subject, prune};
use sweetspot_methods::pruning::{cost, re_estimate};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::job::Job;
use sweetspot_nn::macs::Work;
use sweetspot_nn::network::Network;
use sweetspot_nn::own_architectures::{OWN, OwnArchitecture};
use sweetspot_nn::weights::{Weights, check_hash};
use sweetspot_protocol::{ModelReport, SparsityReport};

/// How many passes the shown time is the median of.
const REMEMBERED_PASSES: usize = 5;

/// How many checkpoints' weights are kept.
const KEPT_CHECKPOINTS: usize = 3;

/// After how many passes a network is as quick as it gets.
const SETTLED_PASSES: usize = 14;

/// The longest pass, in milliseconds, that is run to spare.
const SPARE_PASS: f64 = 300.0;

/// A loaded model.
pub struct Model {
    /// Its card.
    pub card: Card,
    /// Its architecture.
    pub architecture: &'static Architecture,
    /// The dense weights.
    pub weights: Weights,
    /// The dense network.
    pub dense: Network,
    /// Its own classes' names, where they are not ImageNet's.
    labels: Option<Vec<String>>,
    passes: RefCell<Passes>,
    calibration: RefCell<Option<Rc<Calibration>>>,
    known: Known,
    checkpoints: RefCell<Recent<String, Weights>>,
    /// How often a pass uses each weight.
    work: OnceCell<Work>,
}

/// A pruned network.
pub struct Pruned {
    /// The network.
    pub network: Network,
    /// Its weights.
    pub weights: Weights,
    /// Which weights are left.
    pub mask: Mask,
    /// How many of which layer.
    pub report: SparsityReport,
}

/// Times of forward passes.
#[derive(Default)]
struct Passes {
    seen: usize,
    last: f64,
    recent: VecDeque<f64>,
}

impl Model {
    /// Reads a model's card and weights, checks them, and places the dense network.
    pub async fn load(assets: &dyn Assets, id: &str, device: &Device, progress: &dyn Fn(u64, u64)) -> Result<Self> {
        check_name("model", id)?;
        if let Some(offer) = OwnArchitecture::of(id) {
            return Err(offer.missing());
        }
        if id.starts_with(OWN) {
            let reason = "weights of your own are not part of a link; open the file again".into();
            return Err(Error::Missing { what: "the network's weights".into(), reason });
        }
        let known = model_ids(assets).await?;
        if !known.iter().any(|k| k == id) {
            return Err(Error::unknown("model", id, known.iter().map(String::as_str)));
        }
        let card = Card::of(assets, id).await?;
        let bytes = assets.read(&format!("models/{}", card.weights.file), progress).await?;
        check_hash(id, &bytes, &card.weights.sha256)?;
        let architecture = architecture(&card.architecture)?;
        let weights = Weights::read(architecture, id, &bytes)?;
        let labels = match &card.labels {
            Some(file) => Some(names(assets, file).await?),
            None => None,
        };
        Ok(Self { labels, ..Self::new(card, architecture, weights, device) })
    }

    /// A model of weights at hand.
    pub fn new(card: Card, architecture: &'static Architecture, weights: Weights, device: &Device) -> Self {
        let dense = Network::new(architecture, &weights, device);
        let (passes, calibration, work) = Default::default();
        let (known, checkpoints) = (Known::default(), RefCell::new(Recent::new(KEPT_CHECKPOINTS)));
        Self { card, architecture, weights, dense, labels: None, passes, calibration, known, checkpoints, work }
    }

    /// The network with weights pruned away, and what was pruned. Made from the dense weights each time.
    pub async fn pruned(&self, pruning: &Pruning, assets: &dyn Assets, job: &Job) -> Result<Pruned> {
        pruning.check()?;
        if pruning.criterion.info().kind == Kind::Trained {
            return self.trained(pruning, assets, job).await;
        }
        let looks = !pruning.sparsity.is_zero() && (pruning.criterion.info().calibrated || pruning.re_estimate);
        let calibration = if looks { Some(self.calibration(assets, job).await?) } else { None };
        let subject = Subject {
            architecture: self.architecture,
            weights: &self.weights,
            network: &self.dense,
            side: self.card.input.side,
            calibration: calibration.as_deref(),
            known: &self.known,
        };
        Ok(self.place(prune(&subject, pruning, job).await?))
    }

    /// The network of the checkpoint made by this criterion that is nearest in sparsity, of the seed asked for if there is one.
    async fn trained(&self, pruning: &Pruning, assets: &dyn Assets, job: &Job) -> Result<Pruned> {
        let criterion = pruning.criterion;
        criterion.check(self.architecture.attention, re_estimate::possible(self.architecture), &self.methods())?;
        let distance = |one: &Checkpoint| (one.sparsity.distance(pruning.sparsity), one.seed != pruning.seed, one.seed);
        let own = self.card.checkpoints.iter().filter(|one| one.method == criterion.id());
        let nearest = own.min_by(|a, b| {
            let same = a.sparsity.is_same_round(b.sparsity);
            let ((a, a_other, a_seed), (b, b_other, b_seed)) = (distance(a), distance(b));
            let apart = if same { Ordering::Equal } else { a.total_cmp(&b) };
            apart.then(a_other.cmp(&b_other)).then(a_seed.cmp(&b_seed))
        });
        let Some(checkpoint) = nearest else {
            return Err(Error::Missing { what: "the checkpoint".into(), reason: "reload the page".into() });
        };
        checkpoint.file.split('/').try_for_each(|part| check_name("checkpoint", part))?;
        let known = self.checkpoints.borrow_mut().get(&checkpoint.file);
        let weights = match known {
            Some(weights) => weights,
            None => {
                let progress = |done, total| job.tell(done, total);
                let bytes = assets.read(&format!("models/{}", checkpoint.file), &progress).await?;
                check_hash(&checkpoint.file, &bytes, &checkpoint.sha256)?;
                job.step(bytes.len() as u64, bytes.len() as u64).await?;
                let weights = Weights::read(self.architecture, &checkpoint.file, &bytes)?;
                self.checkpoints.borrow_mut().put(checkpoint.file.clone(), weights.clone());
                weights
            }
        };
        let mask = Mask::of_zeros(self.architecture, &weights);
        let seed = checkpoint.seed;
        let note = format!("Loaded the checkpoint nearest in sparsity, {}, of seed {seed}.", checkpoint.sparsity.percent());
        Ok(self.place(Outcome { weights, mask, note }))
    }

    /// How this model's checkpoints were made.
    fn methods(&self) -> Vec<&str> {
        self.card.checkpoints.iter().map(|one| one.method.as_str()).collect()
    }

    /// The network of a mask on the dense weights.
    pub fn masked(&self, mask: Mask) -> Pruned {
        self.place(Outcome { weights: mask.apply(&self.weights), mask, note: String::new() })
    }

    fn place(&self, Outcome { weights, mask, note }: Outcome) -> Pruned {
        let network = Network::new(self.architecture, &weights, self.dense.device());
        let mut report = mask.report();
        let work = self.work();
        for layer in &mut report.layers {
            layer.places = work.places().find(|(name, _)| *name == layer.name).map_or(0, |(_, places)| places as usize);
        }
        report.stored_bytes = cost::stored_bytes(&report, self.card.parameters);
        report.note = note;
        Pruned { network, weights, mask, report }
    }

    /// The calibration set as this network sees it, with the dense network's first classes; read once.
    pub async fn calibration(&self, assets: &dyn Assets, job: &Job) -> Result<Rc<Calibration>> {
        if let Some(known) = &*self.calibration.borrow() {
            return Ok(known.clone());
        }
        let images = calibration::read(assets, self.card.calibration.as_deref(), &self.card.input, self.dense.device(), job).await?;
        let targets = calibration::own_classes(&self.dense, &images, job).await?;
        let found = Rc::new(Calibration { images, targets });
        *self.calibration.borrow_mut() = Some(found.clone());
        Ok(found)
    }

    fn work(&self) -> &Work {
        let side = self.card.input.side;
        self.work.get_or_init(|| Work::of(&self.dense, Tensor::zeros([1, 3, side, side], self.dense.device())))
    }

    /// What the page is told of the model.
    pub fn report(&self) -> ModelReport {
        let card = &self.card;
        ModelReport {
            id: card.id.clone(),
            weights_sha256: card.weights.sha256.clone(),
            taps: (self.architecture.taps)(),
            default_tap: self.architecture.default_tap.into(),
            prunable: card.prunable,
            parameters: card.parameters,
            absent: Method::all().filter_map(|m| Some((m, m.absent(self.architecture.attention)?.into()))).collect(),
            absent_criteria: Criterion::all()
                .filter_map(|c| {
                    Some((c, c.absent(self.architecture.attention, re_estimate::possible(self.architecture), &self.methods())?))
                })
                .collect(),
            normalised: re_estimate::possible(self.architecture),
        }
    }

    /// What its answers are called: its own classes' names where it has some, ImageNet's where there are as many, numbers where there are others,
    /// and features where there are no classes.
    pub fn answers(&self, imagenet: &[String]) -> Vec<String> {
        if let Some(labels) = &self.labels {
            return labels.clone();
        }
        match self.card.classes {
            0 => (0..self.features()).map(|feature| format!("feature {feature}")).collect(),
            classes if classes == imagenet.len() => imagenet.to_vec(),
            classes => (0..classes).map(|class| format!("class {class}")).collect(),
        }
    }

    /// How many answers it gives: its classes, or its features where there are none.
    pub fn count(&self) -> usize {
        if self.card.classes > 0 { self.card.classes } else { self.features() }
    }

    /// Channels of what the last normalisation gives.
    fn features(&self) -> usize {
        self.weights.tensors().get("norm.weight").map_or(0, |gain| gain.values.len())
    }

    /// The tap of a name, or the default one.
    pub fn tap<'a>(&'a self, wanted: Option<&'a str>) -> Result<&'a str> {
        let Some(tap) = wanted else { return Ok(self.architecture.default_tap) };
        let taps = (self.architecture.taps)();
        match taps.iter().any(|t| t == tap) {
            true => Ok(tap),
            false => Err(Error::unknown("layer", tap, taps.iter().map(String::as_str))),
        }
    }

    /// Whether the network has run before, so that the device is prepared.
    pub fn is_warm(&self) -> bool {
        self.passes.borrow().seen > 0
    }

    /// Remembers a pass's time. The first one prepares the device (shaders, the browser's compiler) and does not count.
    pub fn passed(&self, millis: f64) {
        let mut passes = self.passes.borrow_mut();
        passes.seen += 1;
        passes.last = millis;
        if passes.seen > 1 {
            passes.recent.push_back(millis);
        }
        if passes.recent.len() > REMEMBERED_PASSES {
            passes.recent.pop_front();
        }
    }

    /// Whether another spare pass would make the network quicker: a browser compiles hot loops a second time, for speed, after some passes. Not
    /// where a pass takes so long that somebody would wait for it.
    pub fn wants_warming(&self) -> bool {
        let passes = self.passes.borrow();
        passes.seen < SETTLED_PASSES && passes.last < SPARE_PASS
    }

    /// Median of the last warm passes in milliseconds.
    pub fn pass_millis(&self) -> Option<f64> {
        median(self.passes.borrow().recent.iter().copied())
    }
}

/// The ids of all shipped models.
pub async fn model_ids(assets: &dyn Assets) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Index {
        models: Vec<String>,
    }
    let unreadable = |e: serde_json::Error| Error::Unreadable { what: "list of models".into(), reason: e.to_string() };
    let index: Index = serde_json::from_slice(&assets.read("models/index.json", &|_, _| ()).await?).map_err(unreadable)?;
    Ok(index.models)
}

/// The names of the ImageNet classes, by index.
pub async fn class_names(assets: &dyn Assets) -> Result<Vec<String>> {
    names(assets, "imagenet_classes.json").await
}

/// A list of class names beside the cards.
async fn names(assets: &dyn Assets, file: &str) -> Result<Vec<String>> {
    let unreadable = |e: serde_json::Error| Error::Unreadable { what: "list of classes".into(), reason: e.to_string() };
    serde_json::from_slice(&assets.read(&format!("models/{file}"), &|_, _| ()).await?).map_err(unreadable)
}
