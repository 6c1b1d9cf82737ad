//! What transformers do with tokens, and how gradients go back through it.
//!
//! Tokens are [n, channels, tokens, 1], channels first as everywhere: a linear layer is then the 1 x 1 convolution it is elsewhere, and heads
//! are groups of channels that lie together, so that no step moves anything to another place in memory.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use burn::tensor::{Device, Tensor, TensorData, activation};

use super::network::Pass;
use super::tape::{Step, Value};
use super::weights::Array;

impl Pass<'_, '_> {
    /// A parameter that belongs to no layer: [1, channels, 1, 1], or [1, channels, tokens, 1].
    pub fn parameter(&mut self, name: &str) -> Value {
        let (name, tensor) = self.named_extra(name);
        self.learnt(tensor.clone(), name)
    }

    /// What is added to tokens by their place, [1, channels, 1 + rows * columns, 1]: the parameter as it is where the grid is the one it was
    /// learnt for, else its grid stretched bicubically to this one and the class token's as it is (Caron et al., 2021, DINO).
    pub fn places(&mut self, name: &str, grid: [usize; 2]) -> Value {
        let learnt = self.parameter(name);
        let [_, channels, tokens, _] = learnt.tensor.dims();
        let side = (tokens - 1).isqrt();
        if self.over() || grid == [side; 2] {
            return learnt;
        }
        let [rows, columns] = grid;
        let device = learnt.tensor.device();
        let stretch = |to: usize| Tensor::<2>::from_data(TensorData::new(bicubic(side, to), [to, side]), &device);
        let class = learnt.tensor.clone().narrow(2, 0, 1);
        let map: Tensor<2> = learnt.tensor.narrow(2, 1, side * side).reshape([channels * side, side]);
        let wide: Tensor<3> = map.matmul(stretch(columns).swap_dims(0, 1)).reshape([channels, side, columns]);
        let flat: Tensor<2> = wide.swap_dims(1, 2).reshape([channels * columns, side]);
        let tall: Tensor<3> = flat.matmul(stretch(rows).swap_dims(0, 1)).reshape([channels, columns, rows]);
        Value::constant(Tensor::cat(vec![class, tall.swap_dims(1, 2).reshape([1, channels, rows * columns, 1])], 2))
    }

    /// The places of a feature map [n, c, h, w] in reading order, behind a token that is the same for every image: [n, c, 1 + h * w, 1].
    pub fn tokens(&mut self, class_token: &str, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let [n, c, h, w] = x.tensor.dims();
        let (class, token) = self.named_extra(class_token);
        let tensor = Tensor::cat(vec![token.clone().expand([n, c, 1, 1]), x.tensor.clone().reshape([n, c, h * w, 1])], 2);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Step::Tokens { from, size: [h, w], class })
    }

    /// The first token, [n, c, 1, 1].
    pub fn first_token(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let tokens = x.tensor.dims()[2];
        let kept = self.kept(&[x]);
        self.value(x.tensor.clone().narrow(2, 0, 1), x.node, kept, |from, _| Step::First { from, tokens })
    }

    /// Each token less its mean and divided by its deviation over channels, scaled and shifted a channel (Ba, Kiros and Hinton, 2016).
    pub fn layer_norm(&mut self, name: &str, epsilon: f32, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let [gain, shift] = ["weight", "bias"].map(|part| self.named_extra(&format!("{name}.{part}")));
        let (normalisation, tensor) = Normalisation::of(x.tensor.clone(), gain, shift, epsilon);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Step::Normalise { from, normalisation })
    }

    /// `x Phi(x)`, with the normal distribution's function itself and not an approximation of it (Hendrycks and Gimpel, 2016).
    pub fn gelu(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let kept = self.kept(&[x]);
        self.value(activation::gelu(x.tensor.clone()), x.node, kept, |from, _| Step::Gelu { from, input: x.tensor.clone() })
    }

    /// Attention [n, heads, tokens, tokens] of queries to keys [n, c, tokens, 1]: how a query's token shares itself out among the keys'.
    pub fn attend(&mut self, heads: usize, queries: &Value, keys: &Value) -> Value {
        if self.over() {
            return queries.clone();
        }
        let attention = Box::new(Attention::of(queries.tensor.clone(), keys.tensor.clone(), heads));
        self.attended([queries, keys], attention)
    }

    fn attended(&mut self, [queries, keys]: [&Value; 2], attention: Box<Attention>) -> Value {
        let (from, kept) = ([queries.node, keys.node], self.kept(&[queries, keys]));
        let first = from[0].or(from[1]);
        self.value(attention.shares.clone(), first, kept, |_, _| Step::Attend { from, attention })
    }

    /// The same by cosines, see [`Attention::of_cosines`].
    pub fn attend_by_cosines(&mut self, queries: &Value, keys: &Value, scale: Tensor<4>, added: Tensor<4>) -> Value {
        let attention = Box::new(Attention::of_cosines(queries.tensor.clone(), keys.tensor.clone(), scale, added));
        self.attended([queries, keys], attention)
    }

    /// The mean of values [n, c, tokens, 1] that each token's attention asks for.
    pub fn mix(&mut self, attention: &Value, values: &Value) -> Value {
        if self.over() {
            return values.clone();
        }
        let mixture = Mixture { shares: attention.tensor.clone(), values: values.tensor.clone() };
        let (from, kept) = ([attention.node, values.node], self.kept(&[attention, values]));
        let first = from[0].or(from[1]);
        self.value(mixture.forward(), first, kept, |_, _| Step::Mix { from, mixture })
    }
}

/// A parameter as passes use it: a value a channel as [1, channels, 1, 1], torch's [1, tokens, channels] as [1, channels, tokens, 1].
pub fn place(array: &Array, device: &Device) -> Tensor<4> {
    let channels = array.shape.last().copied().unwrap_or(1);
    let tokens = array.values.len() / channels.max(1);
    let values: Vec<f32> = (0..channels).flat_map(|c| array.values.iter().skip(c).step_by(channels).copied()).collect();
    Tensor::from_data(TensorData::new(values, [1, channels, tokens, 1]), device)
}

/// The matrix [to, from] that stretches `from` values to `to` with cubic convolution (Keys, 1981, constant -0.75; ends repeated), as torch's
/// `interpolate(mode="bicubic", align_corners=False)` does.
fn bicubic(from: usize, to: usize) -> Vec<f32> {
    const A: f64 = -0.75;
    let near = |t: f64| ((A + 2.0) * t - (A + 3.0)) * t * t + 1.0;
    let far = |t: f64| ((A * t - 5.0 * A) * t + 8.0 * A) * t - 4.0 * A;
    let mut matrix = vec![0.0; to * from];
    for row in 0..to {
        let at = (row as f64 + 0.5) * from as f64 / to as f64 - 0.5;
        let (low, t) = (at.floor(), at - at.floor());
        for (step, weight) in [far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)].into_iter().enumerate() {
            let column = (low + step as f64 - 1.0).clamp(0.0, (from - 1) as f64) as usize;
            matrix[row * from + column] += weight as f32;
        }
    }
    matrix
}

/// Tokens without the first, as a grid of this height and width.
pub fn without_class(x: Tensor<4>, [height, width]: [usize; 2]) -> Tensor<4> {
    let [n, c, ..] = x.dims();
    x.narrow(2, 1, height * width).reshape([n, c, height, width])
}

/// The gradient of tokens of which only the first was taken.
pub fn first_back(gradient: Tensor<4>, tokens: usize) -> Tensor<4> {
    let [n, c, ..] = gradient.dims();
    let others = Tensor::zeros([n, c, tokens - 1, 1], &gradient.device());
    Tensor::cat(vec![gradient, others], 2)
}

/// `d/dx x Phi(x) = Phi(x) + x phi(x)`.
pub fn gelu_back(input: &Tensor<4>, gradient: Tensor<4>) -> Tensor<4> {
    let below = ((input.clone() * FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
    let density = (input.clone() * input.clone() * -0.5).exp() * (1.0 / (2.0 * PI).sqrt());
    gradient * (below + input.clone() * density)
}

/// What a layer normalisation's gradient needs.
pub struct Normalisation<'a> {
    normed: Tensor<4>,
    deviation: Tensor<4>,
    gain: (&'a str, &'a Tensor<4>),
    shift: &'a str,
}

impl<'a> Normalisation<'a> {
    pub(super) fn of(x: Tensor<4>, gain: (&'a str, &'a Tensor<4>), shift: (&'a str, &Tensor<4>), epsilon: f32) -> (Self, Tensor<4>) {
        let centred = x.clone() - x.mean_dim(1);
        let deviation = ((centred.clone() * centred.clone()).mean_dim(1) + epsilon).sqrt();
        let normed = centred / deviation.clone();
        let output = normed.clone() * gain.1.clone() + shift.1.clone();
        (Self { normed, deviation, gain, shift: shift.0 }, output)
    }

    /// The gradient of the input, from the output's.
    pub fn back(&self, gradient: Tensor<4>) -> Tensor<4> {
        let gradient = gradient * self.gain.1.clone();
        let along = (gradient.clone() * self.normed.clone()).mean_dim(1);
        (gradient.clone() - gradient.mean_dim(1) - self.normed.clone() * along) / self.deviation.clone()
    }

    /// Gradients by the gain and the shift.
    pub fn parameters(&self, gradient: &Tensor<4>) -> [(&'a str, Tensor<4>); 2] {
        let all = |x: Tensor<4>| x.sum_dim(2).sum_dim(0);
        [(self.gain.0, all(gradient.clone() * self.normed.clone())), (self.shift, all(gradient.clone()))]
    }
}

/// Scaled dot-product attention (Vaswani et al., 2017), with what its gradient needs: queries and keys as [n, heads, channels, tokens].
pub struct Attention {
    queries: Tensor<4>,
    keys: Tensor<4>,
    /// Which share of each query's token goes to each key's, [n, heads, tokens, tokens].
    pub shares: Tensor<4>,
    /// Where cosines are compared instead of products: queries and keys above are of length 1 then.
    cosines: Option<Cosines>,
}

/// What cosine attention's gradient needs besides.
struct Cosines {
    /// Lengths of queries and keys, [n, heads, 1, tokens].
    lengths: [Tensor<4>; 2],
    /// What cosines are multiplied with, [1, heads, 1, 1].
    scale: Tensor<4>,
}

impl Attention {
    pub(super) fn of(queries: Tensor<4>, keys: Tensor<4>, heads: usize) -> Self {
        let (queries, keys) = (apart(queries, heads), apart(keys, heads));
        let scores = queries.clone().swap_dims(2, 3).matmul(keys.clone()) * Self::scale(&queries);
        Self { queries, keys, shares: activation::softmax(scores, 3), cosines: None }
    }

    /// Attention by the cosine of query and key times a scale [1, heads, 1, 1], with something added [n, heads, tokens, tokens] (Liu et al., 2022).
    pub fn of_cosines(queries: Tensor<4>, keys: Tensor<4>, scale: Tensor<4>, added: Tensor<4>) -> Self {
        // torch.nn.functional.normalize's constant.
        const LEAST: f32 = 1e-12;
        let heads = scale.dims()[1];
        let unit = |x: Tensor<4>| {
            let x = apart(x, heads);
            let length = (x.clone() * x.clone()).sum_dim(2).sqrt().clamp_min(LEAST);
            (x / length.clone(), length)
        };
        let ((queries, of_queries), (keys, of_keys)) = (unit(queries), unit(keys));
        let scores = queries.clone().swap_dims(2, 3).matmul(keys.clone()) * scale.clone() + added;
        let cosines = Some(Cosines { lengths: [of_queries, of_keys], scale });
        Self { queries, keys, shares: activation::softmax(scores, 3), cosines }
    }

    /// Multiply-accumulates of the scores.
    pub fn macs(&self) -> usize {
        self.shares.shape().num_elements() * self.queries.dims()[2]
    }

    fn scale(queries: &Tensor<4>) -> f32 {
        1.0 / (queries.dims()[2] as f32).sqrt()
    }

    /// The gradients of queries and keys, from the shares'.
    pub fn back(&self, gradient: Tensor<4>) -> [Tensor<4>; 2] {
        let weighted = gradient * self.shares.clone();
        let scores = weighted.clone() - self.shares.clone() * weighted.sum_dim(3);
        let scores = match &self.cosines {
            None => scores * Self::scale(&self.queries),
            Some(cosines) => scores * cosines.scale.clone(),
        };
        let mut queries = self.keys.clone().matmul(scores.clone().swap_dims(2, 3));
        let mut keys = self.queries.clone().matmul(scores);
        if let Some(Cosines { lengths: [of_queries, of_keys], .. }) = &self.cosines {
            // Of a change only the part across the direction turns it.
            let across = |unit: &Tensor<4>, part: Tensor<4>, length: &Tensor<4>| {
                let along = (unit.clone() * part.clone()).sum_dim(2);
                (part - unit.clone() * along) / length.clone()
            };
            queries = across(&self.queries, queries, of_queries);
            keys = across(&self.keys, keys, of_keys);
        }
        [together(queries), together(keys)]
    }
}

/// Values mixed by attention, with what the gradient needs.
pub struct Mixture {
    /// What each query takes of each value, [n, heads, queries, keys].
    pub shares: Tensor<4>,
    /// The values, [n, c, tokens, 1].
    pub values: Tensor<4>,
}

impl Mixture {
    fn values(&self) -> Tensor<4> {
        apart(self.values.clone(), self.shares.dims()[1])
    }

    /// Multiply-accumulates of the sums.
    pub fn macs(&self) -> usize {
        self.shares.shape().num_elements() * self.values().dims()[2]
    }

    pub(super) fn forward(&self) -> Tensor<4> {
        together(self.values().matmul(self.shares.clone().swap_dims(2, 3)))
    }

    /// The gradients of shares and values, from the output's.
    pub fn back(&self, gradient: Tensor<4>) -> [Tensor<4>; 2] {
        let gradient = apart(gradient, self.shares.dims()[1]);
        let shares = gradient.clone().swap_dims(2, 3).matmul(self.values());
        [shares, together(gradient.matmul(self.shares.clone()))]
    }
}

/// [n, heads * c, tokens, 1] as [n, heads, c, tokens].
fn apart(x: Tensor<4>, heads: usize) -> Tensor<4> {
    let [n, channels, tokens, _] = x.dims();
    x.reshape([n, heads, channels / heads, tokens])
}

/// [n, heads, c, tokens] as [n, heads * c, tokens, 1].
fn together(x: Tensor<4>) -> Tensor<4> {
    let [n, heads, channels, tokens] = x.dims();
    x.reshape([n, heads * channels, tokens, 1])
}

#[cfg(test)]
mod tests {
    use burn::tensor::module::attention;
    use burn::tensor::{TensorData, activation::gelu};

    use super::super::tape::back;
    use super::*;
    use sweetspot_core::compare::largest_difference;

    fn waves(shape: [usize; 4], step: f32) -> Tensor<4> {
        let values: Vec<f32> = (0..shape.iter().product()).map(|i| 1.5 * (i as f32 * step).sin()).collect();
        Tensor::from_data(TensorData::new(values, shape), &crate::device::cpu())
    }

    fn apart_by(a: Tensor<4>, b: Tensor<4>) -> f32 {
        assert_eq!(a.dims(), b.dims());
        let [a, b] = [a, b].map(|x| x.into_data().try_into_vec::<f32>().unwrap());
        largest_difference(&a, &b).unwrap() as f32
    }

    /// Sums of at most 24 products of numbers below 2, in single precision.
    const BOUND: f32 = 1e-5;

    /// The recorder's gradients of inputs when `gradient` is at the output.
    fn recorded<const N: usize>(
        inputs: [Tensor<4>; N],
        gradient: &Tensor<4>,
        f: impl FnOnce([Tensor<4>; N]) -> Tensor<4>,
    ) -> [Tensor<4>; N] {
        let inputs = inputs.map(|x| x.autodiff().require_grad());
        let output = f(inputs.clone());
        let gradients = (output * Tensor::from_inner(gradient.clone())).sum().backward();
        inputs.map(|x| x.grad(&gradients).unwrap())
    }

    #[test]
    fn normalisation_goes_back_as_the_librarys_recorder_does() {
        let (gain, shift) = (waves([1, 24, 1, 1], 0.9), waves([1, 24, 1, 1], 0.4));
        let (x, gradient) = (waves([2, 24, 5, 1], 0.37), waves([2, 24, 5, 1], 0.71));
        let (normalisation, output) = Normalisation::of(x.clone(), ("gain", &gain), ("shift", &shift), 1e-6);
        // The library's own normalises the last axis.
        let last = |x: Tensor<4>| x.swap_dims(1, 3).reshape([10, 24]);
        let theirs = burn::tensor::module::layer_norm(last(x.clone()), gain.clone().reshape([24]), Some(shift.clone().reshape([24])), 1e-6);
        assert!(apart_by(last(output).reshape([1, 1, 10, 24]), theirs.reshape([1, 1, 10, 24])) < BOUND);
        let [expected] = recorded([x], &gradient, |[x]| {
            let centred = x.clone() - x.mean_dim(1);
            let variance = (centred.clone() * centred.clone()).mean_dim(1);
            centred / (variance + 1e-6).sqrt() * Tensor::from_inner(gain.clone()) + Tensor::from_inner(shift.clone())
        });
        assert!(apart_by(normalisation.back(gradient), expected) < BOUND);
    }

    #[test]
    fn places_are_stretched_as_torch_does() {
        // torch 2.15, interpolate(mode="bicubic", align_corners=False) of 0, 1, 4, 9.
        for expected in [&[-0.086_805_58, 0.21875, 1.430_555, 3.152_777_7, 6.78125, 9.434_029][..], &[0.091_435, 2.125, 8.334_492]] {
            let matrix = bicubic(4, expected.len());
            for (row, expected) in matrix.chunks(4).zip(expected) {
                let got: f32 = row.iter().zip([0.0, 1.0, 4.0, 9.0]).map(|(weight, v)| weight * v).sum();
                assert!((got - expected).abs() < 1e-5, "{got} {expected}");
            }
        }
        let same = bicubic(3, 3);
        assert_eq!(same, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn gelu_goes_back_as_the_librarys_recorder_does() {
        let (x, gradient) = (waves([2, 3, 7, 1], 0.37) * 3.0, waves([2, 3, 7, 1], 0.71));
        let [expected] = recorded([x.clone()], &gradient, |[x]| gelu(x));
        assert!(apart_by(gelu_back(&x, gradient), expected) < BOUND);
        // x Phi(x) at 1 is 0.841344746..., where the approximation by a hyperbolic tangent has 0.8412.
        assert!((gelu(Tensor::<1>::from_floats([1.0], &crate::device::cpu())).into_scalar::<f32>() - 0.841_344_7).abs() < 1e-6);
    }

    #[test]
    fn attention_goes_back_as_the_librarys_recorder_does() {
        let heads = 3;
        let [q, k, v] = [0.37, 0.83, 0.59].map(|step| waves([2, 12, 5, 1], step));
        let gradient = waves([2, 12, 5, 1], 0.71);
        let looked = Attention::of(q.clone(), k.clone(), heads);
        let sums = looked.shares.clone().sum_dim(3);
        assert!(apart_by(sums.clone(), sums.ones_like()) < 1e-6, "each token shares out one whole");
        let mixture = Mixture { shares: looked.shares.clone(), values: v.clone() };
        let per_head = |x: Tensor<4>| x.reshape([2, 3, 4, 5]).swap_dims(2, 3);
        let theirs = attention(per_head(q.clone()), per_head(k.clone()), per_head(v.clone()), None, None, Default::default());
        assert!(apart_by(mixture.forward(), theirs.swap_dims(2, 3).reshape([2, 12, 5, 1])) < BOUND);

        let [expected_q, expected_k, expected_v] = recorded([q, k, v], &gradient, |[q, k, v]| {
            let scores = per_head(q).matmul(per_head(k).swap_dims(2, 3)) / 2.0;
            activation::softmax(scores, 3).matmul(per_head(v)).swap_dims(2, 3).reshape([2, 12, 5, 1])
        });
        let [shares, values] = mixture.back(gradient);
        let [queries, keys] = looked.back(shares);
        for (name, got, expected) in [("q", queries, expected_q), ("k", keys, expected_k), ("v", values, expected_v)] {
            assert!(apart_by(got, expected) < BOUND, "{name}");
        }
    }

    #[test]
    fn attention_by_cosines_goes_back_as_the_librarys_recorder_does() {
        let [q, k] = [0.37, 0.83].map(|step| waves([2, 12, 5, 1], step));
        let (scale, added) = (waves([1, 3, 1, 1], 0.7) + 4.0, waves([2, 3, 5, 5], 0.23));
        let gradient = waves([2, 3, 5, 5], 0.71);
        let looked = Attention::of_cosines(q.clone(), k.clone(), scale.clone(), added.clone());
        let mut shares = None;
        let [expected_q, expected_k] = recorded([q, k], &gradient, |inputs| {
            let [q, k] = inputs.map(|x| {
                let x = x.reshape([2, 3, 4, 5]);
                x.clone() / (x.clone() * x).sum_dim(2).sqrt()
            });
            let scores = q.swap_dims(2, 3).matmul(k) * Tensor::from_inner(scale.clone()) + Tensor::from_inner(added.clone());
            let found = activation::softmax(scores, 3);
            shares = Some(found.clone().inner());
            found
        });
        assert!(apart_by(looked.shares.clone(), shares.unwrap()) < BOUND);
        let [queries, keys] = looked.back(gradient);
        assert!(apart_by(queries, expected_q) < BOUND && apart_by(keys, expected_k) < BOUND);
    }

    #[test]
    fn the_class_token_comes_first_and_places_follow_in_reading_order() {
        let x = waves([2, 3, 2, 4], 0.3);
        let back = |step: Step<'_>, gradient: Tensor<4>| back(&step, gradient).remove(0).1;
        let tokens = Tensor::cat(vec![waves([2, 3, 1, 1], 0.9), x.clone().reshape([2, 3, 8, 1])], 2);
        assert!(apart_by(back(Step::Tokens { from: 0, size: [2, 4], class: "class" }, tokens.clone()), x) < 1e-9);
        let first = back(Step::First { from: 0, tokens: 9 }, tokens.clone().narrow(2, 0, 1));
        assert!(apart_by(first.clone().narrow(2, 0, 1), tokens.narrow(2, 0, 1)) < 1e-9);
        assert_eq!(first.narrow(2, 1, 8).abs().max().into_scalar::<f32>(), 0.0);
    }

    #[test]
    fn parameters_are_placed_channels_first() {
        let array = |shape: &[usize]| Array { shape: shape.into(), values: (0..shape.iter().product()).map(|i: usize| i as f32).collect() };
        let placed = |shape: &[usize]| place(&array(shape), &crate::device::cpu());
        assert_eq!(placed(&[3]).dims(), [1, 3, 1, 1]);
        let positions = placed(&[1, 2, 3]);
        assert_eq!(positions.dims(), [1, 3, 2, 1]);
        assert_eq!(positions.into_data().try_to_vec::<f32>().unwrap(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    }
}
