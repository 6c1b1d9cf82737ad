//! A recorded pass: its logits, and what goes back from them.

use burn::tensor::Tensor;

use crate::layer::Layer;
use crate::tape::{Gradient, Node, Operation, Rule, Tape, Value};

/// [n, c, 1, 1] as [n, c].
pub(crate) fn flat(x: Tensor<4>) -> Tensor<2> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c * h * w])
}

/// A recorded pass.
pub struct Recorded<'a> {
    pub(crate) output: Value,
    pub(crate) tape: Tape<'a>,
    pub(crate) leaf: (Node, Tensor<4>),
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
    /// those of [`Network::learning`](crate::network::Network::learning).
    pub fn parameter_gradients(&self, seed: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        self.output.node.map_or_else(Vec::new, |output| self.tape.back_to_parameters(output, seed))
    }

    /// The input each layer got, in the order of the pass: what a pass recorded for learning keeps.
    pub fn layer_inputs(&self) -> impl Iterator<Item = (&Layer, Tensor<4>)> {
        self.tape.operations().iter().filter_map(|operation| match operation {
            Operation::Convolve { layer, input: Some(input), .. } => Some((&layer.layer, input.clone())),
            _ => None,
        })
    }

    /// The statistics of each batch normalisation of a learning network: its name, mean and variance [1, channels, 1, 1] of the batch, and how many
    /// values a channel they are of.
    pub fn statistics(&self) -> impl Iterator<Item = (&str, [Tensor<4>; 2], usize)> {
        self.tape.operations().iter().filter_map(|operation| match operation {
            Operation::Standardise { standardised, .. } => Some(standardised.statistics()),
            _ => None,
        })
    }

    /// The operations of the pass, in order; the first one is the leaf. And the place of the logits, unless they do not depend on it.
    pub fn operations(&self) -> (&[Operation<'_>], Option<Node>) {
        (self.tape.operations(), self.output.node)
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
