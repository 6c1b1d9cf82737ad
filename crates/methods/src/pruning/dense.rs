//! A dense network's prunable weights: what criteria that look at nothing else are given.

use sweetspot_nn::layer::Layer;
use sweetspot_nn::weights::Weights;

/// Which weights of each layer stay, row by row.
pub type Keep = Vec<Vec<bool>>;

/// Scores of each layer's weights; the lowest go first.
pub type PerWeight = Vec<Vec<f64>>;

/// The prunable layers with their weights.
pub struct Dense<'a> {
    /// The layers, in network order.
    pub layers: &'a [Layer],
    /// The weights of each, row by row.
    pub weights: Vec<&'a [f32]>,
}

impl<'a> Dense<'a> {
    /// Of a network's layers, as `Architecture::layers_of` gives them.
    pub fn of(layers: &'a [Layer], weights: &'a Weights) -> Self {
        Self { layers, weights: layers.iter().map(|layer| &*weights.get(&layer.weight_name()).values).collect() }
    }

    /// The scores of all layers by what scores one.
    pub fn scored(&self, scores: impl FnMut(&&'a [f32]) -> Vec<f64>) -> PerWeight {
        self.weights.iter().map(scores).collect()
    }

    /// How many weights each layer has.
    pub fn sizes(&self) -> Vec<usize> {
        self.weights.iter().map(|layer| layer.len()).collect()
    }

    /// Nothing goes.
    pub fn whole(&self) -> Keep {
        self.weights.iter().map(|layer| vec![true; layer.len()]).collect()
    }
}
