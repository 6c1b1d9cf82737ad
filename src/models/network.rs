//! A network ready to run on a device: its weights there, batch normalisation folded in, and passes of images through it.

use std::cell::OnceCell;
use std::collections::HashMap;

use burn::tensor::activation;
use burn::tensor::module::{conv2d, max_pool2d, max_pool2d_with_indices};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::Architecture;
use super::layer::Layer;
use super::tape::{Node, Step, Tape, Value};
use super::weights::Weights;
use crate::error::{Error, Result};

/// A network on a device.
pub struct Network {
    architecture: &'static Architecture,
    layers: HashMap<String, Placed>,
    device: Device,
}

/// A layer with its weights on the device.
pub(super) struct Placed {
    pub(super) layer: Layer,
    pub(super) weight: Tensor<4>,
    bias: Tensor<1>,
    turned: OnceCell<Tensor<4>>,
}

impl Placed {
    /// The kernel turned half around, with inputs and outputs exchanged unless it keeps channels apart: what input gradients are convolved with.
    pub(super) fn turned(&self) -> Tensor<4> {
        let turn = || {
            let turned = self.weight.clone().flip([2, 3]);
            if self.layer.groups > 1 {
                return turned;
            }
            let [outputs, inputs, height, width] = turned.dims();
            // Through a flat shape, so that the exchange is carried out once and not at every use.
            turned.swap_dims(0, 1).reshape([outputs * inputs * height * width]).reshape([inputs, outputs, height, width])
        };
        self.turned.get_or_init(turn).clone()
    }
}

#[cfg(test)]
impl Placed {
    pub(super) fn test(layer: Layer, weight: Tensor<4>) -> Self {
        let bias = Tensor::zeros([layer.shape[0]], &weight.device());
        Self { layer, weight, bias, turned: OnceCell::new() }
    }
}

impl Network {
    /// Places weights on a device, folding each batch normalisation into the layer before it.
    pub fn new(architecture: &'static Architecture, weights: &Weights, device: &Device) -> Self {
        let place = |mut layer: Layer| {
            let (weight, bias) = weights.folded(&layer);
            // A linear layer is a 1 x 1 convolution on one pixel.
            layer.shape.resize(4, 1);
            let weight = Tensor::from_data(TensorData::new(weight, layer.shape.clone()), device);
            let bias = Tensor::from_data(TensorData::new(bias, [layer.shape[0]]), device);
            (layer.name.clone(), Placed { layer, weight, bias, turned: OnceCell::new() })
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        Self { architecture, layers, device: device.clone() }
    }

    /// The device it is on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Logits [n, classes] of images [n, 3, h, w].
    pub fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        let mut pass = Pass { network: self, tape: Tape::default(), watched: None, seen: None };
        flat((self.architecture.forward)(&mut pass, Value::constant(images)).tensor)
    }

    /// Logits of images, recorded so that gradients can go back to the images.
    pub fn record(&self, images: Tensor<4>) -> Recorded<'_> {
        let mut tape = Tape::default();
        let leaf = tape.push(Step::Leaf);
        let mut pass = Pass { network: self, tape, watched: None, seen: None };
        let output = (self.architecture.forward)(&mut pass, Value { tensor: images.clone(), node: Some(leaf) });
        Recorded { output, tape: pass.tape, leaf: (leaf, images) }
    }

    /// Logits of images, recorded so that gradients can go back to the feature map [n, c, h', w'] at a tap. What comes before it is not recorded.
    pub fn record_from(&self, images: Tensor<4>, tap: &str) -> Result<Recorded<'_>> {
        let mut pass = Pass { network: self, tape: Tape::default(), watched: Some(tap), seen: None };
        let output = (self.architecture.forward)(&mut pass, Value::constant(images));
        match pass.seen {
            Some(leaf) => Ok(Recorded { output, tape: pass.tape, leaf }),
            None => {
                let taps = (self.architecture.taps)();
                Err(Error::unknown("layer", tap, taps.iter().map(String::as_str)))
            }
        }
    }
}

/// [n, c, 1, 1] as [n, c].
fn flat(x: Tensor<4>) -> Tensor<2> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c * h * w])
}

/// A recorded pass.
pub struct Recorded<'a> {
    output: Value,
    tape: Tape<'a>,
    leaf: (Node, Tensor<4>),
}

impl Recorded<'_> {
    /// Logits [n, classes].
    pub fn logits(&self) -> Tensor<2> {
        flat(self.output.tensor.clone())
    }

    /// What gradients go back to: the images, or the tap's feature map.
    pub fn leaf(&self) -> Tensor<4> {
        self.leaf.1.clone()
    }

    /// The gradient of each image's logit of a class by the leaf. Zero where the logit does not depend on it.
    pub fn gradient(&self, class: usize) -> Tensor<4> {
        let images = self.output.tensor.dims()[0];
        let seed = self.output.tensor.zeros_like().slice_fill([0..images, class..class + 1], 1.0);
        let (leaf, tensor) = &self.leaf;
        let found = self.output.node.and_then(|output| self.tape.gradient(output, seed, *leaf));
        found.unwrap_or_else(|| tensor.zeros_like())
    }
}

/// One pass of images through a network. Architectures are written against it.
pub struct Pass<'a, 'b> {
    network: &'a Network,
    tape: Tape<'a>,
    /// The tap from which on the pass is recorded.
    watched: Option<&'b str>,
    /// Its place on the tape and what was there.
    seen: Option<(Node, Tensor<4>)>,
}

impl<'a> Pass<'a, '_> {
    /// A convolution with whatever is folded into it; on features with one place, a linear layer.
    pub fn conv(&mut self, name: &str, x: &Value) -> Value {
        // Architectures name their own layers; a wrong name is a defect of the architecture's file, which its first test shows.
        let placed: &'a Placed = &self.network.layers[name];
        let layer = &placed.layer;
        let [_, _, height, width] = x.tensor.dims();
        let padding = [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)];
        let options = ConvOptions::new_with_padding([layer.stride; 2], padding, [1, 1], layer.groups);
        let tensor = conv2d(x.tensor.clone(), placed.weight.clone(), Some(placed.bias.clone()), options);
        self.value(tensor, x.node, |from, _| Step::Convolve { from, layer: placed, size: [height, width], padding })
    }

    /// max(x, 0).
    pub fn relu(&mut self, x: Value) -> Value {
        self.value(activation::relu(x.tensor), x.node, |from, output| Step::Rectify { from, output: output.clone() })
    }

    /// min(max(x, 0), 6).
    pub fn relu6(&mut self, x: Value) -> Value {
        // Two passes that become SIMD instructions; the library's clamp, which is one, does not.
        let tensor = activation::relu(x.tensor).clamp_max(6.0);
        self.value(tensor, x.node, |from, output| Step::RectifyTo6 { from, output: output.clone() })
    }

    /// Maximum over square windows; the last window may hang over the edge, as in torchvision's SqueezeNet.
    pub fn max_pool(&mut self, x: &Value, kernel: usize, stride: usize) -> Value {
        let options = MaxPoolOptions { ceil_mode: true, ..MaxPoolOptions::new([kernel; 2]).with_stride([stride; 2]) };
        if x.node.is_none() {
            return Value::constant(max_pool2d(x.tensor.clone(), options));
        }
        let [_, _, height, width] = x.tensor.dims();
        let (tensor, places) = max_pool2d_with_indices(x.tensor.clone(), options);
        self.value(tensor, x.node, |from, _| Step::Pool { from, places, size: [height, width] })
    }

    /// Mean over all places, [n, c, h, w] to [n, c, 1, 1].
    pub fn average(&mut self, x: &Value) -> Value {
        let [n, c, h, w] = x.tensor.dims();
        let tensor = x.tensor.clone().reshape([n, c, h * w]).mean_dim(2).reshape([n, c, 1, 1]);
        self.value(tensor, x.node, |from, _| Step::Average { from, size: [h, w] })
    }

    /// Channels of several values one after the other.
    pub fn join(&mut self, parts: Vec<Value>) -> Value {
        let from: Vec<(Option<Node>, usize)> = parts.iter().map(|part| (part.node, part.tensor.dims()[1])).collect();
        let tensor = Tensor::cat(parts.into_iter().map(|part| part.tensor).collect(), 1);
        let first = from.iter().find_map(|(node, _)| *node);
        self.value(tensor, first, |_, _| Step::Join { from })
    }

    /// A sum of two values.
    pub fn add(&mut self, x: Value, y: Value) -> Value {
        let from: Vec<Node> = [x.node, y.node].into_iter().flatten().collect();
        self.value(x.tensor + y.tensor, from.first().copied(), |_, _| Step::Add { from })
    }

    /// Marks a feature map by a name, so that it can be looked at.
    pub fn tap(&mut self, name: &str, x: Value) -> Value {
        if self.watched != Some(name) {
            return x;
        }
        let node = self.tape.push(Step::Leaf);
        self.seen = Some((node, x.tensor.clone()));
        Value { tensor: x.tensor, node: Some(node) }
    }

    /// A value that depends on others: recorded if any of them is.
    fn value(&mut self, tensor: Tensor<4>, from: Option<Node>, step: impl FnOnce(Node, &Tensor<4>) -> Step<'a>) -> Value {
        let node = from.map(|from| self.tape.push(step(from, &tensor)));
        Value { tensor, node }
    }
}
