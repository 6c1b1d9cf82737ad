//! What the three claims share: studies, verdicts, and the measures they look at.

use crate::discovery::Method as Finder;
use crate::metrics::Measure;
use crate::sparsity::Sparsity;
use crate::sweep::cells::State;
use crate::sweep::chart::Point;
use crate::sweep::chart::Series;
use crate::sweep::summary::Line;
use crate::sweep::summary::Summary;
use crate::sweep::sweep_measure::Axis;
use crate::sweep::sweep_measure::SweepMeasure;
use crate::words::within;
use serde::Deserialize;
use serde::Serialize;

/// A sweep that is looked at.
pub struct Study<'a> {
    /// The network's name.
    pub name: &'a str,
    /// The network's architecture.
    pub architecture: &'a str,
    /// The cells.
    pub state: &'a State,
    /// What they say.
    pub summary: &'a Summary,
}

/// What the data say of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They bear it out.
    Yes,
    /// They speak against it.
    No,
    /// They cannot tell.
    CannotTell,
}

impl Verdict {
    /// For a reader.
    pub fn title(self) -> &'static str {
        match self {
            Self::Yes => "borne out by these networks",
            Self::No => "not borne out by these networks",
            Self::CannotTell => "these networks cannot tell",
        }
    }
}

/// A claim with what the data say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim, in a sentence.
    pub claim: String,
    /// What the data say.
    pub verdict: Verdict,
    /// Why, a sentence each.
    pub because: Vec<String>,
    /// The heads of the numbers' columns.
    pub heads: Vec<String>,
    /// The numbers behind it.
    pub rows: Vec<Vec<String>>,
    /// The figure as SVG.
    pub figure: String,
}

/// The probability of finding a spot where there is none that a measure of a sweep has: Holm's level.
pub const LEVEL: f64 = 0.05;

/// The measures of the paper's axes that can gain.
pub fn axes(state: &State) -> impl Iterator<Item = SweepMeasure> {
    let of_axes = |gauge: &SweepMeasure| gauge.can_gain() && gauge.info().axis.is_of_paper();
    state.sweep.measures.iter().copied().filter(of_axes)
}

/// Whether a measure is a mean over pictures, so that pictures of two sweeps can be compared one by one.
pub fn is_mean(gauge: SweepMeasure) -> bool {
    gauge != SweepMeasure::ErrorConsistency
}

/// A study in a few words.
pub fn called(study: &Study<'_>) -> String {
    let sweep = &study.state.sweep;
    format!("{}, {}, {}", study.name, within(sweep.experiment.pruning.criterion.info().title), sweep.set.so_many(sweep.images))
}

/// A sparsity for a reader.
pub fn percent(sparsity: Sparsity) -> String {
    format!("{:.1} %", sparsity.get() * 100.0)
}

/// How far human alignment is among what is looked at.
pub fn of_alignment(studies: &[Study<'_>]) -> &'static str {
    let has = |gauge: SweepMeasure| studies.iter().any(|study| study.state.sweep.measures.contains(&gauge));
    match (has(SweepMeasure::CategoryAccuracy), has(SweepMeasure::ErrorConsistency)) {
        (_, true) => "Human alignment is error consistency with people, and accuracy on the pictures they saw.",
        (true, false) => {
            "Human alignment is accuracy in 16 categories on the recognition experiment\u{2019}s pictures; error consistency takes people\u{2019}s \
             answers, which are not part of the page, but can be had with a pack."
        }
        _ => "Nothing is said of human alignment: it is not among the measures of these sweeps.",
    }
}

/// The measure that stands for an axis: the paper's first, or whatever there is.
pub fn leading(study: &Study<'_>, axis: Axis) -> Option<SweepMeasure> {
    let state = study.state;
    let wished = match axis {
        Axis::Interpretability => SweepMeasure::Map(Measure::RelevanceMass),
        Axis::Discovery => SweepMeasure::CorLoc(Finder::Lost),
        Axis::Alignment => SweepMeasure::CategoryAccuracy,
        _ => study.summary.kept()?,
    };
    let has = |gauge: &SweepMeasure| state.sweep.measures.contains(gauge);
    Some(wished).filter(has).or_else(|| axes(state).find(|gauge| gauge.info().axis == axis && is_mean(*gauge)))
}

/// A measure's distance from dense as a line.
pub fn gain_line(study: &Study<'_>, gauge: SweepMeasure, name: String) -> Series {
    let point = |line: &Line| match line.sparsity {
        dense if dense.is_zero() => Point { value: Some(0.0), ..Point::default() },
        sparsity => {
            let difference = line.difference;
            Point {
                sparsity: sparsity.get(),
                value: difference.map(|d| d.mean),
                band: difference.and_then(|d| d.low.zip(d.high)),
                seeds: None,
            }
        }
    };
    let spots = study.summary.spots.iter().filter(|spot| spot.measure == gauge).map(|spot| spot.sparsity.get()).collect();
    Series { name, right: false, points: study.summary.of_gauge(gauge).map(point).collect(), spots }
}
