//! What a pass of images did, so that the gradient of an answer can go back through it.
//!
//! A network's weights are constants here, its input is not: going back needs each layer's input gradient and nothing else, and every one of
//! them is a convolution, a product with a mask or a scatter. Written that way they run as fast as the forward pass; the general recorder of
//! the tensor library, which keeps what weights would need and turns every convolution into columns, took three to four times as long. The
//! tests compare the two.
//!
//! What transformers do besides is in [`tokens`].

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions, PadMode};
use burn::tensor::{Bool, IndexingUpdateOp, Int, Tensor};

use super::learning::{self, Standardised};
use super::network::Placed;
use super::tokens::{self, Attention, Mixture, Normalisation};
use super::windows::{self, Rearrangement};

/// The place of a value on a tape.
pub type Node = usize;

/// A value in a pass: the tensor, and its place on the tape unless it is a constant there.
#[derive(Clone)]
pub struct Value {
    /// The tensor [n, c, h, w]; features and logits have h = w = 1, tokens are [n, c, tokens, 1], attention is [n, heads, tokens, tokens].
    pub tensor: Tensor<4>,
    /// Its place on the tape.
    pub node: Option<Node>,
}

impl Value {
    /// A value that no gradient goes back to.
    pub fn constant(tensor: Tensor<4>) -> Self {
        Self { tensor, node: None }
    }
}

/// One operation, with what its gradient needs.
#[allow(missing_docs, reason = "each operation's text tells of its fields")]
pub enum Step<'a> {
    /// Nothing before it: a value whose gradient is asked for.
    Leaf,
    /// A convolution, its input's height and width, and the input itself where gradients by the weights are wanted.
    Convolve { from: Node, layer: &'a Placed, size: [usize; 2], padding: [(usize, usize); 2], input: Option<Tensor<4>> },
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

/// What an operation took and gave, for rules that look at more than gradients.
pub struct Kept {
    /// The inputs' values, in the order in which the step names where they come from.
    pub inputs: Vec<Tensor<4>>,
    /// The output's values.
    pub output: Tensor<4>,
}

/// How something at an operation's output is handed back to its inputs. Gradients are one way; attribution methods know others.
pub trait Rule {
    /// The parts of the inputs, from the output's.
    fn back(&self, step: &Step<'_>, kept: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)>;
}

/// The chain rule.
pub struct Gradient;

impl Rule for Gradient {
    fn back(&self, step: &Step<'_>, _: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        back(step, part)
    }
}

/// Every operation of a pass that a gradient can go back through, in order.
#[derive(Default)]
pub struct Tape<'a> {
    steps: Vec<Step<'a>>,
    /// Whether what each operation took and gave is kept.
    pub keeps: bool,
    kept: Vec<Option<Kept>>,
    /// Whether gradients by the parameters are wanted.
    pub learns: bool,
}

impl<'a> Tape<'a> {
    /// An empty tape that keeps what each operation takes and gives.
    pub fn keeping() -> Self {
        Self { keeps: true, ..Self::default() }
    }

    /// An empty tape that gradients by the parameters can go back through.
    pub fn learning() -> Self {
        Self { learns: true, ..Self::default() }
    }

    /// The operations, in order; an operation's output has its place as its name.
    pub fn steps(&self) -> &[Step<'a>] {
        &self.steps
    }

    /// Puts an operation on the tape and names its output.
    pub fn push(&mut self, step: Step<'a>) -> Node {
        self.steps.push(step);
        self.kept.push(None);
        self.steps.len() - 1
    }

    /// Keeps what the last operation took and gave.
    pub fn keep(&mut self, inputs: Vec<Tensor<4>>, output: Tensor<4>) {
        if let Some(kept) = self.kept.last_mut() {
            *kept = Some(Kept { inputs, output });
        }
    }

    /// What comes back to a leaf by a rule when it is `seed` at `from`: with [`Gradient`], the gradient.
    pub fn back(&self, from: Node, seed: Tensor<4>, leaf: Node, rule: &dyn Rule) -> Option<Tensor<4>> {
        self.back_to(from, seed, &[leaf], rule).pop().flatten()
    }

    /// The same for several values on the way, in the order asked for.
    pub fn back_to(&self, from: Node, seed: Tensor<4>, wanted: &[Node], rule: &dyn Rule) -> Vec<Option<Tensor<4>>> {
        let mut found = vec![None; wanted.len()];
        let first = wanted.iter().copied().min().unwrap_or(from);
        let mut gradients: Vec<Option<Tensor<4>>> = vec![None; self.steps.len()];
        gradients[from] = Some(seed);
        for at in (first..=from).rev() {
            let Some(gradient) = gradients[at].take() else { continue };
            if let Some(place) = wanted.iter().position(|node| *node == at) {
                found[place] = Some(gradient.clone());
            }
            if at == first {
                break;
            }
            for (node, part) in rule.back(&self.steps[at], self.kept[at].as_ref(), gradient) {
                gradients[node] = Some(match gradients[node].take() {
                    Some(other) => other + part,
                    None => part,
                });
            }
        }
        found
    }

    /// Gradients by the parameters when it is `seed` at `from`, by name. None is computed for the images.
    pub fn back_to_parameters(&self, from: Node, seed: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        let mut found = Vec::new();
        let mut gradients: Vec<Option<Tensor<4>>> = vec![None; self.steps.len()];
        gradients[from] = Some(seed);
        for at in (0..=from).rev() {
            let Some(gradient) = gradients[at].take() else { continue };
            let step = &self.steps[at];
            found.extend(learning::parameters(step, &gradient));
            if matches!(step, Step::Convolve { from, .. } if matches!(self.steps[*from], Step::Leaf)) {
                continue;
            }
            for (node, part) in back(step, gradient) {
                gradients[node] = Some(match gradients[node].take() {
                    Some(other) => other + part,
                    None => part,
                });
            }
        }
        found
    }

    /// Every attention that was recorded, [n, heads, tokens, tokens], and its place, in the order of the blocks.
    pub fn attentions(&self) -> Vec<(Node, Tensor<4>)> {
        let attention = |(at, step): (Node, &Step<'a>)| match step {
            Step::Attend { attention, .. } => Some((at, attention.shares.clone())),
            _ => None,
        };
        self.steps.iter().enumerate().filter_map(attention).collect()
    }
}

/// The gradients of an operation's inputs, from its output's.
pub fn back(step: &Step<'_>, gradient: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
    match step {
        Step::Leaf | Step::Parameter { .. } => vec![],
        Step::Standardise { from, standardised } => vec![(*from, standardised.back(gradient))],
        Step::Convolve { from, layer, size, padding, .. } => vec![(*from, convolve_back(layer, gradient, *size, *padding))],
        Step::Rectify { from, output } => vec![(*from, gradient * output.clone().greater_elem(0.0).float())],
        Step::RectifyTo6 { from, output } => vec![(*from, gradient * between_0_and_6(output).float())],
        Step::Pool { from, places, size } => vec![(*from, pool_back(places, gradient, *size))],
        Step::Average { from, size: [height, width] } => {
            let [n, c, ..] = gradient.dims();
            vec![(*from, (gradient / (height * width) as f32).expand([n, c, *height, *width]))]
        }
        Step::Join { from } => {
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
        Step::Add { from } => from.iter().map(|node| (*node, gradient.clone())).collect(),
        Step::Tokens { from, size, .. } => vec![(*from, tokens::without_class(gradient, *size))],
        Step::First { from, tokens } => vec![(*from, tokens::first_back(gradient, *tokens))],
        Step::Normalise { from, normalisation } => vec![(*from, normalisation.back(gradient))],
        Step::Gelu { from, input } => vec![(*from, tokens::gelu_back(input, gradient))],
        Step::Rearrange { from, back } => vec![(*from, back.apply(gradient))],
        Step::Roll { from, by } => {
            let side = gradient.dims()[2];
            vec![(*from, windows::rolled(gradient, side - by))]
        }
        Step::Attend { from, attention } => recorded(from, attention.back(gradient)),
        Step::Mix { from, mixture } => recorded(from, mixture.back(gradient)),
    }
}

/// The parts of two inputs, of those that are on the tape.
fn recorded(from: &[Option<Node>; 2], parts: [Tensor<4>; 2]) -> Vec<(Node, Tensor<4>)> {
    from.iter().zip(parts).filter_map(|(node, part)| Some(((*node)?, part))).collect()
}

/// Where ReLU6 is not flat. At its kinks the gradient is zero, as in PyTorch's hardtanh.
fn between_0_and_6(output: &Tensor<4>) -> Tensor<4, Bool> {
    output.clone().greater_elem(0.0).bool_and(output.clone().lower_elem(6.0))
}

/// A convolution's input gradient. Moved by one, it is a convolution with the turned kernel; moved further, a transposed one, or for a kernel
/// a channel the former on the gradient with zeros between its values.
fn convolve_back(placed: &Placed, gradient: Tensor<4>, size: [usize; 2], padding: [(usize, usize); 2]) -> Tensor<4> {
    convolve_back_with(placed, &placed.weight, || placed.turned(), gradient, size, padding)
}

/// The same with another weight in the layer's place, and that weight turned.
pub fn convolve_back_with(
    placed: &Placed,
    weight: &Tensor<4>,
    turned: impl FnOnce() -> Tensor<4>,
    gradient: Tensor<4>,
    [height, width]: [usize; 2],
    padding: [(usize, usize); 2],
) -> Tensor<4> {
    let layer = &placed.layer;
    let [kernel_h, kernel_w] = [layer.shape[2], layer.shape[3]];
    let [top, left] = padding.map(|(begin, _)| begin);
    if !layer.depthwise() && (layer.groups > 1 || layer.stride > 1) {
        let [_, _, out_h, out_w] = gradient.dims();
        // Rows and columns of the padded input that no window reached get no gradient, but must be there.
        let reached = |out: usize, kernel: usize, begin: usize| (out - 1) * layer.stride + kernel - begin;
        let (rows, columns) = (reached(out_h, kernel_h, top), reached(out_w, kernel_w, left));
        let options = ConvTransposeOptions::new([layer.stride; 2], [0, 0], [0, 0], [1, 1], layer.groups);
        let whole = conv_transpose2d(gradient, weight.clone(), None, options);
        return fit(whole.narrow(2, top, rows).narrow(3, left, columns), height, width);
    }
    let gradient = if layer.stride > 1 { spread(gradient, layer.stride) } else { gradient };
    let [_, _, out_h, out_w] = gradient.dims();
    // Output i of the turned convolution belongs to input i when k - 1 - begin zeros come before, and enough after to reach the last input.
    let zeros = |begin: usize, kernel: usize, out: usize, size: usize| (kernel - 1 - begin, size + begin - out);
    let zeros = [zeros(top, kernel_h, out_h, height), zeros(left, kernel_w, out_w, width)];
    conv2d(gradient, turned(), None, ConvOptions::new_with_padding([1, 1], zeros, [1, 1], layer.groups))
}

/// Values with `stride - 1` zeros between them: a transposed convolution with kernels of one 1, the library's quickest way to write apart.
fn spread(x: Tensor<4>, stride: usize) -> Tensor<4> {
    let channels = x.dims()[1];
    let ones = Tensor::ones([channels, 1, 1, 1], &x.device());
    conv_transpose2d(x, ones, None, ConvTransposeOptions::new([stride; 2], [0, 0], [0, 0], [1, 1], channels))
}

/// Cuts off or fills up with zeros at the end of both axes.
fn fit(x: Tensor<4>, height: usize, width: usize) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    let x = x.narrow(2, 0, h.min(height)).narrow(3, 0, w.min(width));
    if h < height || w < width {
        return x.pad((0, width.saturating_sub(w), 0, height.saturating_sub(h)), PadMode::Constant(0.0));
    }
    x
}

/// A pooling's input gradient: to each window's maximum, the first one in reading order.
pub fn pool_back(places: &Tensor<4, Int>, gradient: Tensor<4>, [height, width]: [usize; 2]) -> Tensor<4> {
    let [n, c, h, w] = gradient.dims();
    let zeros = Tensor::<3>::zeros([n, c, height * width], &gradient.device());
    let (places, gradient) = (places.clone().reshape([n, c, h * w]), gradient.reshape([n, c, h * w]));
    zeros.scatter(2, places, gradient, IndexingUpdateOp::Add).reshape([n, c, height, width])
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use burn::tensor::module::{max_pool2d, max_pool2d_with_indices};
    use burn::tensor::ops::MaxPoolOptions;

    use super::*;
    use crate::layer::Layer;
    use crate::layer::Padding;
    use sweetspot_core::compare::largest_difference;

    fn waves(shape: [usize; 4], step: f32) -> Tensor<4> {
        let values: Vec<f32> = (0..shape.iter().product()).map(|i| (i as f32 * step).sin()).collect();
        Tensor::from_data(TensorData::new(values, shape), &crate::device::cpu())
    }

    fn apart(a: Tensor<4>, b: Tensor<4>) -> f32 {
        assert_eq!(a.dims(), b.dims());
        let [a, b] = [a, b].map(|x| x.into_data().try_into_vec::<f32>().unwrap());
        largest_difference(&a, &b).unwrap() as f32
    }

    #[test]
    fn convolutions_go_back_as_the_librarys_recorder_does() {
        let layers = [
            Layer::conv("plain 1 x 1", 6, 4, 1),
            Layer { padding: Padding::Each(1), ..Layer::conv("padded 3 x 3", 6, 4, 3) },
            Layer { stride: 2, ..Layer::conv("stride 2", 6, 4, 3) },
            Layer { stride: 2, padding: Padding::Same, ..Layer::conv("stride 2, same", 6, 4, 3) },
            Layer { stride: 3, padding: Padding::Each(2), ..Layer::conv("stride 3", 6, 4, 5) },
            Layer { groups: 6, padding: Padding::Same, ..Layer::conv("depthwise", 1, 6, 5) },
            Layer { groups: 6, stride: 2, padding: Padding::Same, ..Layer::conv("depthwise, stride 2", 1, 6, 5) },
            Layer { groups: 6, stride: 2, padding: Padding::Each(1), ..Layer::conv("depthwise, stride 2, even padding", 1, 6, 3) },
            Layer { groups: 2, padding: Padding::Each(1), ..Layer::conv("grouped", 3, 4, 3) },
        ];
        for layer in layers {
            for (height, width) in [(9, 9), (8, 11), (12, 7)] {
                let kernel = waves([layer.shape[0], layer.shape[1], layer.shape[2], layer.shape[3]], 0.37);
                let padding =
                    [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)];
                let options = ConvOptions::new_with_padding([layer.stride; 2], padding, [1, 1], layer.groups);
                let image = waves([2, 6, height, width], 0.11).autodiff().require_grad();
                let output = conv2d(image.clone(), kernel.clone(), None, options);
                let gradient = waves(output.dims(), 0.71);
                let expected = image.grad(&(output * gradient.clone()).sum().backward()).unwrap();
                let name = layer.name.clone();
                let placed = Placed::of(layer.clone(), kernel, Tensor::zeros([layer.shape[0]], &crate::device::cpu()));
                let got = convolve_back(&placed, gradient, [height, width], padding);
                // Sums of at most 54 products of sines.
                assert!(apart(got, expected) < 1e-4, "{name}, {height} x {width}");
            }
        }
    }

    #[test]
    fn rectifiers_are_flat_at_their_kinks() {
        let output = Tensor::<4>::from_data(TensorData::new(vec![0.0_f32, 1e-9, 3.0, 6.0], [1, 1, 2, 2]), &crate::device::cpu());
        let back = |step: Step<'_>| back(&step, output.ones_like()).remove(0).1.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(back(Step::Rectify { from: 0, output: output.clone() }), [0.0, 1.0, 1.0, 1.0]);
        assert_eq!(back(Step::RectifyTo6 { from: 0, output: output.clone() }), [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_pools_gradient_goes_to_the_first_of_equal_maxima() {
        let options = MaxPoolOptions::new([2, 2]).with_stride([2, 2]);
        let (_, places) = max_pool2d_with_indices(waves([1, 1, 4, 4], 0.0), options);
        let gradient = pool_back(&places, waves([1, 1, 2, 2], 0.0) + 1.0, [4, 4]);
        let expected = [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(gradient.into_data().try_to_vec::<f32>().unwrap(), expected);
    }

    #[test]
    fn pools_go_back_as_the_librarys_recorder_does() {
        let plain = MaxPoolOptions::new([3, 3]).with_stride([2, 2]);
        let hanging = MaxPoolOptions { ceil_mode: true, ..plain.clone() };
        let padded = MaxPoolOptions { padding: [(1, 1); 2], ..plain };
        for ((height, width), options) in
            [((7, 7), &hanging), ((8, 11), &hanging), ((9, 6), &hanging), ((8, 8), &padded), ((9, 6), &padded)]
        {
            let input = waves([2, 3, height, width], 0.83).autodiff().require_grad();
            let output = max_pool2d(input.clone(), options.clone());
            let gradient = waves(output.dims(), 0.57);
            let expected = input.grad(&(output * gradient.clone()).sum().backward()).unwrap();
            let (_, places) = max_pool2d_with_indices(input.inner(), options.clone());
            assert!(apart(pool_back(&places, gradient, [height, width]), expected) < 1e-6, "{height} x {width}");
        }
    }

    #[test]
    fn a_value_used_twice_gathers_both_gradients() {
        let mut tape = Tape::default();
        let leaf = tape.push(Step::Leaf);
        let doubled = tape.push(Step::Add { from: vec![leaf, leaf] });
        let output = tape.push(Step::Add { from: vec![doubled, leaf] });
        let got = tape.back(output, waves([1, 1, 2, 2], 0.3), leaf, &Gradient).unwrap();
        assert!(apart(got, waves([1, 1, 2, 2], 0.3) * 3.0) < 1e-6);
    }
}
