//! What is said of many tests at once, and exact tests of counts. The bootstrap itself is [`crate::bootstrap`].

pub use crate::bootstrap::{Bootstrap, CONFIDENCE, Interval, RESAMPLES, SEED, Test, interval_of, judge};

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
