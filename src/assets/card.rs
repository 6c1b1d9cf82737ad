//! A network's card, as the page reads it.

use serde_json::Value;

use super::fields::{count, items, missing, needed, number, some_text, text, texts, words};
use sweetspot_core::attribution::setting::Settings;
use sweetspot_core::discovery::Method;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::{OWN, Pruning};
use sweetspot_core::pruning::Criterion;
use sweetspot_protocol::OwnWeights;

/// How many classes ImageNet has, and the file with their names.
pub const IMAGENET: usize = 1000;
const IMAGENET_NAMES: &str = "imagenet_classes.json";

/// A network's card, `models/ID.json`. Only the id is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its name in experiments.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// The year it was published.
    pub year: String,
    /// The licence of its weights.
    pub licence: String,
    /// Where it is from.
    pub source: String,
    /// One sentence about it.
    pub says: String,
    /// Its architecture.
    pub architecture: String,
    /// How many classes it knows; 0 where its answers are features.
    pub classes: Option<usize>,
    /// The list of its classes' names beside the card; ImageNet's unless given.
    pub labels: Option<String>,
    /// The pack whose scenes show these classes; the gallery's photos unless given.
    pub pack: Option<String>,
    /// Other weights of it: pruned and trained on, or not trained at all.
    pub checkpoints: Vec<Checkpoint>,
    /// Bytes of its weights; 0 where that is not known.
    pub download: u64,
    /// How well it does.
    pub accuracy: Accuracy,
    /// Weights that can be pruned.
    pub prunable: Option<usize>,
    /// Layers that can be looked at, in order.
    pub taps: Vec<String>,
    /// The one that is looked at unless told otherwise.
    pub default_tap: Option<String>,
    /// Where objects are looked for unless told otherwise.
    pub discovery: Vec<DiscoveryDefaults>,
}

/// Where a method looks for objects unless told otherwise, and what it finds there.
#[derive(Debug, Clone, PartialEq)]
pub struct DiscoveryDefaults {
    /// The method.
    pub method: Method,
    /// The layer.
    pub tap: String,
    /// The parameters that are not as usual.
    pub settings: Settings,
    /// What the choice was made on, and how often the object is found there.
    pub chosen: Option<Share>,
    /// The same on other pictures.
    pub measured: Option<Share>,
}

/// How well a network does on some images.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accuracy {
    /// How many images were counted.
    pub images: usize,
    /// On how many the first choice is right.
    pub top1: usize,
    /// On how many one of the first five is right.
    pub top5: usize,
    /// Which images they were.
    pub on: String,
}

/// Other weights of a card's network.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The criterion that stands for how it was made.
    pub method: String,
    /// Seed of the training.
    pub seed: u64,
    /// Share of the weights that are zero.
    pub sparsity: f64,
    /// How well it does.
    pub accuracy: Option<Share>,
    /// The log of its training, beside the card.
    pub log: Option<String>,
}

/// So many of so many.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Of what.
    pub on: String,
    /// How many.
    pub right: usize,
    /// Of how many.
    pub of: usize,
}

impl Card {
    /// Reads a card.
    pub fn read(value: &Value) -> Result<Self> {
        let said = |name: &str| value.get(name).map(words).unwrap_or_default();
        Ok(Self {
            id: needed(value, "id")?,
            title: text(value, "title"),
            year: said("year"),
            licence: said("licence"),
            source: said("source"),
            says: text(value, "says"),
            architecture: text(value, "architecture"),
            classes: count(value, "classes"),
            labels: some_text(value, "labels"),
            pack: some_text(value, "pack"),
            checkpoints: items(value, "checkpoints").iter().map(Checkpoint::read).collect::<Result<_>>()?,
            download: value.get("weights").and_then(|weights| count(weights, "bytes")).unwrap_or(0) as u64,
            accuracy: value.get("accuracy").map(Accuracy::read).unwrap_or_default(),
            prunable: count(value, "prunable"),
            taps: texts(value, "taps"),
            default_tap: some_text(value, "default_tap"),
            discovery: items(value, "discovery").iter().filter_map(DiscoveryDefaults::read).collect(),
        })
    }

    /// The card of a network of the reader's own weights, with the classes and pictures of a shipped network like it.
    pub fn of_own(own: &OwnWeights, like: Option<Self>) -> Self {
        let (labels, pack) = like.map(|card| (card.labels, card.pack)).unwrap_or_default();
        Self {
            id: own.id.clone(),
            title: own.title.clone(),
            year: String::new(),
            licence: String::new(),
            source: String::new(),
            says: own.says.clone(),
            architecture: own.architecture.clone(),
            classes: Some(own.classes),
            labels,
            pack,
            checkpoints: Vec::new(),
            download: 0,
            accuracy: Accuracy::default(),
            prunable: Some(own.model.prunable),
            taps: own.model.taps.clone(),
            default_tap: Some(own.model.default_tap.clone()),
            discovery: Vec::new(),
        }
    }

    /// What to call the network.
    pub fn name(&self) -> String {
        if self.title.is_empty() { self.id.clone() } else { self.title.clone() }
    }

    /// Whether it is made of a file of the reader's own.
    pub fn is_own(&self) -> bool {
        self.id.starts_with(OWN)
    }

    /// Whether it was trained for this page.
    pub fn is_trained_here(&self) -> bool {
        self.pack.is_some() && !self.is_own()
    }

    /// The file with the names of its classes; `None` where they have no names.
    pub fn names(&self) -> Option<&str> {
        self.labels.as_deref().or_else(|| self.classes.is_none_or(|classes| classes == IMAGENET).then_some(IMAGENET_NAMES))
    }

    /// Its checkpoints made by a criterion.
    pub fn made_by(&self, criterion: Criterion) -> impl Iterator<Item = &Checkpoint> {
        self.checkpoints.iter().filter(move |checkpoint| checkpoint.method == criterion.id())
    }

    /// The sparsities of its checkpoints made by a criterion with a seed, in order.
    pub fn stops(&self, criterion: Criterion, seed: u64) -> Vec<f64> {
        let mut stops: Vec<f64> = self.made_by(criterion).filter(|one| one.seed == seed).map(|one| one.sparsity).collect();
        stops.sort_by(f64::total_cmp);
        stops
    }

    /// The seeds of its checkpoints made by a criterion, in order.
    pub fn seeds(&self, criterion: Criterion) -> Vec<u64> {
        let mut seeds: Vec<u64> = self.made_by(criterion).map(|one| one.seed).collect();
        seeds.sort_unstable();
        seeds.dedup();
        seeds
    }

    /// The checkpoint that a pruning loads, if it is exactly one of these.
    pub fn checkpoint(&self, pruning: &Pruning) -> Option<&Checkpoint> {
        self.made_by(pruning.criterion).find(|one| one.seed == pruning.seed && one.sparsity == pruning.sparsity)
    }
}

/// So many of so many, if the value says it.
fn share(value: &Value) -> Option<Share> {
    Some(Share { on: text(value, "on"), right: count(value, "right")?, of: count(value, "of")? })
}

impl DiscoveryDefaults {
    fn read(value: &Value) -> Option<Self> {
        let method = Method::from_id(&text(value, "method")).ok()?;
        let mut settings = Settings::default();
        for (id, wished) in value.get("settings").and_then(Value::as_object).into_iter().flatten() {
            // What does not fit is left as usual.
            let _ = settings.set(method.info().settings, id, wished.as_str().unwrap_or_default());
        }
        let found = |name: &str| value.get(name).and_then(share);
        Some(Self { method, tap: some_text(value, "tap")?, settings, chosen: found("chosen"), measured: found("measured") })
    }
}

impl Accuracy {
    fn read(value: &Value) -> Self {
        let number = |name: &str| count(value, name).unwrap_or(0);
        Self { images: number("images"), top1: number("top1"), top5: number("top5"), on: text(value, "on") }
    }
}

impl Checkpoint {
    /// Whether its share says how often it answers as the dense network, and not how often it is right.
    pub fn compares(&self) -> bool {
        self.method == Criterion::Distilled.id()
    }

    fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            method: needed(value, "method")?,
            seed: count(value, "seed").unwrap_or(0) as u64,
            sparsity: number(value, "sparsity").ok_or_else(|| missing("sparsity"))?,
            accuracy: value.get("accuracy").and_then(share),
            log: some_text(value, "log"),
        })
    }
}
