//! How much tokens are alike: normalised, and multiplied with one another.

use sweetspot_core::discovery::{Normalisation, Tokens};

/// What a layer normalisation adds to the variance (torch's usual constant, and the paper's).
const EPSILON: f64 = 1e-5;
/// The shortest length a token is divided by (torch.nn.functional.normalize's constant).
const SHORTEST: f64 = 1e-12;
/// Products that are added up side by side: what becomes SIMD instructions.
const LANES: usize = 8;

/// A value for each pair of tokens, the same both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Affinity {
    tokens: usize,
    values: Vec<f32>,
}

impl Affinity {
    /// Scalar products of normalised tokens.
    pub fn products(tokens: &Tokens, normalisation: Normalisation) -> Self {
        Self::of(&normalised(tokens, normalisation), tokens.count(), tokens.channels)
    }

    /// Cosines of normalised tokens; 0 with a token that is zero.
    pub fn cosines(tokens: &Tokens, normalisation: Normalisation) -> Self {
        let mut values = normalised(tokens, normalisation);
        values.chunks_exact_mut(tokens.channels.max(1)).for_each(to_length_one);
        Self::of(&values, tokens.count(), tokens.channels)
    }

    fn of(values: &[f32], tokens: usize, channels: usize) -> Self {
        let token = |index: usize| &values[index * channels..][..channels];
        let mut affinity = Self { tokens, values: vec![0.0; tokens * tokens] };
        for i in 0..tokens {
            for j in i..tokens {
                let product = product(token(i), token(j));
                affinity.values[i * tokens + j] = product;
                affinity.values[j * tokens + i] = product;
            }
        }
        affinity
    }

    /// How many tokens there are.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Sets every value with one of some tokens to 0.
    pub fn clear(&mut self, gone: &[bool]) {
        for (token, row) in self.values.chunks_exact_mut(self.tokens.max(1)).enumerate() {
            let all = gone[token];
            row.iter_mut().zip(gone).filter(|(_, gone)| all || **gone).for_each(|(v, _)| *v = 0.0);
        }
    }

    /// A token's value with each.
    pub fn row(&self, token: usize) -> &[f32] {
        &self.values[token * self.tokens..][..self.tokens]
    }
}

/// A sum of products, with as many sums side by side as become SIMD instructions.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The tokens' values, normalised, [tokens, channels].
pub fn normalised(tokens: &Tokens, normalisation: Normalisation) -> Vec<f32> {
    match normalisation {
        Normalisation::Plain => tokens.values.clone(),
        Normalisation::Joint => joint(&tokens.values),
        Normalisation::Centred => centred(tokens),
    }
}

fn joint(values: &[f32]) -> Vec<f32> {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    let variance = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / count;
    let deviation = (variance + EPSILON).sqrt();
    values.iter().map(|v| ((f64::from(*v) - mean) / deviation) as f32).collect()
}

fn centred(tokens: &Tokens) -> Vec<f32> {
    let channels = tokens.channels.max(1);
    let mut means = vec![0.0_f64; channels];
    for token in tokens.values.chunks_exact(channels) {
        means.iter_mut().zip(token).for_each(|(mean, v)| *mean += f64::from(*v));
    }
    means.iter_mut().for_each(|mean| *mean /= tokens.count().max(1) as f64);
    let mut values: Vec<f32> = tokens.values.iter().zip(means.iter().cycle()).map(|(v, mean)| (f64::from(*v) - mean) as f32).collect();
    values.chunks_exact_mut(channels).for_each(to_length_one);
    values
}

fn to_length_one(token: &mut [f32]) {
    let length = token.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt().max(SHORTEST);
    token.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
}

/// Why nothing can be found among tokens, if so: a grid of one, values that are no numbers, or none that differ.
pub fn hopeless(tokens: &Tokens) -> Option<&'static str> {
    // A thousandth of what single precision tells apart in sums of a thousand terms.
    const ALIKE: f32 = 1e-6;
    let whole = tokens.channels > 0 && tokens.values.len() == tokens.count() * tokens.channels;
    if !whole || tokens.count() < 2 {
        return Some("the picture is a single token; take a larger picture or a layer with a finer grid");
    }
    if tokens.values.iter().any(|v| !v.is_finite()) {
        return Some("the features hold values that are not finite numbers");
    }
    let first = tokens.token(0);
    let largest = tokens.values.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
    let differ = tokens.values.chunks_exact(tokens.channels).any(|t| t.iter().zip(first).any(|(a, b)| (a - b).abs() > ALIKE * largest));
    if differ { None } else { Some("all tokens are alike") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(rows: usize, columns: usize, channels: usize, values: Vec<f32>) -> Tokens {
        Tokens { rows, columns, channels, values, stride: [1.0; 2], image: [rows, columns] }
    }

    #[test]
    fn products_of_any_length_are_whole() {
        for channels in [1, 7, 8, 9, 31] {
            let values: Vec<f32> = (0..2 * channels).map(|i| (i % 5) as f32 - 2.0).collect();
            let expected: f32 = (0..channels).map(|c| values[c] * values[channels + c]).sum();
            let affinity = Affinity::products(&tokens(1, 2, channels, values), Normalisation::Plain);
            assert_eq!(affinity.row(0)[1], expected);
            assert_eq!(affinity.row(1)[0], expected);
        }
    }

    #[test]
    fn joint_normalisation_has_mean_0_and_deviation_1_over_all() {
        let values = joint(&[1.0, 2.0, 3.0, 10.0]);
        let (mean, square) = values.iter().fold((0.0, 0.0), |(m, s), v| (m + v / 4.0, s + v * v / 4.0));
        // The constant of 1e-5 under the root takes a millionth of the deviation.
        assert!(mean.abs() < 1e-6 && (square - 1.0_f32).abs() < 1e-5, "{mean} {square}");
    }

    #[test]
    fn centred_tokens_have_length_1_and_no_common_part() {
        let affinity = Affinity::cosines(&tokens(1, 2, 2, vec![3.0, 5.0, 1.0, 1.0]), Normalisation::Centred);
        assert!((affinity.row(0)[0] - 1.0).abs() < 1e-6 && (affinity.row(0)[1] + 1.0).abs() < 1e-6);
    }

    #[test]
    fn hopeless_tokens_are_named() {
        assert!(hopeless(&tokens(1, 1, 2, vec![1.0, 2.0])).unwrap().contains("single token"));
        assert!(hopeless(&tokens(1, 2, 1, vec![1.0, f32::NAN])).unwrap().contains("not finite"));
        assert!(hopeless(&tokens(2, 2, 1, vec![7.0; 4])).unwrap().contains("alike"));
        assert!(hopeless(&tokens(2, 2, 1, vec![0.0; 4])).unwrap().contains("alike"));
        assert!(hopeless(&tokens(1, 2, 1, vec![1.0])).is_some(), "values are missing");
        assert!(hopeless(&tokens(1, 2, 1, vec![1.0, 2.0])).is_none());
    }
}
