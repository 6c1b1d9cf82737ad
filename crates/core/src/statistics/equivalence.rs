//! "No difference": shown only where the difference is surely smaller than one that would matter.

use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::bootstrap::Interval;
use super::refused::{Refused, between};
use super::sign_flips::sign_flip_test;

/// What two one-sided tests say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Equivalence {
    /// The mean difference, in the unit of the differences.
    pub mean: f64,
    /// The larger of the two probabilities: that of a mean so far above minus the margin were it there, and so far below the margin. The mean lies within
    /// the margin, beyond chance, if it is below the level.
    pub p: f64,
}

/// Two one-sided sign-flip tests (Schuirmann, 1987) of whether the mean of paired differences lies within a margin on either side of zero, in their
/// unit. Flips and seed as in [`sign_flip_test`]; the level holds where differences lie symmetrically about their mean.
///
/// # Errors
///
/// As [`sign_flip_test`], and where the margin is not positive.
pub fn equivalence_by_flips(differences: &[f64], margin: f64, flips: usize, seed: u64) -> Result<Equivalence, Refused> {
    between("a margin", 0.0, f64::INFINITY, margin)?;
    let moved = |by: f64| differences.iter().map(|difference| difference + by).collect::<Vec<_>>();
    let above = sign_flip_test(&moved(margin), Alternative::Greater, flips, seed)?;
    let below = sign_flip_test(&moved(-margin), Alternative::Less, flips, seed)?;
    Ok(Equivalence { mean: above.mean - margin, p: above.p.max(below.p) })
}

/// Whether an interval lies within a margin on either side of zero. With an interval of confidence `1 - 2 level` the two one-sided tests it stands for
/// have the level: 90 % for 5 %.
///
/// # Errors
///
/// Where the margin is not positive, and where an end of the interval is not finite.
pub fn equivalence_by_interval(interval: Interval, margin: f64) -> Result<bool, Refused> {
    between("a margin", 0.0, f64::INFINITY, margin)?;
    super::refused::finite(&[interval.low, interval.high])?;
    Ok(-margin < interval.low && interval.high < margin)
}
