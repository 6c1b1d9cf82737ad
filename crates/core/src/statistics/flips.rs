//! Signs of paired differences, flipped by chance, and sums of the differences with their signs.
//!
//! Were dense and pruned exchangeable on every picture, each difference would be as likely with the other sign. What a statistic is over all flips of
//! signs is therefore its distribution under "no effect". The sums are what costs time: of four pictures the 16 signed sums are tabulated once, so
//! that a flip adds one row of the table for four pictures, for several columns side by side.

use super::resampling::Draws;

/// How many units may differ at most for all their flips to be listed: 2^13 are 8192.
pub const LISTED: usize = 13;

/// Random flips unless told otherwise; with the identity they are 10,000.
pub const FLIPS: usize = 9_999;

/// Pictures whose signed sums are tabulated together.
const GROUP: usize = 4;
/// Sign patterns of a group.
const PATTERNS: usize = 1 << GROUP;
/// Groups whose signs a word holds.
const IN_WORD: usize = 64 / GROUP;

/// The flips one after the other; the first is none at all, the identity.
#[derive(Debug, Clone)]
pub(super) struct Flips {
    draws: Draws,
    /// A bit a unit, set where its sign is flipped.
    signs: Vec<u64>,
    exact: bool,
    total: usize,
    next: usize,
}

impl Flips {
    /// All flips of `units` where they can be listed, otherwise the identity and `random` others.
    pub fn new(units: usize, random: usize, seed: u64) -> Self {
        let exact = units <= LISTED;
        let total = if exact { 1 << units } else { random.max(1) + 1 };
        Self { draws: Draws::new(seed), signs: vec![0; units.div_ceil(64).max(1)], exact, total, next: 0 }
    }

    /// Whether all flips are listed.
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// How many there are, the identity among them.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many have been handed out.
    pub fn done(&self) -> usize {
        self.next
    }

    /// The signs of the next flip; none after the last.
    pub fn advance(&mut self) -> Option<&[u64]> {
        if self.next == self.total {
            return None;
        }
        if self.exact {
            self.signs[0] = self.next as u64;
        } else if self.next > 0 {
            self.signs.iter_mut().for_each(|word| *word = self.draws.bits());
        }
        self.next += 1;
        Some(&self.signs)
    }
}

/// Tables of signed sums of up to `W` columns.
#[derive(Debug, Clone)]
pub(super) struct SignedSums<const W: usize> {
    /// A row a group and pattern.
    tables: Vec<[f64; W]>,
}

impl<const W: usize> SignedSums<W> {
    /// Of columns of `units` values each; columns past the last are 0.
    pub fn new(columns: &[Vec<f64>], units: usize) -> Self {
        let mut tables = vec![[0.0; W]; units.div_ceil(GROUP) * PATTERNS];
        for (at, row) in tables.iter_mut().enumerate() {
            let (first, pattern) = (at / PATTERNS * GROUP, at % PATTERNS);
            for (sum, column) in row.iter_mut().zip(columns) {
                let group = column[first..units.min(first + GROUP)].iter().enumerate();
                *sum = group.map(|(at, value)| if pattern >> at & 1 == 1 { -value } else { *value }).sum();
            }
        }
        Self { tables }
    }

    /// The sums with these signs.
    pub fn sums(&self, signs: &[u64]) -> [f64; W] {
        let mut sums = [0.0; W];
        for (groups, word) in self.tables.chunks(PATTERNS * IN_WORD).zip(signs) {
            let mut word = *word;
            for table in groups.chunks_exact(PATTERNS) {
                let row = &table[(word as usize) % PATTERNS];
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                word >>= GROUP;
            }
        }
        sums
    }
}

/// Values by the root of the sum of their squares, so that their sum has variance 1 under flips; zeros stay zeros.
pub(super) fn scaled(mut values: Vec<f64>) -> Vec<f64> {
    // By the largest first, as squares of very small values are 0.
    for norm in [
        |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max(value.abs())),
        |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt(),
    ] {
        let norm = norm(&values);
        values.iter_mut().filter(|_| norm > 0.0).for_each(|value| *value /= norm);
    }
    values
}

/// Whether a flipped statistic is as extreme as the observed one. Sums that are equal may differ by rounding; those count as equal, which can only
/// make a probability larger.
pub(super) fn reaches(flipped: f64, observed: f64) -> bool {
    flipped >= observed - 1e-10 * (1.0 + observed.abs())
}

/// The smallest probability that `moved` differences other than 0 can have: all of one sign.
pub(super) fn surest(moved: usize, two_sided: bool) -> f64 {
    2.0_f64.powi(i32::from(two_sided) - moved.min(1000) as i32).min(1.0)
}
