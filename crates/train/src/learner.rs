//! One step of learning: a batch through the network, the loss's gradients back, parameters moved.

use burn::tensor::{Device, Tensor, TensorData};

use super::optimiser::{Optimiser, Rule};
use sweetspot_core::error::Result;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::logits::softmax;
use sweetspot_nn::network::Network;
use sweetspot_nn::parameters;
use sweetspot_nn::parameters::Parameters;
use sweetspot_nn::recorded::Recorded;
use sweetspot_nn::weights::Weights;

/// How much of a batch's statistics goes into the running ones, as in torch.
const MOMENTUM: f32 = 0.1;

/// A network that learns.
pub struct Learner {
    /// Its architecture.
    pub architecture: &'static Architecture,
    /// Its parameters and running statistics.
    pub parameters: Parameters,
    /// 1 for weights that are kept and 0 for pruned ones; a tensor without an entry is kept whole.
    pub mask: Parameters,
    /// What moves the parameters.
    pub optimiser: Optimiser,
    /// Where it learns.
    pub device: Device,
    decayed: Vec<String>,
}

impl Learner {
    /// A network that has learnt nothing yet.
    pub fn new(architecture: &'static Architecture, parameters: Parameters, rule: Rule, decay: f64, device: &Device) -> Self {
        let decayed = (architecture.layers)().iter().map(|layer| layer.weight_name()).collect();
        let optimiser = Optimiser::new(rule, decay);
        Self { architecture, parameters, mask: Parameters::new(), optimiser, device: device.clone(), decayed }
    }

    /// Its weights on the host.
    pub async fn weights(&self) -> Result<Weights> {
        parameters::take(self.architecture, &self.parameters).await
    }

    /// Learns from a batch: images [n, 3, side, side] row by row and their labels, at a rate.
    pub async fn step(&mut self, images: Vec<f32>, labels: &[i32], smoothing: f32, rate: f64) -> Result<Answer> {
        let network = Network::learning(self.architecture, &self.parameters, &self.device);
        let recorded = network.record_learning(self.images(images, labels.len()));
        let answer = Answer::of(&recorded.logits(), labels, smoothing).await?;
        let gradients = recorded.parameter_gradients(answer.seed.clone());
        follow(&mut self.parameters, &recorded);
        drop(recorded);
        let decayed = &self.decayed;
        self.optimiser.step(&mut self.parameters, gradients, rate, |name| decayed.iter().any(|weight| weight == name));
        self.cover();
        Ok(answer)
    }

    /// Gradients of the mean loss on a batch by all parameters.
    pub async fn gradients(&self, images: Vec<f32>, labels: &[i32]) -> Result<Vec<(String, Tensor<4>)>> {
        let network = Network::learning(self.architecture, &self.parameters, &self.device);
        let recorded = network.record_learning(self.images(images, labels.len()));
        Ok(recorded.parameter_gradients(Answer::of(&recorded.logits(), labels, 0.0).await?.seed))
    }

    /// Takes a mask, and sets what it prunes to zero.
    pub fn prune(&mut self, mask: Parameters) {
        self.mask = mask;
        self.cover();
    }

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
}

/// Takes a batch's statistics into the running ones; the variance without bias, as torch does.
fn follow(parameters: &mut Parameters, recorded: &Recorded<'_>) {
    for (name, [mean, variance], count) in recorded.statistics() {
        let variance = variance * (count as f32 / (count as f32 - 1.0).max(1.0));
        for (part, new) in [("running_mean", mean), ("running_var", variance)] {
            let name = format!("{name}.{part}");
            if let Some(old) = parameters.remove(&name) {
                parameters.insert(name, old * (1.0 - MOMENTUM) + new * MOMENTUM);
            }
        }
    }
}

/// How a network answered a batch.
pub struct Answer {
    /// Sum of the scenes' cross-entropies.
    pub loss: f64,
    /// Scenes whose class was found.
    pub right: usize,
    /// The gradient of the mean loss by the logits, [n, classes, 1, 1].
    pub seed: Tensor<4>,
}

impl Answer {
    /// From logits [n, classes] and labels; `smoothing` is the share of a label that goes to all classes evenly.
    pub async fn of(logits: &Tensor<2>, labels: &[i32], smoothing: f32) -> Result<Self> {
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
