//! A network ready to run on a device: its weights there, batch normalisation folded in, and passes of images through it.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};

use crate::architecture::Architecture;
use crate::layer::Layer;
use crate::operations::batch_norm::PlacedNorm;
use crate::operations::convolution::PlacedLayer;
use crate::operations::tokens::without_class;
use crate::parameters::{Parameters, extra};
use crate::pass::{Pass, PlacedWeights};
use crate::recorded::{Recorded, flat};
use crate::tape::{Operation, Tape, Value};
use crate::weights::Weights;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::error::{Error, Result};

/// A network on a device.
pub struct Network {
    architecture: &'static Architecture,
    weights: PlacedWeights,
    device: Device,
}

impl Network {
    /// Places weights on a device, folding each batch normalisation into the layer before it.
    pub fn new(architecture: &'static Architecture, weights: &Weights, device: &Device) -> Self {
        let place = |mut layer: Layer| {
            let (weight, bias) = weights.folded(&layer);
            let linear = layer.shape.len() == 2;
            // A linear layer is a 1 x 1 convolution on one pixel.
            layer.shape.resize(4, 1);
            let weight = Tensor::from_data(TensorData::new(weight, layer.shape.clone()), device);
            let bias = Tensor::from_data(TensorData::new(bias, [layer.shape[0]]), device);
            (layer.name.clone(), PlacedLayer::of(layer, weight, bias).linear(linear))
        };
        let layers = weights.layers(architecture).into_iter().map(place).collect();
        let extras = (architecture.extras)().into_iter().map(|(name, _)| (name.clone(), extra(weights.get(&name), device))).collect();
        Self::of(architecture, PlacedWeights { layers, extras, capped: true }, device)
    }

    /// A network of parameters on the device as learning leaves them, with batch normalisations by the statistics of each batch. Layers' weights
    /// are [out, in / groups, height, width], everything else is [1, channels, places, 1].
    pub fn learning(architecture: &'static Architecture, parameters: &Parameters, device: &Device) -> Self {
        let place = |layer: Layer| {
            let linear = layer.shape.len() == 2;
            let weight = parameters[&layer.weight_name()].clone();
            let layer = layer.resized(&weight.dims());
            let bias = match layer.bias {
                true => parameters[&format!("{}.bias", layer.name)].clone().reshape([layer.shape[0]]),
                false => Tensor::zeros([layer.shape[0]], device),
            };
            let norm = layer.norm.as_ref().map(|norm| {
                let part = |part: &str| parameters[&format!("{}.{part}", norm.name)].clone();
                PlacedNorm::new(norm, [part("weight"), part("bias")])
            });
            (layer.name.clone(), PlacedLayer::of(layer, weight, bias).linear(linear).normed(norm))
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        let extras = (architecture.extras)().into_iter().map(|(name, _)| (name.clone(), parameters[&name].clone())).collect();
        Self::of(architecture, PlacedWeights { layers, extras, capped: true }, device)
    }

    /// A network of folded parameters on the device as learning leaves them ([`crate::batch_norm_folding::fold`]): normalisations stay as they were
    /// folded in, and every layer has a bias.
    pub fn folded(architecture: &'static Architecture, parameters: &Parameters, device: &Device) -> Self {
        let place = |layer: Layer| {
            let linear = layer.shape.len() == 2;
            let weight = parameters[&layer.weight_name()].clone();
            let layer = Layer { bias: true, norm: None, ..layer.resized(&weight.dims()) };
            let bias = parameters[&format!("{}.bias", layer.name)].clone().reshape([layer.shape[0]]);
            (layer.name.clone(), PlacedLayer::of(layer, weight, bias).linear(linear))
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        Self::of(architecture, PlacedWeights { layers, extras: HashMap::new(), capped: true }, device)
    }

    fn of(architecture: &'static Architecture, weights: PlacedWeights, device: &Device) -> Self {
        Self { architecture, weights, device: device.clone() }
    }

    /// Its architecture.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// The same network with ReLU6 taken for ReLU: what follows a sum of flows through it.
    pub fn uncapped(self) -> Self {
        Self { weights: PlacedWeights { capped: false, ..self.weights }, ..self }
    }

    /// The device it is on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Logits [n, classes] of images [n, 3, h, w].
    pub fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        let mut pass = Pass::new(&self.weights, Tape::default());
        flat((self.architecture.forward)(&mut pass, Value::constant(images)).tensor)
    }

    /// Logits of images, recorded so that gradients can go back to the images.
    pub fn record(&self, images: Tensor<4>) -> Recorded<'_> {
        self.recorded(images, Tape::default())
    }

    /// The same, with what every operation took and gave, for rules that look at more than gradients.
    pub fn record_all(&self, images: Tensor<4>) -> Recorded<'_> {
        self.recorded(images, Tape::keeping())
    }

    /// Logits of images, recorded so that gradients can go back to the parameters; see [`Recorded::parameter_gradients`]. Where batch
    /// normalisations are folded into weights, gradients are by the folded weights.
    pub fn record_learning(&self, images: Tensor<4>) -> Recorded<'_> {
        self.recorded(images, Tape::learning())
    }

    fn recorded<'a>(&'a self, images: Tensor<4>, mut tape: Tape<'a>) -> Recorded<'a> {
        let leaf = tape.push(Operation::Leaf);
        let mut pass = Pass::new(&self.weights, tape);
        let output = (self.architecture.forward)(&mut pass, Value { tensor: images.clone(), node: Some(leaf) });
        Recorded { output, tape: pass.tape, leaf: (leaf, images) }
    }

    /// The feature maps [n, c, h, w] of images at every tap, by name, in network order. Tokens are [n, c, 1 + patches, 1]; see [`Self::grid`].
    pub fn features(&self, images: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        let mut pass = Pass { features: Some(Vec::new()), ..Pass::new(&self.weights, Tape::default()) };
        (self.architecture.forward)(&mut pass, Value::constant(images));
        pass.features.unwrap_or_default()
    }

    /// Features as a picture: a feature map as it is, tokens [n, c, 1 + rows * columns, 1] without the class token as [n, c, rows, columns].
    pub fn grid(&self, features: Tensor<4>) -> Tensor<4> {
        let [_, _, tokens, columns] = features.dims();
        match self.architecture.attention == AttentionKind::Global && columns == 1 && tokens > 1 {
            // A picture is square, and so is its grid of patches.
            true => without_class(features, [(tokens - 1).isqrt(); 2]),
            false => features,
        }
    }

    /// The feature map [n, c, h, w] of images at a tap; tokens as in [`Self::features`]. What comes after the tap is not computed.
    pub fn features_at(&self, images: Tensor<4>, tap: &str) -> Result<Tensor<4>> {
        let mut pass = Pass { end: Some(tap), ..Pass::new(&self.weights, Tape::default()) };
        (self.architecture.forward)(&mut pass, Value::constant(images));
        pass.reached.ok_or_else(|| {
            let taps = (self.architecture.taps)();
            Error::unknown("layer", tap, taps.iter().map(String::as_str))
        })
    }

    /// Logits of images, recorded so that gradients can go back to the feature map [n, c, h', w'] at a tap. What comes before it is not recorded.
    pub fn record_from(&self, images: Tensor<4>, tap: &str) -> Result<Recorded<'_>> {
        let mut pass = Pass { watched: Some(tap), ..Pass::new(&self.weights, Tape::default()) };
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
