//! Error consistency: whether two observers are right and wrong on the same pictures, beyond what chance does to two observers as good as they are
//! (Cohen's kappa of being right; Geirhos, Meding and Wichmann, 2020).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bootstrap::{draws, interval};
use super::observers::Observer;
use crate::statistics::resampling::Draws;

/// How two observers agree on the pictures that both have answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Consistency {
    /// How many pictures.
    pub images: usize,
    /// The share of pictures on which both are right or both are wrong.
    pub observed: f64,
    /// What that share would be if their errors had nothing to do with each other: `p q + (1 - p)(1 - q)` of the shares they get right.
    pub expected: f64,
    /// `(observed - expected) / (1 - expected)`, and 1 if they always agree: 0 is chance, 1 the same errors, below 0 opposite ones.
    pub kappa: f64,
}

/// The consistency of pairs of being right; none of no pictures.
pub fn consistency(pairs: impl IntoIterator<Item = (bool, bool)>) -> Option<Consistency> {
    let mut counts = Counts::default();
    pairs.into_iter().for_each(|(a, b)| counts.add(a, b, 1));
    counts.consistency()
}

/// How often each of a pair was right, and how often they agreed.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    all: u64,
    first: u64,
    second: u64,
    agree: u64,
}

impl Counts {
    fn add(&mut self, a: bool, b: bool, times: u32) {
        let times = u64::from(times);
        self.all += times;
        self.first += times * u64::from(a);
        self.second += times * u64::from(b);
        self.agree += times * u64::from(a == b);
    }

    fn consistency(self) -> Option<Consistency> {
        let share = |count: u64| count as f64 / self.all as f64;
        let (p, q, observed) = (share(self.first), share(self.second), share(self.agree));
        let expected = p * q + (1.0 - p) * (1.0 - q);
        // Observers who always agree may both be always right, and then 0 would be divided by 0.
        let kappa = if self.agree == self.all { 1.0 } else { (observed - expected) / (1.0 - expected) };
        (self.all > 0).then_some(Consistency { images: self.all as usize, observed, expected, kappa })
    }
}

/// Who was right on which picture of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The condition.
    pub condition: String,
    /// A row an observer, a column a picture that any of them has answered; none where the observer has not.
    rows: Vec<Vec<Option<bool>>>,
    images: usize,
}

impl Table {
    /// The observers' answers to a condition's pictures.
    pub fn new<'a>(observers: impl IntoIterator<Item = &'a Observer>, condition: &str) -> Self {
        let observers: Vec<&Observer> = observers.into_iter().collect();
        let names: BTreeMap<&str, ()> =
            observers.iter().flat_map(|observer| observer.of(condition)).map(|(image, _)| (image, ())).collect();
        let row = |observer: &&Observer| -> Vec<Option<bool>> {
            let answers = observer.answers.get(condition);
            names.keys().map(|image| Some(answers?.get(*image)?.is_right())).collect()
        };
        Self { condition: condition.into(), rows: observers.iter().map(row).collect(), images: names.len() }
    }

    /// The answers of observers, a row each, as long as there are pictures; none where one has not answered.
    pub fn of_rows(condition: &str, rows: Vec<Vec<Option<bool>>>) -> Self {
        let images = rows.iter().map(Vec::len).min().unwrap_or(0);
        Self { condition: condition.into(), rows, images }
    }

    /// How many pictures somebody has answered.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The consistency of two observers by their places.
    pub fn pair(&self, (a, b): (usize, usize)) -> Option<Consistency> {
        self.counts((a, b), |_| 1).consistency()
    }

    fn counts(&self, (a, b): (usize, usize), times: impl Fn(usize) -> u32) -> Counts {
        let mut counts = Counts::default();
        for (at, (a, b)) in self.rows[a].iter().zip(&self.rows[b]).enumerate() {
            if let (Some(a), Some(b)) = (a, b) {
                counts.add(*a, *b, times(at));
            }
        }
        counts
    }

    /// How many pictures both observers of any of the pairs have answered.
    fn shared(&self, pairs: &[(usize, usize)]) -> usize {
        let both = |at: usize| pairs.iter().any(|(a, b)| self.rows[*a][at].is_some() && self.rows[*b][at].is_some());
        (0..self.images).filter(|at| both(*at)).count()
    }

    /// The mean of pairs' kappas, each picture counted so many times; none if no pair has a picture in common.
    pub fn mean(&self, pairs: &[(usize, usize)], times: impl Fn(usize) -> u32 + Copy) -> Option<f64> {
        mean(pairs.iter().filter_map(|pair| self.counts(*pair, times).consistency()).map(|found| found.kappa))
    }
}

/// A mean of kappas, with what so few pictures can tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean over conditions of the mean over pairs.
    pub value: f64,
    /// The middle 95 % of the same over other draws of pictures ([`bootstrap`](super::bootstrap)); the observers stay.
    pub interval: [f64; 2],
    /// How many pictures both of a pair have answered, all conditions together.
    pub images: usize,
    /// How many pairs of observers.
    pub pairs: usize,
}

/// The mean kappa of pairs of observers, by their places: over pairs, then over conditions, as published. Conditions in which no pair has a picture
/// in common do not count; none if that is so in all.
pub fn estimate(tables: &[Table], pairs: &[(usize, usize)], seed: u64) -> Option<Estimate> {
    let value = mean(tables.iter().filter_map(|table| table.mean(pairs, |_| 1)))?;
    let images: usize = tables.iter().map(|table| table.shared(pairs)).sum();
    let mut random = Draws::new(seed);
    let drawn = (0..draws(images * pairs.len())).filter_map(|_| {
        mean(tables.iter().filter_map(|table| {
            let counts = random.counts(table.images());
            table.mean(pairs, |at| counts[at])
        }))
    });
    let interval = interval(drawn.collect())?;
    Some(Estimate { value, interval, images, pairs: pairs.len() })
}

/// Every pair of `count` observers.
pub fn pairs(count: usize) -> Vec<(usize, usize)> {
    (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b))).collect()
}

/// The mean kappa over conditions of each pair of observers, both ways round; 1 for an observer with itself, none where a pair has no picture in
/// common.
pub fn matrix(tables: &[Table], count: usize) -> Vec<Vec<Option<f64>>> {
    let cell = |a: usize, b: usize| mean(tables.iter().filter_map(|table| table.pair((a, b))).map(|found| found.kappa));
    (0..count).map(|a| (0..count).map(|b| cell(a, b)).collect()).collect()
}

/// The mean; none of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
