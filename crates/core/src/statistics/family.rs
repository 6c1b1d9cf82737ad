//! Which of many measures at many sparsities differ from dense, when all of them are looked at: the maximum statistic over a family.

use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::clusters::Clusters;
use super::flips::{Flips, SignedSums, reaches, scaled, surest};
use super::refused::{Refused, at_least, finite_at, same_length};

/// Columns whose sums are computed side by side.
const WIDTH: usize = 16;

/// What the family says of one of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adjusted {
    /// The mean of the column's entries, in their unit; none of none.
    pub mean: Option<f64>,
    /// Entries that are there.
    pub entries: usize,
    /// The sum of the units' differences by the root of the sum of their squares, 0 where nothing differs. See
    /// [`SignFlipTest`](super::sign_flips::SignFlipTest).
    pub statistic: f64,
    /// The probability of the column alone.
    pub p: f64,
    /// The same among the family, single-step: as extreme a largest statistic of all columns.
    pub single_step: f64,
    /// The same, step-down: as extreme a largest statistic of the columns that are not more extreme themselves. Never above `single_step`, and what to
    /// report.
    pub step_down: f64,
}

/// A family of columns, with the flips that have been looked at.
///
/// Rows are pictures, columns are measures at sparsities, an entry is a difference from dense in the column's own unit or missing. All columns see the
/// same flips of signs, so that whatever depends on each other stays so (Westfall and Young, 1993, algorithms 2.5 and 2.8; for sign flips Nichols and
/// Holmes, 2002). Each column's sum is divided by the root of its sum of squares, which flips do not change: the statistic is a monotone function of
/// Student's t, and under flips it has variance 1 in every column, so that one with few entries does not set the threshold for all.
///
/// The family's level is exact where differences are symmetric about zero under "no effect". Where all of 48 columns are skewed with a mean of zero,
/// something is found in 11 to 21 of 100 families instead of 5 (`docs/calibration.md`).
///
/// The work can be done in steps, and dropped between them; 130 columns of 500 pictures with 10,000 flips take about 70 ms natively and 90 in a browser.
#[derive(Debug, Clone)]
pub struct Family {
    columns: Vec<Column>,
    /// Places of columns, the most extreme first.
    order: Vec<usize>,
    blocks: Vec<SignedSums<WIDTH>>,
    flips: Flips,
    alternative: Alternative,
    /// How often each column's own statistic reached the observed one, and how often the family's did, both ways.
    alone: Vec<usize>,
    single: Vec<usize>,
    down: Vec<usize>,
    /// The statistics of a flip.
    now: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Column {
    mean: Option<f64>,
    entries: usize,
    moved: usize,
    statistic: f64,
    /// As the alternative sees it.
    directed: f64,
}

impl Family {
    /// A family of columns, all as long as there are pictures. One-sided, a positive entry must be a gain in every column. Otherwise as
    /// [`sign_flip_test`](super::sign_flips::sign_flip_test); `flips` may be [`FLIPS`](super::flips::FLIPS).
    ///
    /// # Errors
    ///
    /// Without columns or pictures, where columns differ in length, and where an entry is not finite (its place is counted column after column).
    pub fn new<C: AsRef<[Option<f64>]>>(columns: &[C], alternative: Alternative, flips: usize, seed: u64) -> Result<Self, Refused> {
        let pictures = columns.first().map_or(0, |column| column.as_ref().len());
        Self::clustered(columns, &Clusters::single(pictures), alternative, flips, seed)
    }

    /// The same where pictures come in clusters that are flipped as one, such as scenes on the same photo.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and where there are not as many pictures as the clusters are of.
    pub fn clustered<C: AsRef<[Option<f64>]>>(
        columns: &[C],
        clusters: &Clusters,
        alternative: Alternative,
        flips: usize,
        seed: u64,
    ) -> Result<Self, Refused> {
        at_least("columns", 1, columns.len())?;
        at_least("pictures", 1, clusters.pictures())?;
        for (at, column) in columns.iter().map(AsRef::as_ref).enumerate() {
            same_length(clusters.pictures(), column.len())?;
            finite_at(at * clusters.pictures(), column.iter().map(|entry| entry.unwrap_or(0.0)))?;
        }
        let sums: Vec<Vec<f64>> = columns.iter().map(|column| clusters.sums(column.as_ref())).collect();
        // Units in which nothing differs have no sign.
        let moved: Vec<usize> = (0..clusters.count()).filter(|unit| sums.iter().any(|column| column[*unit] != 0.0)).collect();
        let scaled: Vec<Vec<f64>> = sums.iter().map(|sums| scaled(moved.iter().map(|unit| sums[*unit]).collect())).collect();
        let blocks: Vec<SignedSums<WIDTH>> = scaled.chunks(WIDTH).map(|some| SignedSums::new(some, moved.len())).collect();
        let none = vec![0; moved.len().div_ceil(64)];
        let observed: Vec<f64> = blocks.iter().flat_map(|block| block.sums(&none)).take(columns.len()).collect();
        let column = |(at, column): (usize, &C)| {
            let entries = column.as_ref().iter().flatten().count();
            Column {
                mean: (entries > 0).then(|| sums[at].iter().sum::<f64>() / entries as f64),
                entries,
                moved: sums[at].iter().filter(|sum| **sum != 0.0).count(),
                statistic: observed[at],
                directed: alternative.directed(observed[at]),
            }
        };
        let columns: Vec<Column> = columns.iter().enumerate().map(column).collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by(|a, b| columns[*b].directed.total_cmp(&columns[*a].directed));
        let (count, zeros) = (columns.len(), vec![0; columns.len()]);
        let flips = Flips::new(moved.len(), flips, seed);
        let (alone, single, down) = (zeros.clone(), zeros.clone(), zeros);
        Ok(Self { columns, order, blocks, flips, alternative, alone, single, down, now: vec![0.0; count] })
    }

    /// How many flips there are in all, the identity among them.
    pub fn total(&self) -> usize {
        self.flips.total()
    }

    /// How many have been looked at.
    pub fn done(&self) -> usize {
        self.flips.done()
    }

    /// Looks at up to so many more flips; whether any are left.
    pub fn advance(&mut self, flips: usize) -> bool {
        for _ in 0..flips {
            let Some(signs) = self.flips.advance() else { return false };
            for (block, statistics) in self.blocks.iter().zip(self.now.chunks_mut(WIDTH)) {
                let sums = block.sums(signs);
                statistics.iter_mut().zip(sums).for_each(|(now, sum)| *now = self.alternative.directed(sum));
            }
            self.count();
        }
        self.done() < self.total()
    }

    fn count(&mut self) {
        let largest = self.now.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut rest = f64::NEG_INFINITY;
        for at in self.order.iter().rev().copied() {
            let observed = self.columns[at].directed;
            rest = rest.max(self.now[at]);
            self.alone[at] += usize::from(reaches(self.now[at], observed));
            self.down[at] += usize::from(reaches(rest, observed));
            self.single[at] += usize::from(reaches(largest, observed));
        }
    }

    /// What the family says of each column, in their order, after all flips that are left.
    pub fn finish(mut self) -> Vec<Adjusted> {
        while self.advance(1024) {}
        let share = |count: usize| count as f64 / self.total() as f64;
        let mut adjusted: Vec<Adjusted> = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let least = surest(column.moved, self.alternative == Alternative::TwoSided);
            adjusted.push(Adjusted {
                mean: column.mean,
                entries: column.entries,
                statistic: column.statistic,
                p: share(self.alone[at]).max(least),
                single_step: share(self.single[at]).max(least),
                step_down: share(self.down[at]).max(least),
            });
        }
        // No column is surer than one that is more extreme.
        let (mut single, mut down) = (0.0_f64, 0.0_f64);
        for at in self.order {
            (single, down) = (single.max(adjusted[at].single_step), down.max(adjusted[at].step_down));
            (adjusted[at].single_step, adjusted[at].step_down) = (single, down);
        }
        adjusted
    }
}
