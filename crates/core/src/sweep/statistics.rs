//! How sure a mean over pictures is: bootstrap intervals, the paired bootstrap of a difference, and Holm's correction.
//!
//! Pictures are drawn again with replacement, as many as there are; 2000 times unless told otherwise. Draws come from a named generator and a seed,
//! so that the same values have the same interval on every machine.

use std::collections::HashMap;
use std::rc::Rc;

use crate::resampling::{Draws, quantile};

/// How often pictures are drawn again.
pub const RESAMPLES: usize = 2000;

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

/// Holm's correction (1979): probabilities such that finding whatever is below a level finds anything wrongly with at most that probability.
/// The i-th smallest of m is multiplied by `m - i + 1`, none is below a smaller one's, none above 1.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut adjusted = vec![0.0; count];
    let mut least = 0.0_f64;
    for (rank, at) in order.into_iter().enumerate() {
        least = least.max((probabilities[at] * (count - rank) as f64).min(1.0));
        adjusted[at] = least;
    }
    adjusted
}

/// Fisher's exact test (1922), one-sided: the probability that of `of` tries at least `hits` would succeed, were success as likely as in the `others`'
/// tries, given how many succeed in all.
pub fn fisher([of, hits]: [usize; 2], [others, their_hits]: [usize; 2]) -> f64 {
    let (all, successes) = (of + others, hits + their_hits);
    let mut logs = vec![0.0_f64; all + 1];
    (1..=all).for_each(|n| logs[n] = logs[n - 1] + (n as f64).ln());
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let as_many = |k: usize| (choose(of, k) + choose(others, successes - k) - choose(all, successes)).exp();
    (hits.max(successes.saturating_sub(others))..=of.min(successes)).map(as_many).sum::<f64>().min(1.0)
}

/// The probability of at least so many of `count` at a level each.
pub fn binomial_tail(count: usize, least: usize, level: f64) -> f64 {
    let mut term = (1.0 - level).powi(count as i32);
    let mut below = 0.0;
    for at in 0..least.min(count + 1) {
        below += term;
        term *= (count - at) as f64 / (at + 1) as f64 * level / (1.0 - level);
    }
    (1.0 - below).clamp(0.0, 1.0)
}

/// The mean of some values; none of none.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_the_binomials() {
        // scipy.stats.binom.sf(k - 1, n, 0.05).
        for (count, least, wanted) in [(20, 0, 1.0), (20, 1, 0.641_514_077_591_454_9), (20, 4, 0.015_901_526_019_763_548), (5, 5, 3.125e-7)]
        {
            let got = binomial_tail(count, least, 0.05);
            assert!((got - wanted).abs() < 1e-9, "{count} {least}: {got}");
        }
    }
}
