//! CorLoc: the share of pictures in which the found box is a true one (Deselaers, Alexe and Ferrari, 2010).

use serde::{Deserialize, Serialize};

use super::{Box4, overlap};
use crate::statistics::bootstrap::Bootstrap;
use crate::statistics::bootstrap::Interval;

/// The overlap from which a box is right.
pub const RIGHT: f64 = 0.5;

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
    /// The 95 % interval of the share over other draws of pictures ([`crate::statistics::bootstrap`]), as a sweep has it of the same pictures in this order.
    pub interval: [f64; 2],
}

impl CorLoc {
    /// Of the overlaps of each picture's box.
    pub fn of(overlaps: &[f64]) -> Self {
        let right: Vec<f64> = overlaps.iter().map(|overlap| f64::from(u8::from(*overlap >= RIGHT))).collect();
        Self { right: right.iter().filter(|right| **right > 0.0).count(), of: right.len(), interval: interval(&right) }
    }

    /// The share.
    pub fn share(&self) -> f64 {
        if self.of > 0 { self.right as f64 / self.of as f64 } else { 0.0 }
    }
}

/// The 95 % interval of the mean of some values by the bootstrap; a single value itself, and zeros of none.
pub fn interval(values: &[f64]) -> [f64; 2] {
    match (Bootstrap::default().interval(values), values.first()) {
        (Some(Interval { low, high }), _) => [low, high],
        (None, Some(only)) => [*only; 2],
        (None, None) => [0.0; 2],
    }
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
