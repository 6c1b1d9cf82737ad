//! One operation of a pass as the tape has it, and what its gradient is.

use burn::tensor::{Int, Tensor};

use crate::operations::activation::{between_0_and_6, gelu_back};
use crate::operations::attention::{Attention, Mixture};
use crate::operations::batch_norm::{Standardised, channel_sums};
use crate::operations::convolution::{PlacedLayer, convolve_back, weight_gradient};
use crate::operations::layer_norm::Normalisation;
use crate::operations::pooling::pool_back;
use crate::operations::rearrangement::{Rearrangement, rolled};
use crate::operations::tokens::{first_back, without_class};

/// The place of a value on a tape.
pub type Node = usize;

/// One operation, with what its gradient needs.
#[allow(missing_docs, reason = "each operation's text tells of its fields")]
pub enum Operation<'a> {
    /// Nothing before it: a value whose gradient is asked for.
    Leaf,
    /// A convolution, its input's height and width, and the input itself where gradients by the weights are wanted.
    Convolve { from: Node, layer: &'a PlacedLayer, size: [usize; 2], padding: [(usize, usize); 2], input: Option<Tensor<4>> },
    /// A batch normalisation by the batch's own statistics, while learning.
    Standardise { from: Node, standardised: Box<Standardised<'a>> },
    /// A parameter that belongs to no layer, where gradients by it are wanted.
    Parameter { name: &'a str },
    /// max(x, 0), and what came out.
    Rectify { from: Node, output: Tensor<4> },
    /// min(max(x, 0), 6), and what came out.
    RectifyTo6 { from: Node, output: Tensor<4> },
    /// A maximum over windows: where in each plane it was, and the input's height and width.
    Pool { from: Node, places: Tensor<4, Int>, size: [usize; 2] },
    /// A mean over all places, and the input's height and width.
    Average { from: Node, size: [usize; 2] },
    /// Channels one after the other: where each part comes from, and its channels.
    Join { from: Vec<(Option<Node>, usize)> },
    /// A sum.
    Add { from: Vec<Node> },
    /// Places as tokens behind a class token of this name, and the input's height and width.
    Tokens { from: Node, size: [usize; 2], class: &'a str },
    /// The first token, and how many there were.
    First { from: Node, tokens: usize },
    /// A layer normalisation over channels.
    Normalise { from: Node, normalisation: Normalisation<'a> },
    /// `x Phi(x)`, and what came in.
    Gelu { from: Node, input: Tensor<4> },
    /// Attention of queries to keys.
    Attend { from: [Option<Node>; 2], attention: Box<Attention> },
    /// Values in another order, and how they get back into theirs.
    Rearrange { from: Node, back: Rearrangement },
    /// A map moved around by so many rows and columns towards the start.
    Roll { from: Node, by: usize },
    /// Values mixed by attention; attention first.
    Mix { from: [Option<Node>; 2], mixture: Mixture },
}

impl Operation<'_> {
    /// The gradients of an operation's inputs, from its output's.
    pub fn back(&self, gradient: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        match self {
            Self::Leaf | Self::Parameter { .. } => vec![],
            Self::Standardise { from, standardised } => vec![(*from, standardised.back(gradient))],
            Self::Convolve { from, layer, size, padding, .. } => vec![(*from, convolve_back(layer, gradient, *size, *padding))],
            Self::Rectify { from, output } => vec![(*from, gradient * output.clone().greater_elem(0.0).float())],
            Self::RectifyTo6 { from, output } => vec![(*from, gradient * between_0_and_6(output).float())],
            Self::Pool { from, places, size } => vec![(*from, pool_back(places, gradient, *size))],
            Self::Average { from, size: [height, width] } => {
                let [n, c, ..] = gradient.dims();
                vec![(*from, (gradient / (height * width) as f32).expand([n, c, *height, *width]))]
            }
            Self::Join { from } => {
                let mut start = 0;
                let mut parts = Vec::new();
                for (node, channels) in from {
                    if let Some(node) = node {
                        parts.push((*node, gradient.clone().narrow(1, start, *channels)));
                    }
                    start += channels;
                }
                parts
            }
            Self::Add { from } => from.iter().map(|node| (*node, gradient.clone())).collect(),
            Self::Tokens { from, size, .. } => vec![(*from, without_class(gradient, *size))],
            Self::First { from, tokens } => vec![(*from, first_back(gradient, *tokens))],
            Self::Normalise { from, normalisation } => vec![(*from, normalisation.back(gradient))],
            Self::Gelu { from, input } => vec![(*from, gelu_back(input, gradient))],
            Self::Rearrange { from, back } => vec![(*from, back.apply(gradient))],
            Self::Roll { from, by } => {
                let side = gradient.dims()[2];
                vec![(*from, rolled(gradient, side - by))]
            }
            Self::Attend { from, attention } => recorded(from, attention.back(gradient)),
            Self::Mix { from, mixture } => recorded(from, mixture.back(gradient)),
        }
    }

    /// Gradients of an operation's parameters from its output's.
    pub(crate) fn parameter_gradients(&self, gradient: &Tensor<4>) -> Vec<(String, Tensor<4>)> {
        match self {
            Self::Convolve { layer, padding, input: Some(input), .. } => {
                let mut found = vec![(layer.layer.weight_name(), weight_gradient(layer, input.clone(), gradient.clone(), *padding))];
                if layer.layer.bias {
                    found.push((format!("{}.bias", layer.layer.name), channel_sums(gradient.clone())));
                }
                found
            }
            Self::Standardise { standardised, .. } => standardised.parameter_gradients(gradient).into(),
            Self::Normalise { normalisation, .. } => {
                normalisation.parameter_gradients(gradient).map(|(name, tensor)| (name.to_string(), tensor)).into()
            }
            Self::Tokens { class, .. } => vec![(class.to_string(), gradient.clone().narrow(2, 0, 1).sum_dim(0))],
            Self::Parameter { name } => vec![(name.to_string(), gradient.clone().sum_dim(0))],
            _ => vec![],
        }
    }
}

/// The parts of two inputs, of those that are on the tape.
fn recorded(from: &[Option<Node>; 2], parts: [Tensor<4>; 2]) -> Vec<(Node, Tensor<4>)> {
    from.iter().zip(parts).filter_map(|(node, part)| Some(((*node)?, part))).collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::operations::against_recorder::{apart_by, waves};

    #[test]
    fn rectifiers_are_flat_at_their_kinks() {
        let output = Tensor::<4>::from_data(TensorData::new(vec![0.0_f32, 1e-9, 3.0, 6.0], [1, 1, 2, 2]), &crate::device::cpu());
        let back = |operation: Operation<'_>| operation.back(output.ones_like()).remove(0).1.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(back(Operation::Rectify { from: 0, output: output.clone() }), [0.0, 1.0, 1.0, 1.0]);
        assert_eq!(back(Operation::RectifyTo6 { from: 0, output: output.clone() }), [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn the_class_token_comes_first_and_places_follow_in_reading_order() {
        let x = waves([2, 3, 2, 4], 0.3);
        let back = |operation: Operation<'_>, gradient: Tensor<4>| operation.back(gradient).remove(0).1;
        let tokens = Tensor::cat(vec![waves([2, 3, 1, 1], 0.9), x.clone().reshape([2, 3, 8, 1])], 2);
        assert!(apart_by(back(Operation::Tokens { from: 0, size: [2, 4], class: "class" }, tokens.clone()), x) < 1e-9);
        let first = back(Operation::First { from: 0, tokens: 9 }, tokens.clone().narrow(2, 0, 1));
        assert!(apart_by(first.clone().narrow(2, 0, 1), tokens.narrow(2, 0, 1)) < 1e-9);
        assert_eq!(first.narrow(2, 1, 8).abs().max().into_scalar::<f32>(), 0.0);
    }
}
