//! Whether accuracy has dropped by less than is allowed: two networks on the same pictures, right or wrong.

use serde::{Deserialize, Serialize};

use super::bootstrap::Interval;
use super::distributions::{normal_below, normal_quantile};
use super::refused::{Refused, at_least, between};

/// Pictures by who is right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    /// All pictures that both networks have answered.
    pub pictures: usize,
    /// Those that only the pruned network has right.
    pub gained: usize,
    /// Those that only the dense network has right.
    pub lost: usize,
}

impl Pairs {
    /// Counts pictures by whether dense and pruned are right.
    pub fn of(rights: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut pairs = Self::default();
        for (dense, pruned) in rights {
            pairs.pictures += 1;
            pairs.gained += usize::from(pruned && !dense);
            pairs.lost += usize::from(dense && !pruned);
        }
        pairs
    }

    /// Accuracy that is lost, as a share.
    pub fn drop(&self) -> f64 {
        (self.lost as f64 - self.gained as f64) / self.pictures as f64
    }

    /// How far the observed drop lies above a true one, in standard errors under that (Tango, 1998, equation 8).
    fn score(&self, drop: f64) -> f64 {
        let (n, b, c) = (self.pictures as f64, self.lost as f64, self.gained as f64);
        // The share of gained pictures that is likeliest if accuracy drops by so much: the root of a quadratic.
        let half = b + c - (2.0 * n - b + c) * drop;
        let gained = ((half * half + 8.0 * n * c * drop * (1.0 - drop)).max(0.0).sqrt() + half) / (4.0 * n);
        let variance = n * (2.0 * gained + drop * (1.0 - drop));
        let off = b - c - n * drop;
        if variance > 0.0 { off / variance.sqrt() } else { off.signum() * if off == 0.0 { 0.0 } else { f64::INFINITY } }
    }
}

/// The score interval that holds the true drop of accuracy with a confidence (Tango, 1998): the drops whose score is within the normal quantile. For
/// the upper limit alone at 95 % ask for a confidence of 0.9.
///
/// # Errors
///
/// Without pictures, where more are gained and lost than there are, and where the confidence is not between 0 and 1.
pub fn drop_interval(pairs: Pairs, confidence: f64) -> Result<Interval, Refused> {
    check(pairs)?;
    between("a confidence", 0.0, 1.0, confidence)?;
    let (z, drop) = (normal_quantile(0.5 + confidence / 2.0), pairs.drop());
    // The score falls as the true drop rises.
    let solve = |wanted: f64, mut low: f64, mut high: f64| {
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if pairs.score(middle) > wanted { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    Ok(Interval { low: solve(z, -1.0, drop), high: solve(-z, drop, 1.0) })
}

/// What is said of a drop of accuracy against a margin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NonInferiority {
    /// The drop that is seen, as a share.
    pub drop: f64,
    /// Its upper limit: a true drop is above it with a probability of at most the level.
    pub upper: f64,
    /// The probability of so small a drop, were the true one the margin.
    pub p: f64,
    /// Whether the upper limit is below the margin: the network is not worse by as much.
    pub shown: bool,
}

/// The paired test that accuracy drops by less than a margin (a share, 0.02 for two points), at a one-sided level (0.05, say; Tango, 1998). It is
/// shown only if the upper limit of the drop is below the margin: that no drop is seen, or none that is significant, shows nothing.
///
/// # Errors
///
/// As [`drop_interval`], and where margin or level are not between 0 and 1.
pub fn non_inferiority(pairs: Pairs, margin: f64, level: f64) -> Result<NonInferiority, Refused> {
    between("a margin", 0.0, 1.0, margin)?;
    between("a level", 0.0, 0.5, level)?;
    let upper = drop_interval(pairs, 1.0 - 2.0 * level)?.high;
    Ok(NonInferiority { drop: pairs.drop(), upper, p: normal_below(pairs.score(margin)), shown: upper < margin })
}

fn check(pairs: Pairs) -> Result<(), Refused> {
    at_least("pictures", 1, pairs.pictures)?;
    at_least("pictures", pairs.gained.saturating_add(pairs.lost), pairs.pictures)
}
