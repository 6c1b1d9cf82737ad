//! How parameters follow their gradients.

use burn::tensor::Tensor;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use sweetspot_nn::parameters::Parameters;

/// The rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// Stochastic gradient descent with a momentum of 0.9 as torch's `SGD`, decay of weights inside the gradient.
    Sgd,
    /// Adam with decay of weights apart from the gradient, as torch's `AdamW` (Loshchilov and Hutter, 2019).
    AdamW,
}

const MOMENTUM: f32 = 0.9;
const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// The rule with its memory.
pub struct Optimiser {
    rule: Rule,
    /// Decay of layers' weights; biases, normalisations and tokens are not decayed.
    decay: f32,
    /// Means of gradients and, with AdamW, of their squares, by parameter.
    pub memory: [Parameters; 2],
    /// Steps taken.
    pub steps: u32,
}

impl Optimiser {
    /// A rule that remembers nothing yet.
    pub fn new(rule: Rule, decay: f64) -> Self {
        Self { rule, decay: decay as f32, memory: Default::default(), steps: 0 }
    }

    /// Moves parameters by one step of a rate, from their gradients. `decays` says which are decayed.
    pub fn step(&mut self, parameters: &mut Parameters, gradients: Vec<(String, Tensor<4>)>, rate: f64, decays: impl Fn(&str) -> bool) {
        self.steps += 1;
        for (name, gradient) in gradients {
            let Some(parameter) = parameters.remove(&name) else { continue };
            let decay = if decays(&name) { self.decay } else { 0.0 };
            let moved = match self.rule {
                Rule::Sgd => self.descend(&name, parameter, gradient, rate as f32, decay),
                Rule::AdamW => self.adapt(&name, parameter, gradient, rate, decay),
            };
            parameters.insert(name, moved);
        }
    }

    fn descend(&mut self, name: &str, parameter: Tensor<4>, gradient: Tensor<4>, rate: f32, decay: f32) -> Tensor<4> {
        let gradient = if decay > 0.0 { gradient + parameter.clone() * decay } else { gradient };
        let momentum = match self.memory[0].remove(name) {
            Some(momentum) => momentum * MOMENTUM + gradient,
            None => gradient,
        };
        self.memory[0].insert(name.into(), momentum.clone());
        parameter - momentum * rate
    }

    fn adapt(&mut self, name: &str, parameter: Tensor<4>, gradient: Tensor<4>, rate: f64, decay: f32) -> Tensor<4> {
        let squared = gradient.clone() * gradient.clone();
        let mut mean = |of: usize, new: Tensor<4>| {
            let new = new * (1.0 - BETAS[of]) as f32;
            let mean = match self.memory[of].remove(name) {
                Some(old) => old * BETAS[of] as f32 + new,
                None => new,
            };
            self.memory[of].insert(name.into(), mean.clone());
            mean
        };
        let [first, second] = [mean(0, gradient), mean(1, squared)];
        // Means begin at zero, which is made good for.
        let [missing, missing_squared] = BETAS.map(|beta| 1.0 - beta.powi(self.steps as i32));
        let deviation = second.sqrt() * (1.0 / missing_squared.sqrt()) as f32 + EPSILON;
        parameter * (1.0 - rate as f32 * decay) - first / deviation * (rate / missing) as f32
    }
}
