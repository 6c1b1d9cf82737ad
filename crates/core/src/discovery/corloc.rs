//! CorLoc: the share of pictures in which the found box is a true one (Deselaers, Alexe and Ferrari, 2010).

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{Box4, overlap};
use crate::draw::random;

/// The overlap from which a box is right.
pub const RIGHT: f64 = 0.5;
/// How often pictures are drawn anew for the interval.
const DRAWS: usize = 10_000;
/// Seed of the draws.
const SEED: u64 = 0;

/// The best intersection over union of a box with any true one; 0 without a box.
pub fn best(found: Option<&Box4>, truth: &[Box4]) -> f64 {
    found.map_or(0.0, |found| truth.iter().map(|t| overlap(found, t)).fold(0.0, f64::max))
}

/// So many pictures of so many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorLoc {
    /// Pictures whose box overlaps a true one by at least half.
    pub right: usize,
    /// Pictures.
    pub of: usize,
    /// The middle 95 % of shares when as many pictures are drawn from these with replacement (Efron's percentile interval).
    pub interval: [f64; 2],
}

impl CorLoc {
    /// Of the overlaps of each picture's box.
    pub fn of(overlaps: &[f64]) -> Self {
        let right: Vec<i64> = overlaps.iter().map(|overlap| i64::from(*overlap >= RIGHT)).collect();
        Self { right: right.iter().filter(|right| **right > 0).count(), of: right.len(), interval: interval(&right) }
    }

    /// The share.
    pub fn share(&self) -> f64 {
        if self.of > 0 { self.right as f64 / self.of as f64 } else { 0.0 }
    }
}

/// The middle 95 % of means when as many of some whole numbers are drawn with replacement (Efron's percentile interval); zeros of none.
pub fn interval(values: &[i64]) -> [f64; 2] {
    if values.is_empty() {
        return [0.0; 2];
    }
    let mut random = random(SEED);
    let mut draw = || (0..values.len()).map(|_| values[random.random_range(0..values.len())]).sum::<i64>();
    let mut sums: Vec<i64> = (0..DRAWS).map(|_| draw()).collect();
    sums.sort_unstable();
    let at = |share: f64| sums[((DRAWS - 1) as f64 * share).round() as usize] as f64 / values.len() as f64;
    [at(0.025), at(0.975)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_overlap_is_right() {
        let truth = [[0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 30.0, 10.0]];
        assert_eq!(best(Some(&[20.0, 0.0, 30.0, 5.0]), &truth), 0.5);
        assert_eq!(best(Some(&[12.0, 0.0, 18.0, 5.0]), &truth), 0.0);
        assert_eq!(best(None, &truth), 0.0);
        assert_eq!(best(Some(&truth[0]), &[]), 0.0);
        assert_eq!(CorLoc::of(&[0.5, 0.499_999, 1.0, 0.0]).right, 2);
    }

    #[test]
    fn the_interval_is_the_binomials() {
        // 30 of 60: the binomial's 2.5 % and 97.5 % points are 22 and 38.
        let overlaps: Vec<f64> = (0..60).map(|i| f64::from(i % 2)).collect();
        let [low, high] = CorLoc::of(&overlaps).interval.map(|share| share * 60.0);
        assert!((low - 22.0).abs() < 1.5 && (high - 38.0).abs() < 1.5, "{low} {high}");
        assert_eq!(CorLoc::of(&[1.0; 5]).interval, [1.0; 2]);
        assert_eq!(CorLoc::of(&[]), CorLoc { right: 0, of: 0, interval: [0.0; 2] });
    }
}
