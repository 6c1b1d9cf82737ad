//! Layer-wise relevance propagation (Bach et al., 2015): the class score handed down from layer to layer, each output's share going to the
//! inputs in proportion to what they contributed.
//!
//! Rules and composites as zennit defines them (Anders et al., 2021; Montavon et al., 2019; Kohlbrenner et al., 2020). Batch normalisation is
//! folded into its convolution, rectifiers pass everything, a maximum hands it to the winner, sums and means in proportion. What biases took
//! part in stays with them, and the map's sum falls short of the score by that, unless they are left out of the shares.

use super::context::map_of;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::methods::lrp::{BIAS, EPSILON, GAMMA, RULE};
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;
use sweetspot_nn::operations::convolution::{PlacedLayer, convolve_back_with};
use sweetspot_nn::tape::{Kept, Node, Operation, Rule};

pub(crate) const ENTRY: Entry = Entry { of: Method::Lrp, compute: |context| Box::pin(attribute(context)) };

/// The stabiliser of every rule but epsilon's own (zennit's).
const STABILISER: f64 = 1e-6;

/// How a layer hands relevance down.
#[derive(Debug, Clone, PartialEq)]
pub enum LayerRule {
    /// In proportion to `w x`, with a stabiliser.
    Epsilon(f64),
    /// Contributions in favour of the output's sign count `1 + gamma` times.
    Gamma(f64),
    /// Contributions for and against apart: `alpha` times the former less `beta` times the latter.
    AlphaBeta(f64, f64),
    /// To all inputs of an output alike.
    Flat,
    /// In proportion to `w x - w+ low - w- high`, for inputs known to lie between low and high, a pair a channel.
    Box(Vec<(f32, f32)>),
}

/// Which layer hands relevance down by which rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// The layer that sees the image.
    pub first: LayerRule,
    /// Other convolutions.
    pub convolution: LayerRule,
    /// Linear layers.
    pub linear: LayerRule,
    /// Whether biases keep their share.
    pub biases: bool,
}

impl Composite {
    fn everywhere(hand: LayerRule) -> Self {
        Self { first: hand.clone(), convolution: hand.clone(), linear: hand, biases: true }
    }

    /// The composite of a name of [`RULE`].
    pub fn named(name: &str, epsilon: f64, gamma: f64, bounds: &[(f32, f32)]) -> Self {
        let z_plus = LayerRule::AlphaBeta(1.0, 0.0);
        let linear = LayerRule::Epsilon(epsilon);
        match name {
            "epsilon" => Self::everywhere(linear),
            "gamma" => Self::everywhere(LayerRule::Gamma(gamma)),
            "alpha1-beta0" => Self::everywhere(z_plus),
            "epsilon-plus-flat" => Self { first: LayerRule::Flat, convolution: z_plus, linear, biases: true },
            "epsilon-gamma-box" => {
                Self { first: LayerRule::Box(bounds.into()), convolution: LayerRule::Gamma(gamma), linear, biases: true }
            }
            "epsilon-alpha2-beta1" => {
                let apart = LayerRule::AlphaBeta(2.0, 1.0);
                Self { first: apart.clone(), convolution: apart, linear, biases: true }
            }
            _ => Self { first: z_plus.clone(), convolution: z_plus, linear, biases: true },
        }
    }
}

/// The score's shares by the composite chosen, a value a channel.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let composite = Composite::named(&context.choice(&RULE), context.real(&EPSILON), context.real(&GAMMA), context.bounds);
    by(context, &Composite { biases: context.choice(&BIAS) == "keep", ..composite }).await
}

/// The score's shares by a composite.
pub async fn by(context: &Context<'_>, composite: &Composite) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let recorded = context.network.record_all(context.input.clone());
    let logits = recorded.logits();
    let [_, classes] = logits.dims();
    let score = logits.narrow(1, context.target, 1);
    let seed = Tensor::zeros([1, classes, 1, 1], &context.input.device())
        .slice_assign([0..1, context.target..context.target + 1, 0..1, 0..1], score.clone().reshape([1, 1, 1, 1]));
    let relevance = recorded.back_from(seed, composite);
    let total = values(score).await?[0];
    Ok(ChannelMap { total: Some(total), ..map_of(relevance, true).await? })
}

impl Rule for Composite {
    fn back(&self, operation: &Operation<'_>, kept: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        match (operation, kept) {
            (Operation::Convolve { from, layer, size, padding, .. }, Some(kept)) => {
                let hand = match () {
                    // The image is the tape's first value.
                    () if *from == 0 => &self.first,
                    () if layer.linear => &self.linear,
                    () => &self.convolution,
                };
                let bias = match self.biases {
                    true => layer.bias.clone(),
                    false => layer.bias.zeros_like(),
                };
                let (input, output) = (&kept.inputs[0], kept.output.clone());
                let output = if self.biases { output } else { output - layer.bias.clone().reshape([1, layer.layer.shape[0], 1, 1]) };
                let convolution = Convolution { layer, size: *size, padding: *padding, bias, input, output };
                vec![(*from, convolution.hand(hand, part))]
            }
            (Operation::Rectify { from, .. } | Operation::RectifyTo6 { from, .. }, _) => vec![(*from, part)],
            (Operation::Average { from, .. }, Some(kept)) => {
                let input = kept.inputs[0].clone();
                vec![(*from, input.clone() * (part / stable(input.sum_dims(&[2, 3]), STABILISER)))]
            }
            (Operation::Add { from }, Some(kept)) => {
                let share = part / stable(kept.output.clone(), STABILISER);
                from.iter().zip(&kept.inputs).map(|(node, input)| (*node, input.clone() * share.clone())).collect()
            }
            _ => operation.back(part),
        }
    }
}

/// A convolution with what went through it.
struct Convolution<'a> {
    layer: &'a PlacedLayer,
    size: [usize; 2],
    padding: [(usize, usize); 2],
    /// What takes part beside the inputs.
    bias: Tensor<1>,
    input: &'a Tensor<4>,
    output: Tensor<4>,
}

impl Convolution<'_> {
    fn forward(&self, x: Tensor<4>, weight: &Tensor<4>, bias: Option<&Tensor<1>>) -> Tensor<4> {
        self.layer.convolve(x, weight, bias, self.padding)
    }

    fn backward(&self, weight: &Tensor<4>, part: Tensor<4>) -> Tensor<4> {
        convolve_back_with(self.layer, weight, || self.layer.turn(weight), part, self.size, self.padding)
    }

    fn hand(&self, hand: &LayerRule, part: Tensor<4>) -> Tensor<4> {
        let (weight, bias) = (&self.layer.weight, &self.bias);
        match hand {
            LayerRule::Epsilon(epsilon) => self.input.clone() * self.backward(weight, part / stable(self.output.clone(), *epsilon)),
            LayerRule::Gamma(gamma) => {
                // Where the output is positive, contributions above zero count more: positive weights on positive inputs, negative on
                // negative ones. Where it is negative, the others.
                let more = |part: Tensor<4>| part * (*gamma as f32);
                let (up, down) = (weight.clone() + more(positive(weight)), weight.clone() + more(negative(weight)));
                let (bias_up, bias_down) =
                    (bias.clone() + relu(bias.clone()) * (*gamma as f32), bias.clone() - relu(-bias.clone()) * (*gamma as f32));
                let (above, below) = (positive(self.input), negative(self.input));
                let sum_up = self.forward(above.clone(), &up, Some(&bias_up)) + self.forward(below.clone(), &down, None);
                let sum_down = self.forward(above.clone(), &down, Some(&bias_down)) + self.forward(below.clone(), &up, None);
                let over = self.output.clone().greater_elem(0.0).float() * part.clone() / stable(sum_up, STABILISER);
                let under = self.output.clone().lower_elem(0.0).float() * part / stable(sum_down, STABILISER);
                above * (self.backward(&up, over.clone()) + self.backward(&down, under.clone()))
                    + below * (self.backward(&down, over) + self.backward(&up, under))
            }
            LayerRule::AlphaBeta(alpha, beta) => {
                let (up, down) = (positive(weight), negative(weight));
                let (above, below) = (positive(self.input), negative(self.input));
                let gain = self.forward(above.clone(), &up, Some(&relu(bias.clone()))) + self.forward(below.clone(), &down, None);
                let for_it = part.clone() / stable(gain, STABILISER) * (*alpha as f32);
                let kept = above.clone() * self.backward(&up, for_it.clone()) + below.clone() * self.backward(&down, for_it);
                if *beta == 0.0 {
                    return kept;
                }
                let loss = self.forward(above.clone(), &down, Some(&-relu(-bias.clone()))) + self.forward(below.clone(), &up, None);
                let against = part / stable(loss, STABILISER) * (*beta as f32);
                kept - (above * self.backward(&down, against.clone()) + below * self.backward(&up, against))
            }
            LayerRule::Flat => {
                let (ones, even) = (self.input.ones_like(), weight.ones_like());
                let sums = self.forward(ones, &even, None);
                self.backward(&even, part / stable(sums, STABILISER))
            }
            LayerRule::Box(bounds) => {
                let [_, _, height, width] = self.input.dims();
                let constant = |pick: fn(&(f32, f32)) -> f32| {
                    let values: Vec<f32> = bounds.iter().map(pick).collect();
                    let column = Tensor::<1>::from_floats(values.as_slice(), &self.input.device());
                    column.reshape([1, bounds.len(), 1, 1]).expand([1, bounds.len(), height, width])
                };
                let (low, high) = (constant(|b| b.0), constant(|b| b.1));
                let (up, down) = (positive(weight), negative(weight));
                let (bias_up, bias_down) = (relu(bias.clone()), -relu(-bias.clone()));
                let sums = self.output.clone()
                    - self.forward(low.clone(), &up, Some(&bias_up))
                    - self.forward(high.clone(), &down, Some(&bias_down));
                let share = part / stable(sums, STABILISER);
                self.input.clone() * self.backward(weight, share.clone())
                    - low * self.backward(&up, share.clone())
                    - high * self.backward(&down, share)
            }
        }
    }
}

/// Away from zero by a stabiliser, in its own direction; zero itself goes up.
fn stable(x: Tensor<4>, epsilon: f64) -> Tensor<4> {
    let direction = x.clone().greater_equal_elem(0.0).float() * 2.0 - 1.0;
    x + direction * (epsilon as f32)
}

fn positive(x: &Tensor<4>) -> Tensor<4> {
    relu(x.clone())
}

fn negative(x: &Tensor<4>) -> Tensor<4> {
    -relu(-x.clone())
}
