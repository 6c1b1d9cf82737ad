//! What learning needs besides gradients by the input: batch normalisation by a batch's own statistics, and gradients by the parameters.

use std::collections::BTreeMap;

use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Slice, Tensor, TensorData};

use super::layer::{Layer, Norm};
use super::network::Placed;
use super::tape::Step;
use super::tokens;
use super::weights::{Array, Weights};
use crate::architectures::Architecture;
use crate::device;
use sweetspot_core::error::Result;

/// A network's parameters on the device, by torch's names: layers' weights [out, in / groups, height, width], all others [1, channels, places, 1].
pub type Parameters = BTreeMap<String, Tensor<4>>;

/// A network's weights as parameters on the device.
pub fn place(architecture: &Architecture, weights: &Weights, device: &Device) -> Parameters {
    let place = |(name, array): (&String, &Array)| {
        let tensor = match is_weight(architecture, name) {
            true => {
                let mut shape = array.shape.clone();
                shape.resize(4, 1);
                Tensor::from_data(TensorData::new(array.values.to_vec(), shape), device)
            }
            false => tokens::place(array, device),
        };
        (name.clone(), tensor)
    };
    weights.tensors().iter().map(place).collect()
}

/// Parameters on the device as a network's weights.
pub async fn take(architecture: &Architecture, parameters: &Parameters) -> Result<Weights> {
    let mut tensors = BTreeMap::new();
    for (name, shape) in shapes(architecture) {
        // Channels are last in torch's tokens.
        let tensor = match shape.len() {
            3 => parameters[&name].clone().swap_dims(1, 2),
            _ => parameters[&name].clone(),
        };
        let values = device::values(tensor).await?.into();
        tensors.insert(name, Array { shape, values });
    }
    Weights::from_tensors(architecture, architecture.id, tensors)
}

/// Names and shapes of all tensors, as torch stores them.
fn shapes(architecture: &Architecture) -> Vec<(String, Vec<usize>)> {
    (architecture.layers)().iter().flat_map(Layer::tensors).chain((architecture.extras)()).collect()
}

fn is_weight(architecture: &Architecture, name: &str) -> bool {
    (architecture.layers)().iter().any(|layer| layer.weight_name() == name)
}

/// A batch normalisation's parameters on the device.
pub struct PlacedNorm {
    name: String,
    epsilon: f32,
    gain: Tensor<4>,
    shift: Tensor<4>,
}

impl PlacedNorm {
    /// A normalisation with its gain and shift, from parameters on the device.
    pub fn of(norm: &Norm, parameters: &Parameters) -> Self {
        let [gain, shift] = ["weight", "bias"].map(|part| parameters[&format!("{}.{part}", norm.name)].clone());
        Self { name: norm.name.clone(), epsilon: norm.epsilon, gain, shift }
    }
}

/// A batch normalised by its own mean and variance (Ioffe and Szegedy, 2015), with what the gradient needs.
pub struct Standardised<'a> {
    norm: &'a PlacedNorm,
    input: Tensor<4>,
    mean: Tensor<4>,
    variance: Tensor<4>,
}

impl<'a> Standardised<'a> {
    /// Standardises a batch; what the gradient needs, and the output.
    pub fn of(x: Tensor<4>, norm: &'a PlacedNorm) -> (Self, Tensor<4>) {
        let count = places(&x) as f32;
        let mean = channel_sums(x.clone()) / count;
        // Of squares and not of distances: one pass less, and activations are not far from zero compared with their deviation.
        let variance = (channel_sums(x.clone() * x.clone()) / count - mean.clone() * mean.clone()).clamp_min(0.0);
        let this = Self { norm, input: x.clone(), mean, variance };
        let scale = this.scale();
        let output = x * scale.clone() + (norm.shift.clone() - this.mean.clone() * scale);
        (this, output)
    }

    fn deviation(&self) -> Tensor<4> {
        (self.variance.clone() + self.norm.epsilon).sqrt()
    }

    fn scale(&self) -> Tensor<4> {
        self.norm.gain.clone() / self.deviation()
    }

    /// Sum over the batch of the gradient, and of the gradient times the normalised input.
    fn sums(&self, gradient: &Tensor<4>) -> [Tensor<4>; 2] {
        let plain = channel_sums(gradient.clone());
        let along = channel_sums(gradient.clone() * self.input.clone()) - plain.clone() * self.mean.clone();
        [plain, along / self.deviation()]
    }

    /// `scale (g - mean(g) - z mean(g z))` with z the normalised input, written with the input itself.
    pub fn back(&self, gradient: Tensor<4>) -> Tensor<4> {
        let count = places(&gradient) as f32;
        let [plain, along] = self.sums(&gradient).map(|sum| sum / count);
        let scale = self.scale();
        let slope = scale.clone() * along / self.deviation();
        let constant = slope.clone() * self.mean.clone() - scale.clone() * plain;
        gradient * scale - self.input.clone() * slope + constant
    }

    /// The normalisation's name, the batch's means and variances a channel, and over how many values they were taken.
    pub fn statistics(&self) -> (&str, [Tensor<4>; 2], usize) {
        (&self.norm.name, [self.mean.clone(), self.variance.clone()], places(&self.input))
    }
}

/// Values a channel.
fn places(x: &Tensor<4>) -> usize {
    let [n, _, h, w] = x.dims();
    n * h * w
}

/// Sums over all but channels, [1, c, 1, 1].
fn channel_sums(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, 1, h * w]).sum_dim(3).sum_dim(0)
}

/// Gradients of an operation's parameters from its output's.
pub fn parameters(step: &Step<'_>, gradient: &Tensor<4>) -> Vec<(String, Tensor<4>)> {
    match step {
        Step::Convolve { layer, padding, input: Some(input), .. } => {
            let mut found = vec![(layer.layer.weight_name(), weight_gradient(layer, input.clone(), gradient.clone(), *padding))];
            if layer.layer.bias {
                found.push((format!("{}.bias", layer.layer.name), channel_sums(gradient.clone())));
            }
            found
        }
        Step::Standardise { standardised, .. } => {
            let [plain, along] = standardised.sums(gradient);
            let name = &standardised.norm.name;
            vec![(format!("{name}.weight"), along), (format!("{name}.bias"), plain)]
        }
        Step::Normalise { normalisation, .. } => normalisation.parameters(gradient).map(|(name, tensor)| (name.to_string(), tensor)).into(),
        Step::Tokens { class, .. } => vec![(class.to_string(), gradient.clone().narrow(2, 0, 1).sum_dim(0))],
        Step::Parameter { name } => vec![(name.to_string(), gradient.clone().sum_dim(0))],
        _ => vec![],
    }
}

/// A convolution's gradient by its weight, from its input [n, in, h, w] and its output's gradient [n, out, h', w']: for each place of the kernel,
/// the product of the gradient with the input moved by that much.
fn weight_gradient(placed: &Placed, x: Tensor<4>, gradient: Tensor<4>, padding: [(usize, usize); 2]) -> Tensor<4> {
    let layer = &placed.layer;
    let [outputs, per_group, kernel_h, kernel_w] = [0, 1, 2, 3].map(|axis| layer.shape[axis]);
    let groups = layer.groups;
    let [n, _, out_h, out_w] = gradient.dims();
    let places = n * out_h * out_w;
    // Channels first, so that each moved input is one matrix.
    let gradient = gradient.swap_dims(0, 1).reshape([groups, outputs / groups, places]);
    let [(top, bottom), (left, right)] = padding;
    let x = if top + bottom + left + right > 0 { x.pad((left, right, top, bottom), PadMode::Constant(0.0)) } else { x };
    let x = x.swap_dims(0, 1);
    let moved = |row: usize, column: usize| {
        let along = |start: usize, out: usize| {
            Slice::new(start as isize, Some((start + (out - 1) * layer.stride + 1) as isize), layer.stride as isize)
        };
        let all = Slice::full();
        x.clone().slice([all, all, along(row, out_h), along(column, out_w)]).reshape([groups, per_group, places])
    };
    let product = |moved: Tensor<3>| match outputs == groups && per_group == 1 {
        true => (gradient.clone() * moved).sum_dim(2),
        false => gradient.clone().matmul(moved.swap_dims(1, 2)),
    };
    let kernel = (0..kernel_h).flat_map(|row| (0..kernel_w).map(move |column| (row, column)));
    let parts: Vec<Tensor<3>> = kernel.map(|(row, column)| product(moved(row, column)).reshape([outputs, per_group, 1])).collect();
    Tensor::cat(parts, 2).reshape([outputs, per_group, kernel_h, kernel_w])
}
