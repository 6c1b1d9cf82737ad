//! The trainer: stages of learning with pruning between them, saved after every epoch.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};

use super::Split;
use super::data::Scenes;
use super::optimiser::Optimiser;
use super::plan::{Kind, Plan};
use super::pruned;
use super::state::{self, Position};
use crate::cli::output::{io, write};
use crate::device::values;
use crate::engine::run::softmax;
use crate::error::Result;
use crate::models::learning::{self, Parameters};
use crate::models::network::Network;
use crate::models::weights::Weights;
use crate::models::{Architecture, initial};

/// Scenes the accuracy after an epoch is of, and that after a stage.
pub const EPOCH_TEST: usize = 1000;
/// See [`EPOCH_TEST`].
pub const STAGE_TEST: usize = 4000;
/// Seed of the scenes that accuracy is measured on: the same for every network.
const TEST_SEED: u64 = 1_000_000;
/// Scenes that accuracy is measured on at once.
const TEST_BATCH: usize = 250;
/// How much of a batch's statistics goes into the running ones, as in torch.
const MOMENTUM: f32 = 0.1;
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
    architecture: &'static Architecture,
    device: Device,
    folder: PathBuf,
    at: Position,
    parameters: Parameters,
    mask: Parameters,
    optimiser: Optimiser,
    log: String,
    test: Option<f64>,
}

impl<'a> Trainer<'a> {
    /// Begins a training in a folder, or goes on with the one that is there.
    pub fn new(plan: &'a Plan, scenes: &'a Scenes, architecture: &'static Architecture, device: &Device, folder: &Path) -> Result<Self> {
        plan.check()?;
        std::fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
        let state = folder.join("state.safetensors");
        let mut optimiser = Optimiser::new(plan.rule, plan.decay);
        let (at, parameters, mask) = match state.exists() {
            true => {
                let (at, [parameters, first, second, mask]) = state::resume(&state, plan, device)?;
                (optimiser.memory, optimiser.steps) = ([first, second], at.steps);
                (at, parameters, mask)
            }
            false => {
                let weights = initial::weights(architecture, plan.seed)?;
                write(&folder.join("plan.json"), serde_json::to_string_pretty(plan).map_err(|e| io(folder, e))?.as_bytes())?;
                (Position::default(), learning::place(architecture, &weights, device), Parameters::new())
            }
        };
        let log = std::fs::read_to_string(folder.join("log.csv")).unwrap_or_default();
        // What was logged after the state was saved will be done again.
        let log = match at.log {
            0 => HEADS.into(),
            kept => log.get(..kept).unwrap_or(HEADS).to_string(),
        };
        let device = device.clone();
        Ok(Self { plan, scenes, architecture, device, folder: folder.into(), at, parameters, mask, optimiser, log, test: None })
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
        self.optimiser = Optimiser::new(self.plan.rule, self.plan.decay);
        let keep = match (self.plan.kind, self.at.stage) {
            (Kind::Lrr, 0) => return Ok(()),
            (Kind::Lrr, _) => pruned::by_magnitude(self.architecture, &self.weights().await?, &self.mask).await?,
            (Kind::Snip, _) => {
                let (images, labels) = self.scenes.batch(Split::Train, self.plan.seed, 0..self.plan.batch)?;
                let network = Network::learning(self.architecture, &self.parameters, &self.device);
                let recorded = network.record_learning(self.images(images, labels.len()));
                let answer = Answer::of(&recorded.logits(), &labels, 0.0).await?;
                pruned::by_snip(self.architecture, &self.parameters, recorded.parameter_gradients(answer.seed), self.plan.sparsity).await?
            }
        };
        self.mask = keep;
        self.cover();
        Ok(())
    }

    /// Sets pruned weights to zero.
    fn cover(&mut self) {
        for (name, keep) in &self.mask {
            if let Some(weight) = self.parameters.remove(name) {
                self.parameters.insert(name.clone(), weight * keep.clone());
            }
        }
    }

    fn images(&self, values: Vec<f32>, count: usize) -> Tensor<4> {
        let side = (values.len() / count / 3).isqrt();
        Tensor::from_data(TensorData::new(values, [count, 3, side, side]), &self.device)
    }

    async fn epoch(&mut self, tell: &mut impl FnMut(&Progress)) -> Result<()> {
        let began = Instant::now();
        let plan = self.plan;
        let steps = plan.epoch / plan.batch;
        let (first, seed, scenes) = (self.at.scenes, plan.seed, self.scenes);
        let decayed: Vec<String> = (self.architecture.layers)().iter().map(|layer| layer.weight_name()).collect();
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
                let network = Network::learning(self.architecture, &self.parameters, &self.device);
                let recorded = network.record_learning(self.images(images, labels.len()));
                let answer = pollster::block_on(Answer::of(&recorded.logits(), &labels, plan.smoothing))?;
                let gradients = recorded.parameter_gradients(answer.seed);
                self.follow(recorded.statistics());
                drop(recorded);
                rate = plan.rate_at(self.at.stage, (self.at.epoch * steps + step) as f64 / (plan.epochs_of(self.at.stage) * steps) as f64);
                self.optimiser.step(&mut self.parameters, gradients, rate, |name| decayed.iter().any(|weight| weight == name));
                self.cover();
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
            Ok::<(), crate::error::Error>(())
        })?;
        self.at.epoch += 1;
        let shown = (steps * plan.batch) as f64;
        let test = self.measure(&self.weights().await?, EPOCH_TEST).await?;
        self.write_log(rate, loss / shown, right as f64 / shown, EPOCH_TEST, test, began.elapsed().as_secs_f64())
    }

    /// All scenes that the plan shows.
    fn all_scenes(&self) -> usize {
        let steps = self.plan.epoch / self.plan.batch;
        (0..self.plan.stages()).map(|stage| self.plan.epochs_of(stage) * steps * self.plan.batch).sum()
    }

    /// Takes a batch's statistics into the running ones; the variance without bias, as torch does.
    fn follow<'b>(&mut self, statistics: impl Iterator<Item = (&'b str, [Tensor<4>; 2], usize)>) {
        for (name, [mean, variance], count) in statistics {
            let variance = variance * (count as f32 / (count as f32 - 1.0).max(1.0));
            for (part, new) in [("running_mean", mean), ("running_var", variance)] {
                let name = format!("{name}.{part}");
                if let Some(old) = self.parameters.remove(&name) {
                    self.parameters.insert(name, old * (1.0 - MOMENTUM) + new * MOMENTUM);
                }
            }
        }
    }

    /// Measures a stage's network, logs it and writes its weights.
    async fn finish(&mut self) -> Result<()> {
        let began = Instant::now();
        let weights = self.weights().await?;
        let accuracy = self.measure(&weights, STAGE_TEST).await?;
        let name = format!("stage-{:02}.safetensors", self.at.stage);
        write(&self.folder.join(name), &weights.to_safetensors()?)?;
        self.write_log(0.0, f64::NAN, f64::NAN, STAGE_TEST, accuracy, began.elapsed().as_secs_f64())?;
        (self.at.stage, self.at.epoch) = (self.at.stage + 1, 0);
        Ok(())
    }

    async fn weights(&self) -> Result<Weights> {
        learning::take(self.architecture, &self.parameters).await
    }

    /// Share of test scenes whose class is found.
    async fn measure(&self, weights: &Weights, count: usize) -> Result<f64> {
        accuracy(self.architecture, weights, self.scenes, count, &self.device).await
    }

    fn write_log(&mut self, rate: f64, loss: f64, train: f64, scenes: usize, test: f64, seconds: f64) -> Result<()> {
        self.test = Some(test);
        let Position { stage, epoch, scenes: shown, .. } = self.at;
        let (pruned, all) = pruned::count(&self.mask, self.architecture);
        let sparsity = pruned as f64 / all as f64;
        let learning = if loss.is_nan() { ",".into() } else { format!("{loss:.5},{train:.5}") };
        let line = format!("{stage},{sparsity:.6},{epoch},{shown},{rate:.6},{learning},{scenes},{test:.5},{seconds:.1}\n");
        self.log.push_str(&line);
        write(&self.folder.join("log.csv"), self.log.as_bytes())
    }

    async fn save(&mut self) -> Result<()> {
        (self.at.log, self.at.steps) = (self.log.len(), self.optimiser.steps);
        let [first, second] = &self.optimiser.memory;
        state::write(&self.folder.join("state.safetensors"), self.plan, self.at, [&self.parameters, first, second, &self.mask]).await
    }
}

/// Share of the first test scenes whose class a network finds.
pub async fn accuracy(architecture: &'static Architecture, weights: &Weights, scenes: &Scenes, count: usize, device: &Device) -> Result<f64> {
    let network = Network::new(architecture, weights, device);
    let side = scenes.input().side;
    let mut right = 0;
    for start in (0..count).step_by(TEST_BATCH) {
        let (images, labels) = scenes.batch(Split::Test, TEST_SEED, start..(start + TEST_BATCH).min(count))?;
        let images = Tensor::from_data(TensorData::new(images, [labels.len(), 3, side, side]), device);
        right += Answer::of(&network.logits(images), &labels, 0.0).await?.right;
    }
    Ok(right as f64 / count as f64)
}

/// How a network answered a batch.
struct Answer {
    /// Sum of the scenes' cross-entropies.
    loss: f64,
    /// Scenes whose class was found.
    right: usize,
    /// The gradient of the mean loss by the logits, [n, classes, 1, 1].
    seed: Tensor<4>,
}

impl Answer {
    async fn of(logits: &Tensor<2>, labels: &[i32], smoothing: f32) -> Result<Self> {
        let ([n, classes], device) = (logits.dims(), logits.device());
        let (mut loss, mut right, mut seed) = (0.0, 0, Vec::with_capacity(n * classes));
        for (logits, &label) in values(logits.clone()).await?.chunks_exact(classes).zip(labels) {
            let shares = softmax(logits);
            let first = (0..classes).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(0);
            right += usize::from(first == label as usize);
            for (class, share) in shares.into_iter().enumerate() {
                let wanted = smoothing / classes as f32 + if class == label as usize { 1.0 - smoothing } else { 0.0 };
                loss -= f64::from(wanted) * f64::from(share.max(1e-12)).ln();
                seed.push((share - wanted) / n as f32);
            }
        }
        Ok(Self { loss, right, seed: Tensor::from_data(TensorData::new(seed, [n, classes, 1, 1]), &device) })
    }
}
