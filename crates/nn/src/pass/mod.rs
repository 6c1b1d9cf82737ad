//! A pass of images through a network: what architectures are written against.

pub(crate) mod transformer;
pub mod windows;

use std::collections::HashMap;

use burn::tensor::module::{max_pool2d, max_pool2d_with_indices};
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Tensor, activation};

use crate::operations::batch_norm::{PlacedNorm, Standardised};
use crate::operations::convolution::PlacedLayer;
use crate::tape::{Node, Operation, Tape, Value};

/// A network's weights on a device: what a pass computes with.
pub(crate) struct PlacedWeights {
    /// Layers by name.
    pub(crate) layers: HashMap<String, PlacedLayer>,
    /// Parameters that belong to no layer, by name: [1, channels, 1, 1], or [1, channels, tokens, 1].
    pub(crate) extras: HashMap<String, Tensor<4>>,
    /// Whether ReLU6 stops at 6.
    pub(crate) capped: bool,
}

/// One pass of images through a network. Architectures are written against it.
pub struct Pass<'a, 'b> {
    pub(crate) weights: &'a PlacedWeights,
    pub(crate) tape: Tape<'a>,
    /// The tap from which on the pass is recorded.
    pub(crate) watched: Option<&'b str>,
    /// Its place on the tape and what was there.
    pub(crate) seen: Option<(Node, Tensor<4>)>,
    /// What was at each tap, if that is wanted.
    pub(crate) features: Option<Vec<(String, Tensor<4>)>>,
    /// The tap behind which nothing is computed any more.
    pub(crate) end: Option<&'b str>,
    /// What was there.
    pub(crate) reached: Option<Tensor<4>>,
}

impl<'a> Pass<'a, '_> {
    pub(crate) fn new(weights: &'a PlacedWeights, tape: Tape<'a>) -> Self {
        Self { weights, tape, watched: None, seen: None, features: None, end: None, reached: None }
    }

    /// Whether the pass is at its end: operations then hand on what they are given, so that architectures need not know of it.
    pub fn over(&self) -> bool {
        self.reached.is_some()
    }

    /// A parameter that belongs to no layer, with its name as long as the network lives.
    pub fn named_extra(&self, name: &str) -> (&'a str, &'a Tensor<4>) {
        // As with layers, a wrong name is a defect of the architecture's file.
        self.weights.extras.get_key_value(name).map(|(name, tensor)| (name.as_str(), tensor)).expect("architectures know their parameters")
    }

    /// A parameter as a value: on the tape if gradients by parameters are wanted.
    pub fn learnt(&mut self, tensor: Tensor<4>, name: &'a str) -> Value {
        let node = self.tape.learns.then(|| self.tape.push(Operation::Parameter { name }));
        Value { tensor, node }
    }

    /// A convolution with whatever is folded into it; on tokens or features with one place, a linear layer.
    pub fn conv(&mut self, name: &str, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        // Architectures name their own layers; a wrong name is a defect of the architecture's file, which its first test shows.
        let placed: &'a PlacedLayer = &self.weights.layers[name];
        let size = [x.tensor.dims()[2], x.tensor.dims()[3]];
        let padding = placed.padding(size);
        let tensor = placed.convolve(x.tensor.clone(), &placed.weight, Some(&placed.bias), padding);
        let kept = self.kept(&[x]);
        let input = self.tape.learns.then(|| x.tensor.clone());
        let output = self.value(tensor, x.node, kept, |from, _| Operation::Convolve { from, layer: placed, size, padding, input });
        match &placed.norm {
            Some(norm) => self.standardise(norm, output),
            None => output,
        }
    }

    fn standardise(&mut self, norm: &'a PlacedNorm, x: Value) -> Value {
        let (standardised, tensor) = Standardised::of(x.tensor, norm);
        self.value(tensor, x.node, None, |from, _| Operation::Standardise { from, standardised: Box::new(standardised) })
    }

    /// max(x, 0).
    pub fn relu(&mut self, x: Value) -> Value {
        if self.over() {
            return x;
        }
        let kept = self.kept(&[&x]);
        self.value(activation::relu(x.tensor), x.node, kept, |from, output| Operation::Rectify { from, output: output.clone() })
    }

    /// min(max(x, 0), 6).
    pub fn relu6(&mut self, x: Value) -> Value {
        if self.over() || !self.weights.capped {
            return self.relu(x);
        }
        let kept = self.kept(&[&x]);
        // Two passes that become SIMD instructions; the library's clamp, which is one, does not.
        let tensor = activation::relu(x.tensor).clamp_max(6.0);
        self.value(tensor, x.node, kept, |from, output| Operation::RectifyTo6 { from, output: output.clone() })
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
        self.value(tensor, x.node, kept, |from, _| Operation::Pool { from, places, size: [height, width] })
    }

    /// Mean over all places, [n, c, h, w] to [n, c, 1, 1].
    pub fn average(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let [n, c, h, w] = x.tensor.dims();
        let tensor = x.tensor.clone().reshape([n, c, h * w]).mean_dim(2).reshape([n, c, 1, 1]);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Operation::Average { from, size: [h, w] })
    }

    /// Channels of several values one after the other.
    pub fn join(&mut self, mut parts: Vec<Value>) -> Value {
        if self.over() {
            return parts.swap_remove(0);
        }
        let from: Vec<(Option<Node>, usize)> = parts.iter().map(|part| (part.node, part.tensor.dims()[1])).collect();
        let tensor = Tensor::cat(parts.into_iter().map(|part| part.tensor).collect(), 1);
        let first = from.iter().find_map(|(node, _)| *node);
        self.value(tensor, first, None, |_, _| Operation::Join { from })
    }

    /// A sum of two values.
    pub fn add(&mut self, x: Value, y: Value) -> Value {
        if self.over() {
            return x;
        }
        let recorded: Vec<&Value> = [&x, &y].into_iter().filter(|value| value.node.is_some()).collect();
        let (kept, from) = (self.kept(&recorded), recorded.iter().filter_map(|value| value.node).collect::<Vec<_>>());
        self.value(x.tensor + y.tensor, from.first().copied(), kept, |_, _| Operation::Add { from })
    }

    /// Marks a feature map by a name, so that it can be looked at.
    pub fn tap(&mut self, name: &str, x: Value) -> Value {
        if let Some(features) = &mut self.features {
            features.push((name.into(), x.tensor.clone()));
        }
        if self.end == Some(name) {
            self.reached = Some(x.tensor.clone());
        }
        if self.watched != Some(name) {
            return x;
        }
        let node = self.tape.push(Operation::Leaf);
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
        operation: impl FnOnce(Node, &Tensor<4>) -> Operation<'a>,
    ) -> Value {
        let node = from.map(|from| self.tape.push(operation(from, &tensor)));
        if let (Some(_), Some(inputs)) = (node, kept) {
            self.tape.keep(inputs, tensor.clone());
        }
        Value { tensor, node }
    }
}
