//! From cells to a summary: a line for each measure and sparsity, with intervals and corrected probabilities.

use crate::sparsity::Sparsity;
use crate::statistics::bootstrap::{Bootstrap, Interval};
use crate::statistics::holm::holm;
use crate::statistics::moments::mean;
use crate::sweep::cells::State;
use crate::sweep::paired::Paired;
use crate::sweep::people::Kappa;
use crate::sweep::spots;
use crate::sweep::summary::{Difference, Line, Rule, Summary};
use crate::sweep::sweep_measure::Needs;
use crate::sweep::sweep_measure::SweepMeasure;
use std::collections::HashMap;

impl Summary {
    /// Reckons what a state says, over the sparsities that are done.
    pub fn of(state: &State, rule: Rule) -> Self {
        Self::with_lines(state, rule, SummaryCache::new(rule).lines(state))
    }

    /// What a state says by lines that were reckoned of it before; the rule's resamples and seed must be those of the lines.
    pub fn with_lines(state: &State, rule: Rule, lines: Vec<Line>) -> Self {
        let (sparsities, missing): (Vec<Sparsity>, Vec<Sparsity>) =
            state.sweep.sparsities.iter().partition(|sparsity| state.is_complete(**sparsity));
        let pictures = state.source.pictures.len();
        let mut summary = Self { rule, pictures, sparsities, missing, lines, spots: Vec::new(), notes: Vec::new(), verdicts: Vec::new() };
        summary.spots = spots::find(&summary);
        summary.notes = spots::notes(&summary, state);
        summary.verdicts = state.sweep.measures.iter().filter_map(|gauge| spots::verdict(&summary, *gauge)).collect();
        summary
    }
}

/// Reckons lines again and again while a state grows, each but once.
pub struct SummaryCache {
    bootstrap: Bootstrap,
    /// Lines of what is done, before Holm's correction.
    known: HashMap<(SweepMeasure, Sparsity), Line>,
    /// Error consistency of the dense networks, a seed each, with all its draws: every sparsity is compared with it.
    dense: Option<Vec<Kappa>>,
}

impl SummaryCache {
    /// A reckoner with a rule's resamples and seed.
    pub fn new(rule: Rule) -> Self {
        Self { bootstrap: Bootstrap::new(rule.seed, rule.resamples), known: HashMap::new(), dense: None }
    }

    /// The lines of every measure over the sparsities that are done. The state must be the same as before, or have grown.
    pub fn lines(&mut self, state: &State) -> Vec<Line> {
        let done: Vec<Sparsity> = state.sweep.sparsities.iter().copied().filter(|sparsity| state.is_complete(*sparsity)).collect();
        // Without dense nothing is compared yet, which is not to be kept.
        let whole = done.first() == Some(&Sparsity::ZERO);
        let mut lines = Vec::with_capacity(state.sweep.measures.len() * done.len());
        for gauge in &state.sweep.measures {
            let mut own: Vec<Line> = Vec::with_capacity(done.len());
            for sparsity in &done {
                let key = (*gauge, *sparsity);
                let line = match self.known.get(&key) {
                    Some(line) => line.clone(),
                    None => line(state, *gauge, *sparsity, &mut self.bootstrap, &mut self.dense),
                };
                if whole {
                    self.known.entry(key).or_insert_with(|| line.clone());
                }
                own.push(line);
            }
            correct(&mut own);
            lines.append(&mut own);
        }
        lines
    }
}

/// A line before Holm's correction.
pub fn line(state: &State, measure: SweepMeasure, sparsity: Sparsity, bootstrap: &mut Bootstrap, dense: &mut Option<Vec<Kappa>>) -> Line {
    let seeds = &state.sweep.seeds;
    let reached: Vec<f64> = seeds.iter().filter_map(|seed| state.network(*seed, sparsity)).map(|network| network.sparsity()).collect();
    let blank = Line {
        measure,
        sparsity,
        reached: mean(&reached).unwrap_or(sparsity.get()),
        value: None,
        n: 0,
        undefined: 0,
        reason: None,
        low: None,
        high: None,
        seeds: None,
        difference: None,
    };
    if measure.info().needs == Needs::Network {
        let cost = |seed: &u64| {
            let network = state.network(*seed, sparsity)?;
            Some(if measure == SweepMeasure::StoredBytes { network.stored_bytes as f64 } else { network.multiply_accumulates as f64 })
        };
        let costs: Vec<f64> = seeds.iter().filter_map(cost).collect();
        return Line { value: mean(&costs), n: costs.len(), seeds: range(&costs), ..blank };
    }
    let by_seed: Vec<Vec<Option<f64>>> = seeds.iter().filter_map(|seed| state.values(measure, *seed, sparsity)).collect();
    if measure == SweepMeasure::ErrorConsistency {
        return consistency(state, &by_seed, bootstrap, dense, blank);
    }
    let of_picture = |at: usize| mean(&by_seed.iter().filter_map(|values| values[at]).collect::<Vec<_>>());
    let values: Vec<f64> = (0..state.source.pictures.len()).filter_map(of_picture).collect();
    let means: Vec<f64> = by_seed.iter().filter_map(|values| mean(&values.iter().copied().flatten().collect::<Vec<_>>())).collect();
    let interval = bootstrap.interval(&values);
    let undefined = state.source.pictures.len() - values.len();
    Line {
        value: mean(&values),
        n: values.len(),
        undefined,
        reason: seeds.iter().find_map(|seed| state.reason(measure, *seed, sparsity)).filter(|_| undefined > 0).map(Into::into),
        low: interval.map(|i| i.low),
        high: interval.map(|i| i.high),
        seeds: if by_seed.len() > 1 { range(&means) } else { None },
        difference: difference(state, measure, sparsity, bootstrap),
        ..blank
    }
}

/// The line of error consistency, which is no mean over pictures.
pub fn consistency(
    state: &State,
    by_seed: &[Vec<Option<f64>>],
    bootstrap: &mut Bootstrap,
    known: &mut Option<Vec<Kappa>>,
    blank: Line,
) -> Line {
    let Some(people) = &state.source.people else { return Line { undefined: state.source.pictures.len(), ..blank } };
    let here: Vec<Kappa> = by_seed.iter().filter_map(|rights| people.kappa(rights, bootstrap)).collect();
    let n = (0..state.source.pictures.len()).filter(|at| by_seed.iter().any(|rights| rights[*at].is_some())).count();
    let undefined = state.source.pictures.len() - n;
    let why = || state.sweep.seeds.iter().find_map(|seed| state.reason(blank.measure, *seed, blank.sparsity));
    let reason = why().filter(|_| undefined > 0).map(Into::into);
    let Some(whole) = Kappa::mean(&here) else { return Line { undefined, reason, ..blank } };
    let interval = whole.interval();
    let difference = |there: &Vec<Kappa>| {
        let dense: Vec<Vec<Option<f64>>> =
            state.sweep.seeds.iter().filter_map(|seed| state.values(blank.measure, *seed, Sparsity::ZERO)).collect();
        let comparable = there.len() == here.len() && dense.len() == by_seed.len();
        let (with, without) = (Kappa::mean(there)?, |a: &Option<f64>, b: &Option<f64>| a.is_some() && b.is_none());
        let pictures = 0..state.source.pictures.len();
        let moved = pictures.clone().filter(|at| (0..dense.len()).any(|s| dense[s][*at] != by_seed[s][*at])).count();
        let lost = pictures.filter(|at| (0..dense.len()).any(|s| without(&dense[s][*at], &by_seed[s][*at]))).count();
        let test = whole.beyond(&with, moved);
        // A picture whose answer is no number is wrong, not lost; where any is lost all the same, nothing is claimed.
        let p = if lost > 0 { 1.0 } else { test.p };
        comparable.then(|| Difference {
            mean: test.mean,
            low: test.interval.map(|i| i.low),
            high: test.interval.map(|i| i.high),
            pairs: n,
            lost,
            p,
            adjusted: p,
            every_seed: here.iter().zip(there).all(|(here, there)| here.value > there.value),
        })
    };
    let values: Vec<f64> = here.iter().map(|one| one.value).collect();
    let is_dense = blank.sparsity.is_zero();
    let line = Line {
        value: Some(whole.value),
        n,
        undefined,
        reason,
        low: interval.map(|i| i.low),
        high: interval.map(|i| i.high),
        seeds: range(&values),
        difference: if is_dense { None } else { known.as_ref().and_then(difference) },
        ..blank
    };
    if is_dense {
        *known = Some(here);
    }
    line
}

/// The difference from dense, before Holm's correction.
pub fn difference(state: &State, gauge: SweepMeasure, sparsity: Sparsity, bootstrap: &mut Bootstrap) -> Option<Difference> {
    if sparsity.is_zero() || !gauge.is_repeatable() {
        return None;
    }
    let paired = Paired::of(state, gauge, sparsity)?;
    let differences = paired.compared();
    let test = bootstrap.test(&differences)?;
    let p = match paired.lost {
        0 => test.p,
        _ => {
            let all = bootstrap.test(&paired.with_lost())?;
            // A loss in the mean is surer with them, a gain is none unless it outlasts them.
            if paired.gain(test.mean) > 0.0 && paired.gain(all.mean) <= 0.0 { 1.0 } else { all.p }
        }
    };
    Some(Difference {
        mean: test.mean,
        low: test.interval.map(|i: Interval| i.low),
        high: test.interval.map(|i| i.high),
        pairs: differences.len(),
        lost: paired.lost,
        p,
        adjusted: p,
        every_seed: paired.seeds.iter().all(|mean| mean.is_some_and(|mean| paired.gain(mean) > 0.0)),
    })
}

/// Holm's correction over the sparsities of one measure.
pub fn correct(lines: &mut [Line]) {
    let tested: Vec<&mut Difference> = lines.iter_mut().filter_map(|line| line.difference.as_mut()).collect();
    let adjusted = holm(&tested.iter().map(|difference| difference.p).collect::<Vec<_>>());
    tested.into_iter().zip(adjusted).for_each(|(difference, p)| difference.adjusted = p);
}

/// The smallest and the largest of several values.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let ends = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    (values.len() > 1).then_some(ends)
}
