//! Numbers over people and pictures: both are samples, and the same people answer to the same pictures.
//!
//! An interval over trials takes answers of one person, and answers to one picture, for independent ones; an interval over pictures holds for these
//! people only (Clark, 1973). Here both are drawn anew.

use super::bootstrap::Interval;
use super::distributions::{normal_below, student_quantile};
use super::refused::{Refused, at_least, between, finite_at, same_length};
use super::resampling::{Draws, quantile};

/// Draws unless told otherwise. An interval of few people rests on the outermost of them.
pub const RESAMPLES: usize = 4000;

/// Groups of pictures that the jackknife leaves out, at most.
const GROUPS: usize = 200;

/// The share of draws that must have a value.
const DEFINED: f64 = 0.9;

/// How often each person and each picture counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// A number a person.
    pub people: Vec<u32>,
    /// A number a picture.
    pub pictures: Vec<u32>,
}

impl Weights {
    /// Everybody and every picture once.
    pub fn once(people: usize, pictures: usize) -> Self {
        Self { people: vec![1; people], pictures: vec![1; pictures] }
    }

    /// How often a person's answer to a picture counts.
    pub fn cell(&self, person: usize, picture: usize) -> f64 {
        f64::from(self.people[person]) * f64::from(self.pictures[picture])
    }
}

/// A number over people and pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoWay {
    /// The number, in its own unit.
    pub value: f64,
    /// Its interval, over other people and other pictures.
    pub interval: Interval,
    /// Its standard error by the people alone: how much it would vary with others.
    pub by_people: f64,
    /// The same by the pictures alone.
    pub by_pictures: f64,
    /// Degrees of freedom of both together (Satterthwaite, 1946).
    pub freedom: f64,
}

/// The pigeonhole bootstrap of people and pictures (Owen, 2007): both are drawn with replacement, independently, and a cell counts as often as its
/// person times its picture. `statistic` is any function of these weights, none where it has no value; cells that are missing are its own business.
///
/// The ends are quantiles of the drawn values, widened for few people or pictures: quantiles of a bootstrap of n are those of a normal distribution with
/// variance `(n - 1) / n` where Student's belong (Hesterberg, 2015). The degrees of freedom are [`jackknife`]'s. What is left in single cells is
/// counted more than once, so that intervals are rather too wide than too narrow.
///
/// # Errors
///
/// With fewer than two people or pictures, a confidence not between 0 and 1, and where the statistic has no finite value of all, without one of them, or
/// in more than a tenth of the draws.
pub fn pigeonhole(
    people: usize,
    pictures: usize,
    confidence: f64,
    resamples: usize,
    seed: u64,
    statistic: impl Fn(&Weights) -> Option<f64>,
) -> Result<TwoWay, Refused> {
    let found = jackknife(people, pictures, confidence, &statistic)?;
    let mut draws = Draws::new(seed);
    let resamples = resamples.max(1);
    let drawn = (0..resamples).filter_map(|_| {
        let weights = Weights { people: draws.counts(people), pictures: draws.counts(pictures) };
        statistic(&weights).filter(|value| value.is_finite())
    });
    let mut drawn: Vec<f64> = drawn.collect();
    if (drawn.len() as f64) < DEFINED * resamples as f64 {
        return Err(Refused::Undefined);
    }
    drawn.sort_by(f64::total_cmp);
    let t = student_quantile(0.5 + confidence / 2.0, found.freedom);
    let outside = normal_below(-t * ((found.freedom + 1.0) / found.freedom).sqrt());
    Ok(TwoWay { interval: Interval { low: quantile(&drawn, outside), high: quantile(&drawn, 1.0 - outside) }, ..found })
}

/// The same interval without chance, and with fewer looks at the statistic, for one that is smooth in its weights: people are left out one by one,
/// pictures likewise or, of more than 200, in as many groups, and Student's quantile is taken of the root of both variances.
///
/// # Errors
///
/// As [`pigeonhole`].
pub fn jackknife(people: usize, pictures: usize, confidence: f64, statistic: impl Fn(&Weights) -> Option<f64>) -> Result<TwoWay, Refused> {
    at_least("people", 2, people)?;
    at_least("pictures", 2, pictures)?;
    between("a confidence", 0.0, 1.0, confidence)?;
    let whole = Weights::once(people, pictures);
    let of = |weights: &Weights| statistic(weights).filter(|value| value.is_finite()).ok_or(Refused::Undefined);
    let value = of(&whole)?;
    let without_person = |person: usize| {
        let mut weights = whole.clone();
        weights.people[person] = 0;
        of(&weights)
    };
    let groups = pictures.min(GROUPS);
    let without_pictures = |group: usize| {
        let mut weights = whole.clone();
        weights.pictures.iter_mut().skip(group).step_by(groups).for_each(|weight| *weight = 0);
        of(&weights)
    };
    let by_people = variance(&(0..people).map(without_person).collect::<Result<Vec<_>, _>>()?);
    let by_pictures = variance(&(0..groups).map(without_pictures).collect::<Result<Vec<_>, _>>()?);
    Ok(two_way(value, [by_people, by_pictures], [people as f64 - 1.0, groups as f64 - 1.0], confidence))
}

/// The jackknife's variance of a number, of what it is without each.
fn variance(without: &[f64]) -> f64 {
    let n = without.len() as f64;
    (n - 1.0) / n * super::moments::squares(without, without.iter().sum::<f64>() / n)
}

/// Both variances put together.
fn two_way(value: f64, variances: [f64; 2], freedoms: [f64; 2], confidence: f64) -> TwoWay {
    let sum = variances[0] + variances[1];
    // Without any variance the interval has no width, whatever the quantile.
    let freedom = match sum > 0.0 {
        true => 1.0 / variances.iter().zip(freedoms).map(|(variance, freedom)| (variance / sum).powi(2) / freedom).sum::<f64>(),
        false => freedoms[0].min(freedoms[1]),
    };
    let half = student_quantile(0.5 + confidence / 2.0, freedom) * sum.sqrt();
    let [by_people, by_pictures] = variances.map(f64::sqrt);
    TwoWay { value, interval: Interval { low: value - half, high: value + half }, by_people, by_pictures, freedom }
}

/// Which mean of a table is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeanOf {
    /// Of all cells alike.
    Cells,
    /// Of people's means, as published values mostly are. The same where nothing is missing.
    People,
}

/// The mean of a table with a row a person and a column a picture, cells missing or not, and its interval over both. The formula of [`jackknife`] for
/// means, at the cost of one look at each cell: the variance is that of sums over people plus that of sums over pictures.
///
/// # Errors
///
/// With fewer than two people or pictures that have a cell, rows that differ in length, cells that are not finite (counted row after row), and a
/// confidence not between 0 and 1.
pub fn two_way_mean<R: AsRef<[Option<f64>]>>(rows: &[R], of: MeanOf, confidence: f64) -> Result<TwoWay, Refused> {
    let pictures = rows.first().map_or(0, |row| row.as_ref().len());
    between("a confidence", 0.0, 1.0, confidence)?;
    for (at, row) in rows.iter().map(AsRef::as_ref).enumerate() {
        same_length(pictures, row.len())?;
        finite_at(at * pictures, row.iter().map(|cell| cell.unwrap_or(0.0)))?;
    }
    // Whoever answered nothing, and what nobody answered, is no part of the sample.
    let rows: Vec<&[Option<f64>]> = rows.iter().map(AsRef::as_ref).filter(|row| row.iter().any(Option::is_some)).collect();
    let shown = (0..pictures).filter(|picture| rows.iter().any(|row| row[*picture].is_some())).count();
    at_least("people", 2, rows.len())?;
    at_least("pictures", 2, shown)?;
    let sum = |row: &&[Option<f64>]| row.iter().flatten().sum::<f64>();
    let counts: Vec<f64> = rows.iter().map(|row| row.iter().flatten().count() as f64).collect();
    let all: f64 = counts.iter().sum();
    let people = rows.len() as f64;
    let means: Vec<f64> = rows.iter().zip(&counts).map(|(row, count)| sum(row) / count).collect();
    let value = match of {
        MeanOf::Cells => rows.iter().map(sum).sum::<f64>() / all,
        MeanOf::People => means.iter().sum::<f64>() / people,
    };
    // What a person and a picture add to the mean: distances from it, by the weight of each cell.
    let mut by_people = 0.0;
    let mut of_pictures = vec![0.0; pictures];
    for ((row, count), mean) in rows.iter().zip(&counts).zip(&means) {
        let (weight, middle) = match of {
            MeanOf::Cells => (1.0 / all, value),
            MeanOf::People => (1.0 / people / count, *mean),
        };
        by_people += (weight * count * (mean - value)).powi(2);
        let cells = row.iter().zip(&mut of_pictures);
        cells.for_each(|(cell, sum)| *sum += cell.map_or(0.0, |cell| weight * (cell - middle)));
    }
    let shown = shown as f64;
    let freedoms = [people - 1.0, shown - 1.0];
    let by_pictures = of_pictures.iter().map(|sum| sum * sum).sum::<f64>();
    let corrected = [by_people * people / freedoms[0], by_pictures * shown / freedoms[1]];
    Ok(two_way(value, corrected, freedoms, confidence))
}
