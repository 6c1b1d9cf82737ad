//! A network ready to run on a device: its weights there, batch normalisation folded in, and passes of images through it.

use std::cell::OnceCell;
use std::collections::HashMap;

use burn::tensor::activation;
use burn::tensor::module::{conv2d, max_pool2d, max_pool2d_with_indices};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::layer::Layer;
use super::learning::{Parameters, PlacedNorm, Standardised};
use super::tape::{Gradient, Node, Rule, Step, Tape, Value};
use super::weights::Weights;
use crate::architectures::Architecture;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::error::{Error, Result};

/// A network on a device.
pub struct Network {
    architecture: &'static Architecture,
    layers: HashMap<String, Placed>,
    extras: HashMap<String, Tensor<4>>,
    device: Device,
    /// Whether ReLU6 stops at 6.
    capped: bool,
}

/// A layer with its weights on the device.
pub struct Placed {
    /// The layer's name, shape, stride and padding.
    pub layer: Layer,
    /// Its weight, `[out, in / groups, h, w]`.
    pub weight: Tensor<4>,
    /// Its bias, `[out]`.
    pub bias: Tensor<1>,
    /// Whether it is a linear layer, written as a 1 x 1 convolution.
    pub linear: bool,
    /// The batch normalisation after it, where it is not folded into the weight.
    pub norm: Option<PlacedNorm>,
    turned: OnceCell<Tensor<4>>,
}

impl Placed {
    /// A convolution by itself.
    pub(super) fn of(layer: Layer, weight: Tensor<4>, bias: Tensor<1>) -> Self {
        Self { layer, weight, bias, linear: false, norm: None, turned: OnceCell::new() }
    }

    /// Zeros before and after the rows and columns of an input of this height and width.
    pub fn padding(&self, [height, width]: [usize; 2]) -> [(usize, usize); 2] {
        let layer = &self.layer;
        [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)]
    }

    /// The layer's convolution with a weight and a bias in place of its own.
    pub fn convolve(&self, x: Tensor<4>, weight: &Tensor<4>, bias: Option<&Tensor<1>>, padding: [(usize, usize); 2]) -> Tensor<4> {
        let options = ConvOptions::new_with_padding([self.layer.stride; 2], padding, [1, 1], self.layer.groups);
        conv2d(x, weight.clone(), bias.cloned(), options)
    }

    /// The kernel turned half around, with inputs and outputs exchanged unless it keeps channels apart: what input gradients are convolved with.
    pub fn turned(&self) -> Tensor<4> {
        self.turned.get_or_init(|| self.turn(&self.weight)).clone()
    }

    /// The same of another weight in its place.
    pub fn turn(&self, weight: &Tensor<4>) -> Tensor<4> {
        let turned = weight.clone().flip([2, 3]);
        if self.layer.groups > 1 {
            return turned;
        }
        let [outputs, inputs, height, width] = turned.dims();
        // Through a flat shape, so that the exchange is carried out once and not at every use.
        turned.swap_dims(0, 1).reshape([outputs * inputs * height * width]).reshape([inputs, outputs, height, width])
    }
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
            (layer.name.clone(), Placed { layer, weight, bias, linear, norm: None, turned: OnceCell::new() })
        };
        let layers = weights.layers(architecture).into_iter().map(place).collect();
        let extra = |(name, _): (String, _)| {
            let placed = super::tokens::place(weights.get(&name), device);
            (name, placed)
        };
        let extras = (architecture.extras)().into_iter().map(extra).collect();
        Self { architecture, layers, extras, device: device.clone(), capped: true }
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
            let norm = layer.norm.as_ref().map(|norm| PlacedNorm::of(norm, parameters));
            (layer.name.clone(), Placed { layer, weight, bias, linear, norm, turned: OnceCell::new() })
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        let extras = (architecture.extras)().into_iter().map(|(name, _)| (name.clone(), parameters[&name].clone())).collect();
        Self { architecture, layers, extras, device: device.clone(), capped: true }
    }

    /// A network of folded parameters on the device as learning leaves them ([`super::frozen::fold`]): normalisations stay as they were folded in,
    /// and every layer has a bias.
    pub fn frozen(architecture: &'static Architecture, parameters: &Parameters, device: &Device) -> Self {
        let place = |layer: Layer| {
            let linear = layer.shape.len() == 2;
            let weight = parameters[&layer.weight_name()].clone();
            let layer = Layer { bias: true, norm: None, ..layer.resized(&weight.dims()) };
            let bias = parameters[&format!("{}.bias", layer.name)].clone().reshape([layer.shape[0]]);
            (layer.name.clone(), Placed { layer, weight, bias, linear, norm: None, turned: OnceCell::new() })
        };
        let layers = (architecture.layers)().into_iter().map(place).collect();
        Self { architecture, layers, extras: HashMap::new(), device: device.clone(), capped: true }
    }

    /// Its architecture.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// The same network with ReLU6 taken for ReLU: what follows a sum of flows through it.
    pub fn uncapped(self) -> Self {
        Self { capped: false, ..self }
    }

    /// The device it is on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Logits [n, classes] of images [n, 3, h, w].
    pub fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        let mut pass = Pass::new(self, Tape::default());
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
        let leaf = tape.push(Step::Leaf);
        let mut pass = Pass::new(self, tape);
        let output = (self.architecture.forward)(&mut pass, Value { tensor: images.clone(), node: Some(leaf) });
        Recorded { output, tape: pass.tape, leaf: (leaf, images) }
    }

    /// The feature maps [n, c, h, w] of images at every tap, by name, in network order. Tokens are [n, c, 1 + patches, 1]; see [`Self::grid`].
    pub fn features(&self, images: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        let mut pass = Pass { album: Some(Vec::new()), ..Pass::new(self, Tape::default()) };
        (self.architecture.forward)(&mut pass, Value::constant(images));
        pass.album.unwrap_or_default()
    }

    /// Features as a picture: a feature map as it is, tokens [n, c, 1 + rows * columns, 1] without the class token as [n, c, rows, columns].
    pub fn grid(&self, features: Tensor<4>) -> Tensor<4> {
        let [_, _, tokens, columns] = features.dims();
        match self.architecture.attention == AttentionKind::Global && columns == 1 && tokens > 1 {
            // A picture is square, and so is its grid of patches.
            true => super::tokens::without_class(features, [(tokens - 1).isqrt(); 2]),
            false => features,
        }
    }

    /// The feature map [n, c, h, w] of images at a tap; tokens as in [`Self::features`]. What comes after the tap is not computed.
    pub fn features_at(&self, images: Tensor<4>, tap: &str) -> Result<Tensor<4>> {
        let mut pass = Pass { end: Some(tap), ..Pass::new(self, Tape::default()) };
        (self.architecture.forward)(&mut pass, Value::constant(images));
        pass.reached.ok_or_else(|| {
            let taps = (self.architecture.taps)();
            Error::unknown("layer", tap, taps.iter().map(String::as_str))
        })
    }

    /// Logits of images, recorded so that gradients can go back to the feature map [n, c, h', w'] at a tap. What comes before it is not recorded.
    pub fn record_from(&self, images: Tensor<4>, tap: &str) -> Result<Recorded<'_>> {
        let mut pass = Pass { watched: Some(tap), ..Pass::new(self, Tape::default()) };
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
        self.back(class, &Gradient)
    }

    /// Each recorded block's attention [n, heads, tokens, tokens], the first block's first: row by row, which share of it each token gets.
    pub fn attentions(&self) -> Vec<Tensor<4>> {
        self.tape.attentions().into_iter().map(|(_, shares)| shares).collect()
    }

    /// Each recorded block's attention, and the gradient of each image's logit of a class by it.
    pub fn attentions_with_gradients(&self, class: usize) -> Vec<(Tensor<4>, Tensor<4>)> {
        let (nodes, attentions): (Vec<Node>, Vec<Tensor<4>>) = self.tape.attentions().into_iter().unzip();
        let gradients = match self.output.node {
            Some(output) => self.tape.back_to(output, self.seed(class), &nodes, &Gradient),
            None => vec![None; nodes.len()],
        };
        let pair = |(shares, gradient): (Tensor<4>, Option<Tensor<4>>)| (shares.clone(), gradient.unwrap_or_else(|| shares.zeros_like()));
        attentions.into_iter().zip(gradients).map(pair).collect()
    }

    /// Gradients by all parameters that the logits depend on, by name, when this is the loss's gradient [n, classes, 1, 1] by the logits. Shapes are
    /// those of [`Network::learning`].
    pub fn parameter_gradients(&self, seed: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        self.output.node.map_or_else(Vec::new, |output| self.tape.back_to_parameters(output, seed))
    }

    /// The input each layer got, in the order of the pass: what a pass recorded for learning keeps.
    pub fn layer_inputs(&self) -> impl Iterator<Item = (&Layer, Tensor<4>)> {
        self.tape.steps().iter().filter_map(|step| match step {
            Step::Convolve { layer, input: Some(input), .. } => Some((&layer.layer, input.clone())),
            _ => None,
        })
    }

    /// The statistics of each batch normalisation of a learning network: its name, mean and variance [1, channels, 1, 1] of the batch, and how many
    /// values a channel they are of.
    pub fn statistics(&self) -> impl Iterator<Item = (&str, [Tensor<4>; 2], usize)> {
        self.tape.steps().iter().filter_map(|step| match step {
            Step::Standardise { standardised, .. } => Some(standardised.statistics()),
            _ => None,
        })
    }

    /// What the pass did, step by step; the first one is the leaf. And the place of the logits, unless they do not depend on it.
    pub fn steps(&self) -> (&[Step<'_>], Option<Node>) {
        (self.tape.steps(), self.output.node)
    }

    /// 1 at each image's logit of a class, 0 elsewhere.
    fn seed(&self, class: usize) -> Tensor<4> {
        let images = self.output.tensor.dims()[0];
        self.output.tensor.zeros_like().slice_fill([0..images, class..class + 1], 1.0)
    }

    /// What comes back to the leaf by a rule when 1 stands at each image's logit of a class.
    pub fn back(&self, class: usize, rule: &dyn Rule) -> Tensor<4> {
        self.back_from(self.seed(class), rule)
    }

    /// What comes back to the leaf by a rule from this at the logits, [n, classes, 1, 1].
    pub fn back_from(&self, seed: Tensor<4>, rule: &dyn Rule) -> Tensor<4> {
        let (leaf, tensor) = &self.leaf;
        let images = seed.dims()[0];
        let found = self.output.node.and_then(|output| self.tape.back(output, seed, *leaf, rule));
        found.unwrap_or_else(|| tensor.zeros_like().narrow(0, 0, images))
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
    /// What was at each tap, if that is wanted.
    album: Option<Vec<(String, Tensor<4>)>>,
    /// The tap behind which nothing is computed any more.
    end: Option<&'b str>,
    /// What was there.
    reached: Option<Tensor<4>>,
}

impl<'a> Pass<'a, '_> {
    fn new(network: &'a Network, tape: Tape<'a>) -> Self {
        Self { network, tape, watched: None, seen: None, album: None, end: None, reached: None }
    }

    /// Whether the pass is at its end: operations then hand on what they are given, so that architectures need not know of it.
    pub fn over(&self) -> bool {
        self.reached.is_some()
    }

    /// A parameter that belongs to no layer, with its name as long as the network lives.
    pub fn named_extra(&self, name: &str) -> (&'a str, &'a Tensor<4>) {
        // As with layers, a wrong name is a defect of the architecture's file.
        self.network.extras.get_key_value(name).map(|(name, tensor)| (name.as_str(), tensor)).expect("architectures know their parameters")
    }

    /// A parameter as a value: on the tape if gradients by parameters are wanted.
    pub fn learnt(&mut self, tensor: Tensor<4>, name: &'a str) -> Value {
        let node = self.tape.learns.then(|| self.tape.push(Step::Parameter { name }));
        Value { tensor, node }
    }

    /// A convolution with whatever is folded into it; on tokens or features with one place, a linear layer.
    pub fn conv(&mut self, name: &str, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        // Architectures name their own layers; a wrong name is a defect of the architecture's file, which its first test shows.
        let placed: &'a Placed = &self.network.layers[name];
        let size = [x.tensor.dims()[2], x.tensor.dims()[3]];
        let padding = placed.padding(size);
        let tensor = placed.convolve(x.tensor.clone(), &placed.weight, Some(&placed.bias), padding);
        let kept = self.kept(&[x]);
        let input = self.tape.learns.then(|| x.tensor.clone());
        let output = self.value(tensor, x.node, kept, |from, _| Step::Convolve { from, layer: placed, size, padding, input });
        match &placed.norm {
            Some(norm) => self.standardise(norm, output),
            None => output,
        }
    }

    fn standardise(&mut self, norm: &'a PlacedNorm, x: Value) -> Value {
        let (standardised, tensor) = Standardised::of(x.tensor, norm);
        self.value(tensor, x.node, None, |from, _| Step::Standardise { from, standardised: Box::new(standardised) })
    }

    /// max(x, 0).
    pub fn relu(&mut self, x: Value) -> Value {
        if self.over() {
            return x;
        }
        let kept = self.kept(&[&x]);
        self.value(activation::relu(x.tensor), x.node, kept, |from, output| Step::Rectify { from, output: output.clone() })
    }

    /// min(max(x, 0), 6).
    pub fn relu6(&mut self, x: Value) -> Value {
        if self.over() || !self.network.capped {
            return self.relu(x);
        }
        let kept = self.kept(&[&x]);
        // Two passes that become SIMD instructions; the library's clamp, which is one, does not.
        let tensor = activation::relu(x.tensor).clamp_max(6.0);
        self.value(tensor, x.node, kept, |from, output| Step::RectifyTo6 { from, output: output.clone() })
    }

    /// Maximum over square windows; the last window may hang over the edge, as in torchvision's SqueezeNet.
    pub fn max_pool(&mut self, x: &Value, kernel: usize, stride: usize) -> Value {
        self.pool(x, MaxPoolOptions { ceil_mode: true, ..MaxPoolOptions::new([kernel; 2]).with_stride([stride; 2]) })
    }

    /// Maximum over square windows that begin and end with so much of nothing, as in torchvision's residual networks.
    pub fn max_pool_padded(&mut self, x: &Value, kernel: usize, stride: usize, padding: usize) -> Value {
        let options = MaxPoolOptions::new([kernel; 2]).with_stride([stride; 2]);
        self.pool(x, MaxPoolOptions { padding: [(padding, padding); 2], ..options })
    }

    fn pool(&mut self, x: &Value, options: MaxPoolOptions<2>) -> Value {
        if self.over() {
            return x.clone();
        }
        if x.node.is_none() {
            return Value::constant(max_pool2d(x.tensor.clone(), options));
        }
        let [_, _, height, width] = x.tensor.dims();
        let (tensor, places) = max_pool2d_with_indices(x.tensor.clone(), options);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Step::Pool { from, places, size: [height, width] })
    }

    /// Mean over all places, [n, c, h, w] to [n, c, 1, 1].
    pub fn average(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let [n, c, h, w] = x.tensor.dims();
        let tensor = x.tensor.clone().reshape([n, c, h * w]).mean_dim(2).reshape([n, c, 1, 1]);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Step::Average { from, size: [h, w] })
    }

    /// Channels of several values one after the other.
    pub fn join(&mut self, mut parts: Vec<Value>) -> Value {
        if self.over() {
            return parts.swap_remove(0);
        }
        let from: Vec<(Option<Node>, usize)> = parts.iter().map(|part| (part.node, part.tensor.dims()[1])).collect();
        let tensor = Tensor::cat(parts.into_iter().map(|part| part.tensor).collect(), 1);
        let first = from.iter().find_map(|(node, _)| *node);
        self.value(tensor, first, None, |_, _| Step::Join { from })
    }

    /// A sum of two values.
    pub fn add(&mut self, x: Value, y: Value) -> Value {
        if self.over() {
            return x;
        }
        let recorded: Vec<&Value> = [&x, &y].into_iter().filter(|value| value.node.is_some()).collect();
        let (kept, from) = (self.kept(&recorded), recorded.iter().filter_map(|value| value.node).collect::<Vec<_>>());
        self.value(x.tensor + y.tensor, from.first().copied(), kept, |_, _| Step::Add { from })
    }

    /// Marks a feature map by a name, so that it can be looked at.
    pub fn tap(&mut self, name: &str, x: Value) -> Value {
        if let Some(album) = &mut self.album {
            album.push((name.into(), x.tensor.clone()));
        }
        if self.end == Some(name) {
            self.reached = Some(x.tensor.clone());
        }
        if self.watched != Some(name) {
            return x;
        }
        let node = self.tape.push(Step::Leaf);
        self.seen = Some((node, x.tensor.clone()));
        Value { tensor: x.tensor, node: Some(node) }
    }

    /// The values an operation takes, if they are to be kept.
    pub fn kept(&self, inputs: &[&Value]) -> Option<Vec<Tensor<4>>> {
        self.tape.keeps.then(|| inputs.iter().map(|input| input.tensor.clone()).collect())
    }

    /// A value that depends on others: recorded if any of them is.
    pub fn value(
        &mut self,
        tensor: Tensor<4>,
        from: Option<Node>,
        kept: Option<Vec<Tensor<4>>>,
        step: impl FnOnce(Node, &Tensor<4>) -> Step<'a>,
    ) -> Value {
        let node = from.map(|from| self.tape.push(step(from, &tensor)));
        if let (Some(_), Some(inputs)) = (node, kept) {
            self.tape.keep(inputs, tensor.clone());
        }
        Value { tensor, node }
    }
}
