//! A network ready to run on a device: its weights there, batch normalisation folded in, and passes of images through it.

use std::collections::HashMap;

use burn::tensor::activation;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::Architecture;
use super::layer::Layer;
use super::weights::Weights;
use crate::error::{Error, Result};

/// A network on a device. Without its autodiff graph: gradients are recorded from where a pass asks for them, never for the weights.
pub struct Network {
    architecture: &'static Architecture,
    layers: HashMap<String, Placed>,
    device: Device,
}

/// A layer with its weights on the device.
struct Placed {
    layer: Layer,
    weight: Tensor<4>,
    bias: Tensor<1>,
}

impl Network {
    /// Places weights on a device, folding each batch normalisation into the layer before it.
    pub fn new(architecture: &'static Architecture, weights: &Weights, device: &Device) -> Self {
        let place = |layer: Layer| {
            let (weight, bias) = weights.folded(&layer);
            let mut shape = layer.shape.clone();
            // A linear layer is a 1 x 1 convolution on one pixel.
            shape.resize(4, 1);
            let weight = Tensor::from_data(TensorData::new(weight, shape), device);
            let bias = Tensor::from_data(TensorData::new(bias, [layer.shape[0]]), device);
            (layer.name.clone(), Placed { layer, weight, bias })
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        Self { architecture, layers, device: device.clone() }
    }

    /// The device it is on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Logits [n, classes] of images [n, 3, h, w]. Tracks gradients if the images do.
    pub fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        (self.architecture.forward)(&mut Pass { network: self, watched: None, seen: None, graft: false }, images)
    }

    /// Logits of images, and the feature map [n, c, h', w'] at a tap, from which on gradients are recorded: the map is the graph's leaf.
    pub fn logits_from_tap(&self, images: Tensor<4>, tap: &str) -> Result<(Tensor<2>, Tensor<4>)> {
        let mut pass = Pass { network: self, watched: Some(tap), seen: None, graft: true };
        let logits = (self.architecture.forward)(&mut pass, images);
        match pass.seen {
            Some(features) => Ok((logits, features)),
            None => {
                let taps = (self.architecture.taps)();
                Err(Error::unknown("layer", tap, taps.iter().map(String::as_str)))
            }
        }
    }
}

/// One pass of images through a network. Architectures are written against it.
pub struct Pass<'a> {
    network: &'a Network,
    /// The tap to look at.
    watched: Option<&'a str>,
    /// What was there.
    seen: Option<Tensor<4>>,
    /// Whether gradients are recorded from the tap on.
    graft: bool,
}

impl Pass<'_> {
    /// A convolution with whatever is folded into it.
    pub fn conv(&mut self, name: &str, x: Tensor<4>) -> Tensor<4> {
        let Placed { layer, weight, bias } = self.layer(name);
        let [_, _, height, width] = x.dims();
        let padding = [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)];
        let options = ConvOptions::new_with_padding([layer.stride; 2], padding, [1, 1], layer.groups);
        conv2d(x, weight.clone(), Some(bias.clone()), options)
    }

    /// A linear layer on features [n, in].
    pub fn linear(&mut self, name: &str, x: Tensor<2>) -> Tensor<2> {
        let Placed { weight, bias, .. } = self.layer(name);
        let [outputs, inputs, ..] = weight.dims();
        x.matmul(weight.clone().reshape([outputs, inputs]).transpose()) + bias.clone().unsqueeze()
    }

    /// max(x, 0).
    pub fn relu(&mut self, x: Tensor<4>) -> Tensor<4> {
        activation::relu(x)
    }

    /// min(max(x, 0), 6).
    pub fn relu6(&mut self, x: Tensor<4>) -> Tensor<4> {
        x.clamp(0.0, 6.0)
    }

    /// Maximum over square windows; the last window may hang over the edge, as in torchvision's SqueezeNet.
    pub fn max_pool(&mut self, x: Tensor<4>, kernel: usize, stride: usize) -> Tensor<4> {
        let options = MaxPoolOptions { ceil_mode: true, ..MaxPoolOptions::new([kernel; 2]).with_stride([stride; 2]) };
        max_pool2d(x, options)
    }

    /// Mean over all places, [n, c, h, w] to [n, c].
    pub fn average(&mut self, x: Tensor<4>) -> Tensor<2> {
        let [n, c, h, w] = x.dims();
        x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c])
    }

    /// Marks a feature map by a name, so that it can be looked at.
    pub fn tap(&mut self, name: &str, x: Tensor<4>) -> Tensor<4> {
        if self.watched != Some(name) {
            return x;
        }
        let x = if self.graft { x.without_autodiff().autodiff().require_grad() } else { x };
        self.seen = Some(x.clone());
        x
    }

    fn layer(&self, name: &str) -> &Placed {
        // Architectures name their own layers; a wrong name is a defect of the architecture's file, which its first test shows.
        &self.network.layers[name]
    }
}
