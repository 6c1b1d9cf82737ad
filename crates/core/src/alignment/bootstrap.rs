//! How much a number would differ with other pictures of the same kind: it is computed anew on pictures drawn from those at hand, with repetition
//! (Efron, 1979).

use crate::statistics::bootstrap::{Interval, RESAMPLES, interval_of};

/// The least and the most work of one interval, in looks at an answer of a pair.
const WORK: usize = 200_000_000;
/// The fewest draws; the ends of an interval of fewer would be the luck of single draws.
const FEWEST: usize = 200;

/// How many draws an interval gets when each costs this many looks at answers: [`RESAMPLES`] for all but the largest data sets.
pub fn draws(cost: usize) -> usize {
    (WORK / cost.max(1)).clamp(FEWEST, RESAMPLES)
}

/// The interval that holds the middle 95 % of drawn values; none of nothing, nor where a value is no number.
pub fn interval(values: Vec<f64>) -> Option<[f64; 2]> {
    let finite = values.iter().all(|value| value.is_finite());
    interval_of(values).filter(|_| finite).map(|Interval { low, high }| [low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_numpys_percentile() {
        let values = (0..=100).map(f64::from).collect();
        let [low, high] = interval(values).unwrap();
        assert!((low - 2.5).abs() < 1e-12 && (high - 97.5).abs() < 1e-12);
        assert_eq!(interval(vec![1.0]), Some([1.0, 1.0]));
        assert_eq!(interval(vec![f64::NAN]), None);
    }
}
