//! A model's card: which architecture with which weights, what it eats, where it comes from, what it was measured at.

mod read;

use serde::Serialize;

use crate::assets::Assets;
use crate::attribution::setting::Settings;
use crate::discovery::corloc::CorLoc;
use crate::discovery::{Discovery, Method};
use crate::error::Result;
use crate::experiment::{OWN, Pruning};
use crate::few;
use crate::pruning::Criterion;
use crate::sparsity::Sparsity;

/// How many classes ImageNet has, and the file with their names beside the cards.
pub const IMAGENET: usize = 1000;
const IMAGENET_NAMES: &str = "imagenet_classes.json";

/// What is known of a shipped model; `www/models/ID.json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Card {
    /// The model's name in experiments.
    pub id: String,
    /// The name in menus.
    pub title: String,
    /// One plain sentence.
    pub says: String,
    /// The architecture's name.
    pub architecture: String,
    /// Year of the network's publication.
    pub year: u32,
    /// SPDX identifier of the weights' licence.
    pub licence: String,
    /// The licence's text as it came with the weights: a file beside the card.
    pub licence_file: String,
    /// Where the weights come from.
    pub source: String,
    /// What is fed to the network.
    pub input: Recipe,
    /// Number of classes.
    pub classes: usize,
    /// The weights file beside the card.
    pub weights: WeightsFile,
    /// What was measured here.
    pub accuracy: Accuracy,
    /// Weights of convolutions and linear layers: what pruning chooses from.
    pub prunable: usize,
    /// All parameters.
    pub parameters: usize,
    /// Names of the feature maps that can be looked at.
    pub taps: Vec<String>,
    /// The tap of layer methods unless told otherwise.
    pub default_tap: String,
    /// The list of class names beside the card; ImageNet's unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// The pack whose pictures show these classes, a folder of `packs/`; the gallery's photos unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// The pack of scenes in `calibration/` that pruning criteria may look at; the photos there unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<String>,
    /// Other weights of the same network: pruned and trained on, or not trained at all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checkpoints: Vec<Checkpoint>,
    /// Where objects are looked for, a method each, and what came of it; the default tap and the method's usual parameters unless given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discovery: Vec<Discovered>,
}

/// Where a method of discovery looks unless told otherwise, chosen on one set of pictures and measured on another, both at the network's own size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Discovered {
    /// The method's id.
    pub method: String,
    /// The tap.
    pub tap: String,
    /// The method's parameters that are not as usual.
    pub settings: Settings,
    /// What the choice was made on, and what the chosen one found there: too good, since it was chosen so.
    pub chosen: Located,
    /// What it finds on other pictures.
    pub measured: Located,
}

/// In how many pictures the found box was a true one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Located {
    /// On what.
    pub on: String,
    /// Right, of, and the interval.
    #[serde(flatten)]
    pub corloc: CorLoc,
}

/// Other weights of a card's network, loaded when they are asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checkpoint {
    /// How it was made: the id of a criterion that stands for checkpoints, such as `lrr`.
    pub method: String,
    /// Seed of the training.
    pub seed: u64,
    /// Share of the prunable weights that are zero.
    pub sparsity: Sparsity,
    /// The weights file beside the card.
    pub file: String,
    /// sha256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: usize,
    /// What was measured of it, if anything.
    pub accuracy: Option<Share>,
    /// The log of the training it came from, beside the card.
    pub log: Option<String>,
}

impl Checkpoint {
    /// Whether its share says how often it answers as the dense network, and not how often it is right.
    pub fn compares(&self) -> bool {
        self.method == Criterion::Distilled.id()
    }
}

/// So many of so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Of what.
    pub on: String,
    /// How many.
    pub right: usize,
    /// Of how many.
    pub of: usize,
}

/// How a picture becomes an input: short side scaled to `resize`, centre square of `side` cut out, then `(byte - mean) / deviation` a channel.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Recipe {
    /// Side of the square input in pixels.
    pub side: usize,
    /// Length the short side is scaled to before the cut.
    pub resize: usize,
    /// Red, green and blue means on the scale 0 to 255.
    pub mean: [f32; 3],
    /// Divisors on the same scale.
    pub deviation: [f32; 3],
}

impl Recipe {
    /// What black and white become, a channel.
    pub fn bounds(&self) -> Vec<(f32, f32)> {
        self.mean.iter().zip(&self.deviation).map(|(mean, deviation)| (-mean / deviation, (255.0 - mean) / deviation)).collect()
    }
}

/// A weights file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WeightsFile {
    /// The file's name, beside the card.
    pub file: String,
    /// sha256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: usize,
    /// The package the weights were taken from, with its version.
    pub package: String,
    /// sha256 of the file inside the package.
    pub original_sha256: String,
    /// How the numbers are stored.
    pub precision: String,
}

/// Accuracy as measured here: never the figure of a paper.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Accuracy {
    /// On what.
    pub on: String,
    /// Images with a label.
    pub images: usize,
    /// Of these, how many have the label as the most probable class.
    pub top1: usize,
    /// Of these, how many have the label among the five most probable.
    pub top5: usize,
    /// How many images, labelled or not, keep their first class when the weights are stored in half precision, of how many.
    pub same_top1_as_single_precision: (usize, usize),
}

impl Card {
    /// The card of a shipped model.
    pub async fn of(assets: &dyn Assets, id: &str) -> Result<Self> {
        Self::read(&assets.read(&format!("models/{id}.json"), &|_, _| ()).await?)
    }

    /// A discovery as this network does it unless told otherwise. What a card says that does not fit is left as usual.
    pub fn discovery(&self, method: Method) -> Discovery {
        let mut discovery = Discovery::new(method);
        if let Some(known) = self.discovery.iter().find(|known| known.method == method.id()) {
            discovery.tap = Some(known.tap.clone());
            discovery.settings = known.settings.fitting(method.info().settings);
        }
        discovery
    }

    /// What to call the network.
    pub fn name(&self) -> String {
        if self.title.is_empty() { self.id.clone() } else { self.title.clone() }
    }

    /// Whether it is made of a file of the reader's own.
    pub fn is_own(&self) -> bool {
        self.id.starts_with(OWN)
    }

    /// Whether it was trained for this project.
    pub fn is_trained_here(&self) -> bool {
        self.pack.is_some() && !self.is_own()
    }

    /// The file with the names of its classes; `None` where they have no names.
    pub fn names(&self) -> Option<&str> {
        self.labels.as_deref().or_else(|| (self.classes == IMAGENET).then_some(IMAGENET_NAMES))
    }

    /// Its checkpoints made by a criterion.
    pub fn made_by(&self, criterion: Criterion) -> impl Iterator<Item = &Checkpoint> {
        self.checkpoints.iter().filter(move |checkpoint| checkpoint.method == criterion.id())
    }

    /// The sparsities of its checkpoints made by a criterion with a seed, in order.
    pub fn stops(&self, criterion: Criterion, seed: u64) -> Vec<Sparsity> {
        let mut stops: Vec<Sparsity> = self.made_by(criterion).filter(|one| one.seed == seed).map(|one| one.sparsity).collect();
        few::sort(&mut stops);
        stops
    }

    /// The seeds of its checkpoints made by a criterion, in order.
    pub fn seeds(&self, criterion: Criterion) -> Vec<u64> {
        let mut seeds: Vec<u64> = self.made_by(criterion).map(|one| one.seed).collect();
        few::sort(&mut seeds);
        seeds.dedup();
        seeds
    }

    /// The checkpoint that a pruning loads, if it is exactly one of these.
    pub fn checkpoint(&self, pruning: &Pruning) -> Option<&Checkpoint> {
        self.made_by(pruning.criterion).find(|one| one.seed == pruning.seed && one.sparsity == pruning.sparsity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparsity_is_the_same_however_often_it_is_written() {
        for pruned in (0..171_072).step_by(997) {
            let sparsity = Sparsity::of_weights(pruned, 171_072);
            let checkpoint = |sparsity| Checkpoint {
                method: "lrr".into(),
                seed: 0,
                sparsity,
                file: String::new(),
                sha256: String::new(),
                bytes: 0,
                accuracy: None,
                log: None,
            };
            let again = |one: &Checkpoint| {
                let card = Card { checkpoints: vec![one.clone()], ..Card::default() };
                Card::read(&serde_json::to_vec(&card).unwrap()).unwrap().checkpoints.remove(0)
            };
            let written = again(&checkpoint(sparsity));
            assert_eq!(written.sparsity, sparsity);
            assert_eq!(again(&written), written);
        }
    }
}
