//! The trainer: stages of learning with pruning between them, saved after every epoch.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};

use super::Split;
use super::data::Scenes;
use super::learner::{Answer, Learner};
use super::optimiser::Optimiser;
use super::plan::{Plan, TrainingMethod};
use super::pruned;
use super::state::{self, Position};
use crate::files::{io, write};
use sweetspot_core::error::Result;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::initial;
use sweetspot_nn::logits::top;
use sweetspot_nn::network::Network;
use sweetspot_nn::parameters;
use sweetspot_nn::weights::Weights;

/// Scenes the accuracy after an epoch is of.
pub(crate) const EPOCH_TEST: usize = 1000;
/// Scenes the accuracy after a stage is of.
pub const STAGE_TEST: usize = 4000;
/// Scenes of the one batch that SNIP looks at.
const SNIP_SCENES: usize = 256;
/// Seed of the scenes that accuracy is measured on: the same for every network.
const TEST_SEED: u64 = 1_000_000;
/// Scenes that accuracy is measured on at once.
const TEST_BATCH: usize = 250;
/// The log's first line.
const HEADS: &str = "stage,sparsity,epoch,scenes,rate,loss,train_accuracy,test_scenes,test_accuracy,seconds\n";

/// What is told on the way.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The stage under way, and how many there are.
    pub stages: (usize, usize),
    /// Scenes shown and to be shown altogether.
    pub scenes: (usize, usize),
    /// Mean loss of the epoch so far.
    pub loss: f64,
    /// Share of the epoch's scenes so far whose class was found.
    pub accuracy: f64,
    /// The last accuracy on test scenes.
    pub test: Option<f64>,
}

/// A training under way.
pub struct Trainer<'a> {
    plan: &'a Plan,
    scenes: &'a Scenes,
    learner: Learner,
    folder: PathBuf,
    at: Position,
    log: String,
    test: Option<f64>,
}

impl<'a> Trainer<'a> {
    /// Begins a training in a folder, or goes on with the one that is there.
    pub fn new(plan: &'a Plan, scenes: &'a Scenes, architecture: &'static Architecture, device: &Device, folder: &Path) -> Result<Self> {
        plan.check()?;
        std::fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
        let state = folder.join("state.safetensors");
        let (at, learner) = match state.exists() {
            true => {
                let (at, [parameters, first, second, mask]) = state::resume(&state, plan, device)?;
                let mut learner = Learner::new(architecture, parameters, plan.rule, plan.decay, device);
                (learner.optimiser.memory, learner.optimiser.steps, learner.mask) = ([first, second], at.steps, mask);
                (at, learner)
            }
            false => {
                write(&folder.join("plan.json"), serde_json::to_string_pretty(plan).map_err(|e| io(folder, e))?.as_bytes())?;
                let parameters = parameters::place(architecture, &initial::weights(architecture, plan.seed)?, device);
                (Position::default(), Learner::new(architecture, parameters, plan.rule, plan.decay, device))
            }
        };
        let log = std::fs::read_to_string(folder.join("log.csv")).unwrap_or_default();
        // What was logged after the state was saved will be done again.
        let log = match at.log {
            0 => HEADS.into(),
            kept => log.get(..kept).unwrap_or(HEADS).to_string(),
        };
        Ok(Self { plan, scenes, learner, folder: folder.into(), at, log, test: None })
    }

    /// Trains to the end, or until told to stop after an epoch. Says whether it came to the end.
    pub async fn run(&mut self, mut tell: impl FnMut(&Progress), mut goes_on: impl FnMut() -> bool) -> Result<bool> {
        while self.at.stage < self.plan.stages() {
            if self.at.epoch == 0 {
                self.begin().await?;
            }
            while self.at.epoch < self.plan.epochs_of(self.at.stage) {
                if !goes_on() {
                    return Ok(false);
                }
                self.epoch(&mut tell).await?;
                self.save().await?;
            }
            self.finish().await?;
            self.save().await?;
        }
        Ok(true)
    }

    /// Prunes before a stage and forgets the optimiser's memory.
    async fn begin(&mut self) -> Result<()> {
        let (plan, learner) = (self.plan, &mut self.learner);
        learner.optimiser = Optimiser::new(plan.rule, plan.decay);
        let keep = match (plan.kind, self.at.stage) {
            (TrainingMethod::Lrr, 0) => return Ok(()),
            (TrainingMethod::Lrr, _) => {
                pruned::by_magnitude(learner.architecture, &learner.weights().await?, &learner.mask, &learner.device).await?
            }
            (TrainingMethod::Snip, _) => {
                let (images, labels) = self.scenes.batch(Split::Train, plan.seed, 0..SNIP_SCENES)?;
                let gradients = learner.gradients(images, &labels).await?;
                pruned::by_snip(learner.architecture, &learner.parameters, gradients, plan.sparsity, &learner.device).await?
            }
        };
        learner.prune(keep);
        Ok(())
    }

    async fn epoch(&mut self, tell: &mut impl FnMut(&Progress)) -> Result<()> {
        let began = Instant::now();
        let plan = self.plan;
        let steps = plan.epoch / plan.batch;
        let (first, seed, scenes) = (self.at.scenes, plan.seed, self.scenes);
        let (mut loss, mut right, mut rate) = (0.0, 0, 0.0);
        // Scenes are made beside the learning.
        let (give, take) = sync_channel(3);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for step in 0..steps {
                    let start = first + step * plan.batch;
                    if give.send(scenes.batch(Split::Train, seed, start..start + plan.batch)).is_err() {
                        return;
                    }
                }
            });
            for (step, batch) in take.iter().enumerate() {
                let (images, labels) = batch?;
                rate = plan.rate_at(self.at.stage, (self.at.epoch * steps + step) as f64 / (plan.epochs_of(self.at.stage) * steps) as f64);
                let answer = pollster::block_on(self.learner.step(images, &labels, plan.smoothing, rate))?;
                loss += answer.loss;
                right += answer.right;
                self.at.scenes += plan.batch;
                let seen = ((step + 1) * plan.batch) as f64;
                tell(&Progress {
                    stages: (self.at.stage, plan.stages()),
                    scenes: (self.at.scenes, self.all_scenes()),
                    loss: loss / seen,
                    accuracy: right as f64 / seen,
                    test: self.test,
                });
            }
            Ok::<(), sweetspot_core::error::Error>(())
        })?;
        self.at.epoch += 1;
        let shown = (steps * plan.batch) as f64;
        let test = self.measure(EPOCH_TEST).await?;
        self.write_log(rate, loss / shown, right as f64 / shown, EPOCH_TEST, test, began.elapsed().as_secs_f64())
    }

    /// All scenes that the plan shows.
    fn all_scenes(&self) -> usize {
        let steps = self.plan.epoch / self.plan.batch;
        (0..self.plan.stages()).map(|stage| self.plan.epochs_of(stage) * steps * self.plan.batch).sum()
    }

    /// Measures a stage's network, logs it and writes its weights.
    async fn finish(&mut self) -> Result<()> {
        let began = Instant::now();
        let accuracy = self.measure(STAGE_TEST).await?;
        let name = format!("stage-{:02}.safetensors", self.at.stage);
        write(&self.folder.join(name), &self.learner.weights().await?.to_safetensors()?)?;
        self.write_log(0.0, f64::NAN, f64::NAN, STAGE_TEST, accuracy, began.elapsed().as_secs_f64())?;
        (self.at.stage, self.at.epoch) = (self.at.stage + 1, 0);
        Ok(())
    }

    /// Share of test scenes whose class is found.
    async fn measure(&self, count: usize) -> Result<f64> {
        let learner = &self.learner;
        accuracy(learner.architecture, &learner.weights().await?, self.scenes, count, &learner.device).await
    }

    fn write_log(&mut self, rate: f64, loss: f64, train: f64, scenes: usize, test: f64, seconds: f64) -> Result<()> {
        self.test = Some(test);
        let Position { stage, epoch, scenes: shown, .. } = self.at;
        let (pruned, all) = pruned::count(&self.learner.mask, self.learner.architecture);
        let sparsity = pruned as f64 / all as f64;
        let learning = if loss.is_nan() { ",".into() } else { format!("{loss:.5},{train:.5}") };
        let line = format!("{stage},{sparsity:.6},{epoch},{shown},{rate:.6},{learning},{scenes},{test:.5},{seconds:.1}\n");
        self.log.push_str(&line);
        write(&self.folder.join("log.csv"), self.log.as_bytes())
    }

    async fn save(&mut self) -> Result<()> {
        let Learner { optimiser, parameters, mask, .. } = &self.learner;
        (self.at.log, self.at.steps) = (self.log.len(), optimiser.steps);
        let [first, second] = &optimiser.memory;
        state::write(&self.folder.join("state.safetensors"), self.plan, self.at, [parameters, first, second, mask]).await
    }
}

/// Share of the first test scenes whose class a network finds.
pub async fn accuracy(
    architecture: &'static Architecture,
    weights: &Weights,
    scenes: &Scenes,
    count: usize,
    device: &Device,
) -> Result<f64> {
    let network = Network::new(architecture, weights, device);
    let mut right = 0;
    for (images, labels) in tests(scenes, count, device) {
        right += Answer::of(&network.logits(images?), &labels, 0.0).await?.right;
    }
    Ok(right as f64 / count as f64)
}

/// Of the first test scenes: on how many the label is a network's first class, on how many among the first five, and on how many the first class
/// is that of other weights, too.
pub async fn ranks(
    architecture: &'static Architecture,
    weights: &Weights,
    other: &Weights,
    scenes: &Scenes,
    count: usize,
    device: &Device,
) -> Result<(usize, usize, usize)> {
    let (network, other) = (Network::new(architecture, weights, device), Network::new(architecture, other, device));
    let (mut first, mut five, mut same) = (0, 0, 0);
    for (images, labels) in tests(scenes, count, device) {
        let images = images?;
        let [logits, others] = [values(network.logits(images.clone())).await?, values(other.logits(images)).await?];
        let classes = logits.len() / labels.len();
        for ((logits, others), label) in logits.chunks_exact(classes).zip(others.chunks_exact(classes)).zip(labels) {
            let best = top(logits, 5);
            first += usize::from(best[0] == label as usize);
            five += usize::from(best.contains(&(label as usize)));
            same += usize::from(best[0] == top(others, 1)[0]);
        }
    }
    Ok((first, five, same))
}

/// The first test scenes as batches of input with their labels.
fn tests<'a>(scenes: &'a Scenes, count: usize, device: &'a Device) -> impl Iterator<Item = (Result<Tensor<4>>, Vec<i32>)> + 'a {
    let side = scenes.input().side;
    (0..count).step_by(TEST_BATCH).map(move |start| match scenes.batch(Split::Test, TEST_SEED, start..(start + TEST_BATCH).min(count)) {
        Ok((images, labels)) => (Ok(Tensor::from_data(TensorData::new(images, [labels.len(), 3, side, side]), device)), labels),
        Err(error) => (Err(error), Vec::new()),
    })
}
