//! Sparsity: the share of a network's prunable weights that are zero. How it is rounded, compared, written and read is decided here.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A share of the prunable weights, 0 to [`Sparsity::MAX`].
///
/// It is kept with twelve decimals: less than a weight of any network here, and few enough digits that the number is the same after it was written
/// to JSON and read again, which longer ones are not. So two that were meant to be equal are, wherever they come from: a link, a control, a
/// checkpoint's count. Minus zero is zero.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Sparsity(f64);

impl Sparsity {
    /// No weight taken away.
    pub const ZERO: Self = Self(0.0);
    /// The largest that can be asked for. At 1 nothing would be left to look at.
    pub const MAX: Self = Self(0.999);

    /// The last round of the paper's grid.
    pub const LAST_ROUND: u32 = 26;

    /// How far a trained network may be from the sparsity it stands for: less than any two rounds of the paper's grid below 99 % are apart.
    const NEAR: f64 = 0.005;

    /// Two rounds of pruning that end within this of one another are the same round of two trainings, a weight or two apart.
    const ROUND: f64 = 1e-3;

    /// A sparsity; an error for what is no number or lies outside 0 to 0.999.
    pub fn new(share: f64) -> Result<Self> {
        match (0.0..=Self::MAX.0).contains(&share) {
            true => Ok(Self::rounded(share)),
            false => Err(Error::bad_value("sparsity", share, "between 0 and 0.999")),
        }
    }

    /// How many weights of how many are zero. A checkpoint may have any share, up to all of them.
    pub fn of_weights(zero: usize, all: usize) -> Self {
        Self::rounded(zero as f64 / all.max(1) as f64)
    }

    fn rounded(share: f64) -> Self {
        Self((share.abs() * 1e12).round() / 1e12)
    }

    /// The share, 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether no weight is taken away.
    pub fn is_zero(self) -> bool {
        self.0 == 0.0
    }

    /// The paper's grid, `1 - 0.8^k` for rounds `k = 0..=26` of pruning a fifth of the remaining weights (paper's code, `train.py`).
    pub fn grid() -> impl Iterator<Item = (u32, Self)> {
        (0..=Self::LAST_ROUND).map(|round| (round, Self::of_round(round)))
    }

    /// The paper's sparsity after a round, at most [`Self::MAX`].
    pub fn of_round(round: u32) -> Self {
        Self::rounded((1.0 - 0.8_f64.powi(round.min(1000) as i32)).min(Self::MAX.0))
    }

    /// The round of the paper's grid that it stands for, if it does for one.
    pub fn round(self) -> Option<u32> {
        Self::grid().find(|(_, point)| (point.0 - self.0).abs() < 5e-6).map(|(round, _)| round)
    }

    /// How far apart two are.
    pub fn distance(self, other: Self) -> f64 {
        (self.0 - other.0).abs()
    }

    /// Whether a trained network of the one sparsity stands for the other.
    pub fn is_near(self, other: Self) -> bool {
        self.distance(other) < Self::NEAR
    }

    /// Whether both are the same round of two trainings.
    pub fn is_same_round(self, other: Self) -> bool {
        self.distance(other) < Self::ROUND
    }

    /// The nearest of some; of two that are equally near the first.
    pub fn nearest(self, all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().min_by(|a, b| self.distance(*a).total_cmp(&self.distance(*b)))
    }

    /// For readers: "48.80 %".
    pub fn percent(self) -> String {
        format!("{:.2} %", self.0 * 100.0)
    }
}

/// The number as links have it: as few digits as say it exactly.
impl fmt::Display for Sparsity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One as it is typed: a number between 0 and 0.999.
impl FromStr for Sparsity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let share = text.trim().parse().map_err(|_| Error::bad_value("sparsity", text, "a number between 0 and 0.999"))?;
        Self::new(share)
    }
}

impl TryFrom<f64> for Sparsity {
    type Error = Error;

    fn try_from(share: f64) -> Result<Self> {
        match (0.0..=1.0).contains(&share) {
            true => Ok(Self::rounded(share)),
            false => Err(Error::bad_value("sparsity", share, "between 0 and 1")),
        }
    }
}

impl From<Sparsity> for f64 {
    fn from(sparsity: Sparsity) -> Self {
        sparsity.0
    }
}

impl PartialEq for Sparsity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sparsity {}

impl PartialOrd for Sparsity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sparsity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Sparsity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(share: f64) -> Sparsity {
        Sparsity::new(share).unwrap()
    }

    #[test]
    fn what_was_meant_to_be_equal_is() {
        assert_eq!(of(0.1 + 0.2), of(0.3));
        assert_eq!(of(-0.0), Sparsity::ZERO);
        assert_eq!(Sparsity::of_round(2), of(0.36));
        assert_ne!(of(0.36), of(0.360_001));
    }

    #[test]
    fn it_is_the_same_however_often_it_is_written() {
        for zero in (0..171_072).step_by(997) {
            let sparsity = Sparsity::of_weights(zero, 171_072);
            let text = serde_json::to_string(&sparsity).unwrap();
            assert_eq!(serde_json::from_str::<Sparsity>(&text).unwrap(), sparsity);
            assert_eq!(Sparsity::new(sparsity.to_string().parse().unwrap()).unwrap_or(sparsity), sparsity);
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        assert!([-0.1, 0.9991, 1.0, f64::NAN, f64::INFINITY].into_iter().all(|share| Sparsity::new(share).is_err()));
        assert!(["-0.1", "1.1", "null", "\"0.5\""].into_iter().all(|text| serde_json::from_str::<Sparsity>(text).is_err()));
    }

    #[test]
    fn the_papers_grid_has_its_rounds() {
        let grid: Vec<(u32, Sparsity)> = Sparsity::grid().collect();
        assert_eq!((grid.len(), grid[0].1, grid[1].1.get(), grid[2].1.to_string().as_str()), (27, Sparsity::ZERO, 0.2, "0.36"));
        assert!(grid.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert!(grid.iter().all(|(round, point)| point.round() == Some(*round)));
        assert_eq!((of(0.37).round(), of(0.488).percent().as_str()), (None, "48.80 %"));
    }

    #[test]
    fn the_nearest_is_the_first_of_equally_near_ones() {
        let all = [of(0.2), of(0.4), of(0.6)];
        assert_eq!([of(0.3).nearest(all), of(0.31).nearest(all), of(0.3).nearest([])], [Some(of(0.2)), Some(of(0.4)), None]);
        assert!(of(0.48).is_near(of(0.4849)) && !of(0.48).is_near(of(0.486)));
        assert!(of(0.48).is_same_round(of(0.4809)) && !of(0.48).is_same_round(of(0.482)));
    }
}
