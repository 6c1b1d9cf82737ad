//! How many of so many independent tries succeed.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The probability of at least so many successes of `count` independent tries at a level each. 1 where the level is no probability.
pub fn binomial_tail(count: usize, least: usize, level: f64) -> f64 {
    match (least, Binomial::new(level, count as u64)) {
        (0, _) | (_, Err(_)) => 1.0,
        (least, _) if least > count => 0.0,
        (least, Ok(binomial)) => binomial.sf(least as u64 - 1),
    }
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
            assert!((got - wanted).abs() < 1e-12, "{count} {least}: {got}");
        }
        assert_eq!((binomial_tail(3, 4, 0.5), binomial_tail(3, 1, f64::NAN)), (0.0, 1.0));
    }
}
