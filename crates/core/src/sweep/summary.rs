//! What a sweep found: a line for each measure and sparsity, with how sure it is and how far it is from dense.

use serde::{Deserialize, Serialize};

use super::sweep_measure::SweepMeasure;
use crate::sparsity::Sparsity;
use crate::statistics::bootstrap::RESAMPLES;
use crate::statistics::bootstrap::SEED;
use crate::sweep::spot::Spot;

/// When a sparsity is a sweet spot, and how chance is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Accuracy, or where no labels are known agreement with dense, must have dropped by less than this share: 0.02 is two points.
    pub drop: f64,
    /// The most probability of finding anything where there is nothing, over all sparsities of a measure.
    pub level: f64,
    /// How often pictures are drawn again.
    pub resamples: usize,
    /// Seed of these draws.
    pub seed: u64,
}

impl Default for Rule {
    fn default() -> Self {
        Self { drop: 0.02, level: 0.05, resamples: RESAMPLES, seed: SEED }
    }
}

/// A measure at a sparsity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The measure.
    pub measure: SweepMeasure,
    /// The sparsity as asked for.
    pub sparsity: Sparsity,
    /// The share of prunable weights that is zero, mean over seeds.
    pub reached: f64,
    /// The mean over pictures; none where the measure is defined for none of them.
    pub value: Option<f64>,
    /// Pictures with a value; seeds for what has one value a network.
    pub n: usize,
    /// Pictures without one.
    pub undefined: usize,
    /// Why the first of these has none.
    pub reason: Option<String>,
    /// Ends of the interval of the mean.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// The smallest and the largest of the means of each seed, where there are several.
    pub seeds: Option<(f64, f64)>,
    /// How far it is from dense, where pictures can be compared.
    pub difference: Option<Difference>,
}

/// A measure's distance from dense, picture by picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The mean over pictures that have a value in both.
    pub mean: f64,
    /// Ends of its interval.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Pictures compared.
    pub pairs: usize,
    /// Pictures that have a value in the dense network and none here.
    pub lost: usize,
    /// The probability of a difference this large, were there none. Lost pictures count here as the worst difference seen, and as no gain: what
    /// cannot be measured any more is no benefit.
    pub p: f64,
    /// The same after Holm's correction over the sparsities of the measure.
    pub adjusted: f64,
    /// Whether every seed is on the better side.
    pub every_seed: bool,
}

/// All that a sweep found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The rule applied.
    pub rule: Rule,
    /// Pictures.
    pub pictures: usize,
    /// The sparsities whose steps are all done, ascending.
    pub sparsities: Vec<Sparsity>,
    /// The sparsities that are not done yet.
    pub missing: Vec<Sparsity>,
    /// Lines, measure by measure and by ascending sparsity.
    pub lines: Vec<Line>,
    /// Sweet spots.
    pub spots: Vec<Spot>,
    /// What else there is to know, a sentence each.
    pub notes: Vec<String>,
    /// What is to be said of each measure, a sentence each.
    pub verdicts: Vec<String>,
}

impl Summary {
    /// A measure's line at a sparsity.
    pub fn line(&self, gauge: SweepMeasure, sparsity: Sparsity) -> Option<&Line> {
        self.lines.iter().find(|line| (line.measure, line.sparsity) == (gauge, sparsity))
    }

    /// A measure's lines by ascending sparsity.
    pub fn of_gauge(&self, gauge: SweepMeasure) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.measure == gauge)
    }

    /// What a sweet spot must keep: accuracy, or agreement with dense where fewer than half of the pictures have a label; none while dense is not done.
    pub fn kept(&self) -> Option<SweepMeasure> {
        let known = |gauge: &SweepMeasure| {
            self.line(*gauge, Sparsity::ZERO).is_some_and(|line| line.value.is_some() && 2 * line.n >= self.pictures)
        };
        [SweepMeasure::Accuracy, SweepMeasure::Agreement].into_iter().find(known)
    }
}
