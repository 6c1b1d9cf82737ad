//! Where the mean of independent values lies.

use serde::{Deserialize, Serialize};

use super::bootstrap::Interval;
use super::distributions::{normal_below, normal_quantile, student_quantile};
use super::moments::{squares, standard_error};
use super::refused::{Refused, at_least, between, finite};
use super::resampling::{Draws, quantile};

/// How the interval is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Student's: the mean and its standard error times a quantile of t.
    Student,
    /// The bootstrap of Student's t (Efron, 1981; Hall, 1988): quantiles of what t is in resamples take the place of those of t. It is the default as
    /// its worst coverage is the best: of 95 due, 90 for 8 skewed values, where Student's has 83 (and 92 of heavy tails, where Student's has 95). It has
    /// no end where many resamples are of one value, as of few hits and misses; Student's has there.
    #[default]
    BootstrapT,
    /// Quantiles of resampled means, bias-corrected and accelerated (Efron, 1987).
    Accelerated,
}

/// The interval that holds the mean with a confidence (0.95, say), in the values' unit, from `resamples` draws of the seed. Values must be independent;
/// for those of one picture or person see [`super::clusters`] and [`super::two_way`], for shares of right answers [`super::wilson`].
///
/// Values that are all equal have an interval without width.
///
/// # Errors
///
/// With fewer than two values, one that is not finite, a confidence not between 0 and 1; and where the bootstrap's t has no end
/// ([`Refused::Unbounded`]).
pub fn mean_interval(values: &[f64], confidence: f64, method: Method, resamples: usize, seed: u64) -> Result<Interval, Refused> {
    finite(values)?;
    at_least("values", 2, values.len())?;
    between("a confidence", 0.0, 1.0, confidence)?;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    if values.iter().all(|value| *value == values[0]) {
        return Ok(Interval { low: values[0], high: values[0] });
    }
    let outside = (1.0 - confidence) / 2.0;
    let error = standard_error(values, mean);
    match method {
        Method::Student => {
            let t = student_quantile(1.0 - outside, values.len() as f64 - 1.0);
            Ok(Interval { low: mean - t * error, high: mean + t * error })
        }
        Method::BootstrapT => {
            let (low, high) = studentised(values, mean, outside, resamples, seed)?;
            Ok(Interval { low: mean - high * error, high: mean - low * error })
        }
        Method::Accelerated => Ok(accelerated(values, mean, outside, resamples, seed)),
    }
}

/// Resamples one after the other.
fn resampled(values: &[f64], resamples: usize, seed: u64, mut each: impl FnMut(&[f64])) {
    let mut draws = Draws::new(seed);
    let mut drawn = vec![0.0; values.len()];
    for _ in 0..resamples.max(1) {
        drawn.iter_mut().for_each(|value| *value = values[draws.below(values.len())]);
        each(&drawn);
    }
}

/// The two quantiles of t over resamples.
fn studentised(values: &[f64], mean: f64, outside: f64, resamples: usize, seed: u64) -> Result<(f64, f64), Refused> {
    let mut all = Vec::with_capacity(resamples);
    // Of distances from the mean, so that a mean far from zero costs no digits of the squares.
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let n = values.len() as f64;
    resampled(&centred, resamples, seed, |drawn| {
        let (sum, squared) = drawn.iter().fold((0.0, 0.0), |(sum, squared), value| (sum + value, squared + value * value));
        let off = sum / n;
        // All of one value: as far off as can be, unless that is the mean itself.
        all.push(match drawn.iter().all(|value| *value == drawn[0]) {
            true if drawn[0] == 0.0 => 0.0,
            true => off.signum() * f64::INFINITY,
            false => off / ((squared - sum * off) / (n - 1.0) / n).sqrt(),
        });
    });
    all.sort_by(f64::total_cmp);
    let ends = (quantile(&all, outside), quantile(&all, 1.0 - outside));
    if ends.0.is_finite() && ends.1.is_finite() { Ok(ends) } else { Err(Refused::Unbounded) }
}

/// Efron's interval of resampled means.
fn accelerated(values: &[f64], mean: f64, outside: f64, resamples: usize, seed: u64) -> Interval {
    let mut means = Vec::with_capacity(resamples);
    resampled(values, resamples, seed, |drawn| means.push(drawn.iter().sum::<f64>() / drawn.len() as f64));
    means.sort_by(f64::total_cmp);
    let count = means.len() as f64;
    let below = means.iter().filter(|one| **one < mean).count() as f64 + 0.5 * means.iter().filter(|one| **one == mean).count() as f64;
    // A mean outside of all resamples would have no quantile.
    let bias = normal_quantile((below / count).clamp(0.5 / count, 1.0 - 0.5 / count));
    // The jackknife's values lie about their mean as the values themselves do, the other way round.
    let cubes: f64 = values.iter().map(|value| (value - mean).powi(3)).sum();
    let acceleration = cubes / (6.0 * squares(values, mean).powf(1.5));
    let share = |outside: f64| {
        let z = bias + normal_quantile(outside);
        normal_below(bias + z / (1.0 - acceleration * z))
    };
    Interval { low: quantile(&means, share(outside)), high: quantile(&means, share(1.0 - outside)) }
}
