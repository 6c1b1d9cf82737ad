//! What transformers do with tokens.
//!
//! Tokens are [n, channels, tokens, 1], channels first as everywhere: a linear layer is then the 1 x 1 convolution it is elsewhere, and heads
//! are groups of channels that lie together, so that no operation moves anything to another place in memory.

use burn::tensor::{Tensor, TensorData, activation};

use super::Pass;
use crate::operations::attention::{Attention, Mixture};
use crate::operations::layer_norm::Normalisation;
use crate::tape::{Operation, Value};

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
        self.value(tensor, x.node, kept, |from, _| Operation::Tokens { from, size: [h, w], class })
    }

    /// The first token, [n, c, 1, 1].
    pub fn first_token(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let tokens = x.tensor.dims()[2];
        let kept = self.kept(&[x]);
        self.value(x.tensor.clone().narrow(2, 0, 1), x.node, kept, |from, _| Operation::First { from, tokens })
    }

    /// Each token less its mean and divided by its deviation over channels, scaled and shifted a channel (Ba, Kiros and Hinton, 2016).
    pub fn layer_norm(&mut self, name: &str, epsilon: f32, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let [gain, shift] = ["weight", "bias"].map(|part| self.named_extra(&format!("{name}.{part}")));
        let (normalisation, tensor) = Normalisation::of(x.tensor.clone(), gain, shift, epsilon);
        let kept = self.kept(&[x]);
        self.value(tensor, x.node, kept, |from, _| Operation::Normalise { from, normalisation })
    }

    /// `x Phi(x)`, with the normal distribution's function itself and not an approximation of it (Hendrycks and Gimpel, 2016).
    pub fn gelu(&mut self, x: &Value) -> Value {
        if self.over() {
            return x.clone();
        }
        let kept = self.kept(&[x]);
        self.value(activation::gelu(x.tensor.clone()), x.node, kept, |from, _| Operation::Gelu { from, input: x.tensor.clone() })
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
        self.value(attention.shares.clone(), first, kept, |_, _| Operation::Attend { from, attention })
    }

    /// The same by cosines, see `Attention::of_cosines`.
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
        self.value(mixture.forward(), first, kept, |_, _| Operation::Mix { from, mixture })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
