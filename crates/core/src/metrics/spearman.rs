//! Spearman's rank correlation: how alike two maps are, whatever their scales.

use super::rank::{Value, descending, ties};

/// Pearson's correlation of the ranks of two lists of the same length, equal values sharing their mean rank. Between -1 and 1; `None` where all
/// values of a list are equal and so have no order. Values must be finite.
pub fn spearman<T: Value>(a: &[T], b: &[T]) -> Option<f64> {
    debug_assert_eq!(a.len(), b.len());
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    (spread > 0.0).then(|| (product(&a, &b) / spread).clamp(-1.0, 1.0))
}

/// Spearman's correlation of two maps' absolute values; 0 where one of them is the same everywhere and so shows nothing.
pub fn likeness(a: &[f32], b: &[f32]) -> f64 {
    let sizes = |map: &[f32]| map.iter().map(|v| v.abs()).collect::<Vec<_>>();
    spearman(&sizes(a), &sizes(b)).unwrap_or(0.0)
}

/// Each value's rank from 0, the largest value first; equal values share their mean rank. Values must be finite.
pub fn ranks<T: Value>(values: &[T]) -> Vec<f64> {
    let order = descending(values);
    let (mut ranks, mut before) = (vec![0.0; values.len()], 0);
    for equal in ties(&order, values) {
        let shared = before as f64 + (equal.len() - 1) as f64 / 2.0;
        equal.iter().for_each(|&at| ranks[at] = shared);
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let near =
            |a: &[f32], b: &[f32], expected: f64| assert!((spearman(a, b).unwrap() - expected).abs() < 1e-12, "{:?}", spearman(a, b));
        near(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1000.0], 1.0);
        near(&[1.0, 2.0, 3.0], &[0.0, -1.0, -2.0], -1.0);
        // Differences of ranks 0, 1, 1, 1, 1 without ties: 1 - 6 x 4 / (5 x 24).
        near(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 3.0, 2.0, 5.0, 4.0], 0.8);
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / sqrt(4.5 x 5).
        near(&[1.0, 2.0, 2.0, 4.0], &[1.0, 2.0, 3.0, 4.0], 0.9_f64.sqrt());
        assert_eq!(spearman(&[1.0_f32, 1.0], &[1.0, 2.0]), None);
        // scipy.stats.spearmanr, in double precision and with ties.
        let double = |a: &[f64], b: &[f64], expected: f64| assert!((spearman(a, b).unwrap() - expected).abs() < 1e-12);
        double(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0], 0.820_782_681_668_123_3);
        double(&[1.0, 2.0, 2.0, 3.0], &[4.0, 3.0, 2.0, 1.0], -0.948_683_298_050_513_8);
        assert_eq!(likeness(&[1.0, -2.0, 3.0], &[-1.0, 2.0, -3.0]), 1.0);
    }
}
