//! What a training does, as a value: the same plan on the same machine gives the same networks.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::optimiser::Rule;
use super::schedule::Schedule;
use sweetspot_core::error::{Error, Result};

/// How pruning and learning take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum TrainingMethod {
    /// Learning, then rounds of pruning a fifth of the remaining weights by global magnitude and learning on, with the learning rate's course
    /// begun anew and the weights kept (Renda et al., 2020; the paper's main method).
    Lrr,
    /// Pruning at once before learning, by SNIP on one batch (Lee et al., 2019; the paper's second method).
    Snip,
}

/// Share of the remaining weights that a round takes away.
pub(crate) const ROUND: f64 = 0.2;

/// A training. Lengths are in scenes shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The architecture's id.
    pub network: String,
    /// How pruning and learning take turns.
    pub kind: TrainingMethod,
    /// Seed of the first weights and of the scenes.
    pub seed: u64,
    /// The optimiser.
    pub rule: Rule,
    /// The highest learning rate.
    pub rate: f64,
    /// The highest learning rate of the rounds after the first stage.
    pub round_rate: f64,
    /// How the rate runs in each stage.
    pub schedule: Schedule,
    /// Share of a stage over which the rate rises.
    pub warm_up: f64,
    /// Decay of layers' weights.
    pub decay: f64,
    /// Share of the label given to all classes evenly (label smoothing; Szegedy et al., 2016).
    pub smoothing: f32,
    /// Scenes a step.
    pub batch: usize,
    /// Scenes an epoch: progress is saved, and accuracy logged, after each.
    pub epoch: usize,
    /// Epochs of the first stage.
    pub epochs: usize,
    /// Epochs of each round after it.
    pub round_epochs: usize,
    /// Rounds of pruning.
    pub rounds: usize,
    /// The sparsity that SNIP prunes to.
    pub sparsity: f64,
    /// sha256 of the data, as [`super::data::Scenes::identity`] gives it.
    pub data: String,
}

impl Plan {
    /// Checks that the numbers make sense.
    pub fn check(&self) -> Result<()> {
        let at_least = |name: &str, value: usize, least: usize| match value >= least {
            true => Ok(()),
            false => Err(Error::bad_value(name, value, &format!("at least {least}"))),
        };
        at_least("batch", self.batch, 2)?;
        at_least("epoch", self.epoch, self.batch)?;
        at_least("epochs", self.epochs, 1)?;
        at_least("round-epochs", self.round_epochs, 1)?;
        let within = |name: &str, value: f64, low: f64, high: f64| match value >= low && value <= high {
            true => Ok(()),
            false => Err(Error::bad_value(name, value, &format!("between {low} and {high}"))),
        };
        within("rate", self.rate, 1e-6, 10.0)?;
        within("round-rate", self.round_rate, 1e-6, 10.0)?;
        within("warm-up", self.warm_up, 0.0, 0.9)?;
        within("decay", self.decay, 0.0, 1.0)?;
        within("smoothing", f64::from(self.smoothing), 0.0, 0.9)?;
        within("sparsity", self.sparsity, 0.0, sweetspot_core::sparsity::Sparsity::MAX.get())?;
        match self.rounds <= 40 {
            true => Ok(()),
            false => Err(Error::bad_value("rounds", self.rounds, "at most 40")),
        }
    }

    /// Stages: the first one and the rounds.
    pub fn stages(&self) -> usize {
        match self.kind {
            TrainingMethod::Lrr => 1 + self.rounds,
            TrainingMethod::Snip => 1,
        }
    }

    /// Epochs of a stage.
    pub(crate) fn epochs_of(&self, stage: usize) -> usize {
        if stage == 0 { self.epochs } else { self.round_epochs }
    }

    /// The rate at a share of a stage, 0 to 1.
    pub(crate) fn rate_at(&self, stage: usize, done: f64) -> f64 {
        let highest = if stage == 0 { self.rate } else { self.round_rate };
        highest * self.schedule.at(done, self.warm_up)
    }
}
