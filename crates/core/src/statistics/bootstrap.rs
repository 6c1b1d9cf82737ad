//! How sure a number over pictures is: bootstrap intervals (Efron, 1979) and the paired bootstrap of a difference.
//!
//! Pictures are drawn again with replacement, as many as there are, [`RESAMPLES`] times unless told otherwise, from [`SEED`]. Whoever has the same
//! values in the same order has the same interval, on every machine: a pack's CorLoc is the same in a sweep, on the page and on a network's card.

use std::collections::HashMap;
use std::rc::Rc;

use super::resampling::{Draws, quantile};

/// How often pictures are drawn again.
pub const RESAMPLES: usize = 2000;

/// Seed of the draws.
pub const SEED: u64 = 0;

/// The share of intervals that are to hold the true mean.
pub const CONFIDENCE: f64 = 0.95;

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// What the paired bootstrap says of differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The mean difference.
    pub mean: f64,
    /// Its interval; none of a single difference.
    pub interval: Option<Interval>,
    /// The probability of a mean this far from zero, on either side, were there no difference.
    pub p: f64,
}

/// Draws pictures again and again, and keeps the draws for sets of the same size.
pub struct Bootstrap {
    seed: u64,
    resamples: usize,
    drawn: HashMap<usize, Rc<[u32]>>,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self::new(SEED, RESAMPLES)
    }
}

impl Bootstrap {
    /// A bootstrap with a seed and a number of resamples.
    pub fn new(seed: u64, resamples: usize) -> Self {
        Self { seed, resamples: resamples.max(1), drawn: HashMap::new() }
    }

    /// The places drawn out of `count`, resample after resample.
    pub fn draws(&mut self, count: usize) -> Rc<[u32]> {
        let (seed, resamples) = (self.seed, self.resamples);
        let draw = || {
            let mut places = Draws::new(seed);
            (0..resamples * count).map(|_| places.below(count) as u32).collect()
        };
        self.drawn.entry(count).or_insert_with(draw).clone()
    }

    /// The means of the resamples, ascending.
    fn means(&mut self, values: &[f64]) -> Vec<f64> {
        let draws = self.draws(values.len());
        let mean = |places: &[u32]| places.iter().map(|at| values[*at as usize]).sum::<f64>() / values.len() as f64;
        let mut means: Vec<f64> = draws.chunks_exact(values.len().max(1)).map(mean).collect();
        means.sort_by(f64::total_cmp);
        means
    }

    /// The percentile interval of the mean (Efron, 1979); none of fewer than two values. Values must be finite.
    pub fn interval(&mut self, values: &[f64]) -> Option<Interval> {
        (values.len() > 1).then(|| ends(&self.means(values)))
    }

    /// Whether the mean of paired differences is other than zero.
    ///
    /// `p` is twice the smaller share of resampled means on either side of zero, the observed mean counted as one of them, so that it is never
    /// zero. No test of pairs can be surer than that all differences that are not zero have the same sign, `2^(1 - k)` for `k` of them: of two
    /// pictures that both gain, every resample gains too, and that says little. So `p` is never below that.
    pub fn test(&mut self, differences: &[f64]) -> Option<Test> {
        let count = differences.len();
        let mean = (count > 0).then(|| differences.iter().sum::<f64>() / count as f64)?;
        let moved = differences.iter().filter(|d| **d != 0.0).count();
        if count < 2 || moved == 0 {
            let interval = (count > 1).then_some(Interval { low: 0.0, high: 0.0 });
            return Some(Test { mean, interval, p: 1.0 });
        }
        Some(judge(mean, self.means(differences), moved))
    }
}

/// What resampled differences say of an observed one: [`Bootstrap::test`] for what is no mean. `moved` is the number of pictures that differ.
pub fn judge(observed: f64, mut resampled: Vec<f64>, moved: usize) -> Test {
    if moved == 0 || resampled.is_empty() {
        let interval = (!resampled.is_empty()).then_some(Interval { low: observed, high: observed });
        return Test { mean: observed, interval, p: 1.0 };
    }
    resampled.sort_by(f64::total_cmp);
    let side = |count: usize| (1 + count) as f64 / (1 + resampled.len()) as f64;
    let below = side(resampled.iter().filter(|one| **one <= 0.0).count());
    let above = side(resampled.iter().filter(|one| **one >= 0.0).count());
    let surest = 2.0_f64.powi(1 - moved.min(1000) as i32);
    Test { mean: observed, interval: Some(ends(&resampled)), p: (2.0 * below.min(above)).max(surest).min(1.0) }
}

/// The percentile interval of resampled values; none of none.
pub fn interval_of(mut resampled: Vec<f64>) -> Option<Interval> {
    resampled.sort_by(f64::total_cmp);
    (!resampled.is_empty()).then(|| ends(&resampled))
}

/// The middle 95 % of ascending values.
fn ends(ascending: &[f64]) -> Interval {
    let outside = (1.0 - CONFIDENCE) / 2.0;
    Interval { low: quantile(ascending, outside), high: quantile(ascending, 1.0 - outside) }
}
