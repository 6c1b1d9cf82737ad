//! Multiply-accumulates: how many products of a weight and a value a pass of one picture sums up.

use burn::tensor::Tensor;

use crate::network::Network;
use crate::tape::Operation;
use crate::weights::Weights;

/// How often a pass uses each weight, found by recording one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Name of a layer's weight, and at how many places each of its values is used.
    places: Vec<(String, u64)>,
    /// Products of values with each other: the scores and sums of attention.
    attention: u64,
}

impl Work {
    /// The work of a picture of some size, [1, 3, h, w]; its values do not matter. A window's zeros of padding count as values, as is usual.
    /// Biases, activations, normalisations and poolings multiply no weight with a value and do not count; nor does what depends on no picture.
    pub fn of(network: &Network, picture: Tensor<4>) -> Self {
        let recorded = network.record(picture);
        let mut work = Self { places: Vec::new(), attention: 0 };
        for operation in recorded.operations().0 {
            match operation {
                Operation::Convolve { layer, size, padding, .. } => {
                    let along = |axis: usize| {
                        let (before, after) = padding[axis];
                        (size[axis] + before + after - layer.layer.shape[2 + axis]) / layer.layer.stride + 1
                    };
                    work.places.push((layer.layer.weight_name(), (along(0) * along(1)) as u64));
                }
                Operation::Attend { attention, .. } => work.attention += attention.macs() as u64,
                Operation::Mix { mixture, .. } => work.attention += mixture.macs() as u64,
                _ => {}
            }
        }
        work
    }

    /// At how many places each weight of a layer is used, by the name of the layer's weight; in the order of the pass.
    pub fn places(&self) -> impl Iterator<Item = (&str, u64)> {
        self.places.iter().map(|(name, places)| (name.as_str(), *places))
    }

    /// Multiply-accumulates with these weights, zeros included: what a device does that does not skip them.
    pub fn done(&self, weights: &Weights) -> u64 {
        self.count(|name| weights.get(name).values.len())
    }

    /// Multiply-accumulates by weights other than zero: what would be left for a device that skips zeros.
    pub fn needed(&self, weights: &Weights) -> u64 {
        self.count(|name| weights.get(name).values.iter().filter(|w| **w != 0.0).count())
    }

    fn count(&self, weights: impl Fn(&str) -> usize) -> u64 {
        self.attention + self.places.iter().map(|(name, places)| places * weights(name) as u64).sum::<u64>()
    }
}
