//! Whether the mean of paired differences is other than zero: the sign-flip test.

use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::flips::{Flips, SignedSums, reaches, scaled, surest};
use super::refused::{Refused, at_least, finite};

/// What the test says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignFlipTest {
    /// The mean difference, in the unit of the differences.
    pub mean: f64,
    /// The sum of the units' differences by the root of the sum of their squares, without unit. `t = u sqrt((n - 1) / (n - u^2))` is Student's, so that
    /// a test by one is a test by the other: it is studentised.
    pub statistic: f64,
    /// The probability of a statistic as extreme, were the differences symmetric about zero.
    pub p: f64,
    /// Units that differ at all: pictures, or clusters of them.
    pub moved: usize,
    /// Flips looked at, the identity among them.
    pub flips: usize,
    /// Whether these are all there are.
    pub exact: bool,
}

/// The sign-flip test of paired differences, one a picture, in any unit (Fisher, 1935; studentised it also keeps its level in large samples where
/// differences are not symmetric: Janssen, 1999). All flips are listed where at most [`LISTED`](super::flips::LISTED) pictures differ; otherwise it is
/// the identity and `flips` others of the seed. So `p` is never below `1 / (flips + 1)`, nor below `2^(1 - k)` (one-sided `2^-k`) where `k` differ.
///
/// The level is exact where differences are symmetric about zero when there is no effect, as they are if dense and pruned are exchangeable. Few and
/// skewed differences with a mean of zero are rejected too often: see `docs/calibration.md`.
///
/// # Errors
///
/// Without differences, and where one is not finite.
pub fn sign_flip_test(differences: &[f64], alternative: Alternative, flips: usize, seed: u64) -> Result<SignFlipTest, Refused> {
    finite(differences)?;
    at_least("differences", 1, differences.len())?;
    Ok(test_of_sums(differences, differences.len(), alternative, flips, seed))
}

/// The test of units whose sums of differences are flipped as one; `values` counts the differences in them.
pub(super) fn test_of_sums(sums: &[f64], values: usize, alternative: Alternative, flips: usize, seed: u64) -> SignFlipTest {
    let mean = sums.iter().sum::<f64>() / values as f64;
    let moved = scaled(sums.iter().copied().filter(|sum| *sum != 0.0).collect());
    let mut all = Flips::new(moved.len(), flips, seed);
    let count = moved.len();
    let sums = SignedSums::<1>::new(&[moved], count);
    let (mut observed, mut extreme) = (None, 0_usize);
    while let Some(signs) = all.advance() {
        let flipped = alternative.directed(sums.sums(signs)[0]);
        extreme += usize::from(reaches(flipped, *observed.get_or_insert(flipped)));
    }
    let p = (extreme as f64 / all.total() as f64).max(surest(count, alternative == Alternative::TwoSided));
    let statistic = sums.sums(&vec![0; count.div_ceil(64)])[0];
    SignFlipTest { mean, statistic, p, moved: count, flips: all.total(), exact: all.exact() }
}
