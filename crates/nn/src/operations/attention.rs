//! Attention of tokens to tokens, forwards and back. Tokens are [n, channels, tokens, 1]; heads are groups of channels that lie together.

use burn::tensor::{Tensor, activation};

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
    /// Attention of queries to keys [n, c, tokens, 1], scaled by the root of a head's channels.
    pub fn of(queries: Tensor<4>, keys: Tensor<4>, heads: usize) -> Self {
        let (queries, keys) = (apart(queries, heads), apart(keys, heads));
        let scores = queries.clone().swap_dims(2, 3).matmul(keys.clone()) * Self::scale(&queries);
        Self { queries, keys, shares: activation::softmax(scores, 3), cosines: None }
    }

    /// Attention by the cosine of query and key times a scale [1, heads, 1, 1], with something added [n, heads, tokens, tokens] (Liu et al., 2022).
    pub(crate) fn of_cosines(queries: Tensor<4>, keys: Tensor<4>, scale: Tensor<4>, added: Tensor<4>) -> Self {
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

    /// The mixed values, [n, c, tokens, 1].
    pub fn forward(&self) -> Tensor<4> {
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

    use super::*;
    use crate::operations::against_recorder::{BOUND, apart_by, recorded, waves};

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
}
