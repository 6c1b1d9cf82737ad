//! The axes interplay.

use std::collections::BTreeSet;

use crate::metrics::spearman::spearman;
use crate::statistics::bootstrap::{Bootstrap, Interval, interval_of};
use crate::sweep::cells::State;
use crate::sweep::chart::{Across, Chart, Series, small_multiples};
use crate::sweep::findings::study::{Claim, Study, Verdict, axes, called, gain_line, leading, of_alignment};
use crate::sweep::sweep_measure::{Axis, SweepMeasure};
use crate::words::within;

/// Resamples of correlations, each of which takes all sparsities.
const RESAMPLES: usize = 1000;

/// The axes interplay: whether what is good on one axis is good on another, over the sparsities of each network.
pub fn claim(studies: &[Study<'_>]) -> Claim {
    let mut rows = Vec::new();
    let mut signs = Vec::new();
    let pairs = [
        (Axis::Interpretability, Axis::Discovery),
        (Axis::Interpretability, Axis::Alignment),
        (Axis::Discovery, Axis::Alignment),
        (Axis::Interpretability, Axis::Task),
        (Axis::Discovery, Axis::Task),
        (Axis::Alignment, Axis::Task),
    ];
    for study in studies {
        let of = |axis| leading(study, axis);
        for (one, other) in pairs {
            let (Some(a), Some(b)) = (of(one), of(other)) else { continue };
            // Accuracy is no axis of the paper. Whatever falls with it falls together, so that it is held where two axes are compared.
            let held = if other == Axis::Task { None } else { of(Axis::Task) };
            for held in [None, held].into_iter().take(if held.is_some() { 2 } else { 1 }) {
                let Some((rho, low, high)) = correlation(study.state, a, b, held) else { continue };
                let with = held.map_or_else(String::new, |held| format!(", {} held", within(held.info().title)));
                if held.is_some() {
                    signs.push(if low > 0.0 {
                        1
                    } else if high < 0.0 {
                        -1
                    } else {
                        0
                    });
                }
                rows.push(vec![
                    called(study),
                    format!("{} and {}{with}", a.info().title, b.info().title),
                    format!("{rho:.2} ({low:.2} to {high:.2})"),
                    study.summary.sparsities.len().to_string(),
                    study.state.source.pictures.len().to_string(),
                    study.state.sweep.seeds.len().to_string(),
                ]);
            }
        }
    }
    let told = signs.iter().filter(|sign| **sign != 0).count();
    let verdict = match (signs.len(), told) {
        (0 | 1, _) => Verdict::CannotTell,
        (all, told) if 2 * told > all => Verdict::Yes,
        (_, 0) => Verdict::No,
        _ => Verdict::CannotTell,
    };
    let (up, down) = (signs.iter().filter(|sign| **sign > 0).count(), signs.iter().filter(|sign| **sign < 0).count());
    let because = vec![
        format!(
            "With accuracy (or agreement with dense, where few pictures are labelled) held, two of the paper\u{2019}s axes go together over the sparsities beyond chance in {told} of {} pairs of axes of a \
             sweep: in {up} both rise and fall together, in {down} one rises where the other falls (partial rank correlation, bootstrap over \
             pictures).",
            signs.len()
        ),
        "A network that is pruned until it answers nothing falls on every axis at once; a correlation over all sparsities holds that, too."
            .into(),
        of_alignment(studies).into(),
    ];
    let heads = ["Network, criterion and pictures", "Axes", "Rank correlation (95 % interval)", "Sparsities", "Images", "Seeds"]
        .map(String::from)
        .to_vec();
    Claim { claim: "The axes interplay.".into(), verdict, because, heads, rows, figure: together(studies) }
}

/// The rank correlation of two measures' means over the sparsities, with a third one held if there is one, and its interval over pictures.
fn correlation(state: &State, one: SweepMeasure, other: SweepMeasure, held: Option<SweepMeasure>) -> Option<(f64, f64, f64)> {
    let values = |gauge: SweepMeasure| -> Option<Vec<Vec<Option<f64>>>> {
        let seed = *state.sweep.seeds.first()?;
        state.sweep.sparsities.iter().map(|sparsity| state.values(gauge, seed, *sparsity)).collect()
    };
    let all: Vec<Vec<Vec<Option<f64>>>> = [Some(one), Some(other), held].into_iter().flatten().map(values).collect::<Option<_>>()?;
    if state.sweep.sparsities.len() < 5 {
        return None;
    }
    let count = state.source.pictures.len();
    let means = |all: &[Vec<Option<f64>>], drawn: &[u32]| -> Option<Vec<f64>> {
        let of = |values: &Vec<Option<f64>>| {
            let (sum, count) =
                drawn.iter().filter_map(|at| values[*at as usize]).fold((0.0, 0_usize), |(sum, count), v| (sum + v, count + 1));
            (count > 0).then(|| sum / count as f64)
        };
        all.iter().map(of).collect()
    };
    let rho = |drawn: &[u32]| {
        let means: Vec<Vec<f64>> = all.iter().map(|values| means(values, drawn)).collect::<Option<_>>()?;
        match means.as_slice() {
            [a, b] => spearman(a, b),
            [a, b, c] => partial(spearman(a, b)?, spearman(a, c)?, spearman(b, c)?),
            _ => None,
        }
    };
    let whole: Vec<u32> = (0..count as u32).collect();
    let middle = rho(&whole)?;
    let mut bootstrap = Bootstrap::new(0, RESAMPLES);
    let draws = bootstrap.draws(count);
    let Interval { low, high } = interval_of(draws.chunks_exact(count).filter_map(rho).collect())?;
    Some((middle, low, high))
}

/// The correlation of two things that is left when a third one is held, of the three correlations; none where that one settles everything.
fn partial(both: f64, one: f64, other: f64) -> Option<f64> {
    let left = (1.0 - one * one) * (1.0 - other * other);
    (left > 1e-12).then(|| (both - one * other) / left.sqrt())
}

/// The leading measure of each axis beside accuracy, as distances from dense, a chart a sweep.
fn together(studies: &[Study<'_>]) -> String {
    let chart = |(at, study): (usize, &Study<'_>)| {
        let gauges = [Axis::Interpretability, Axis::Discovery, Axis::Alignment, Axis::Task].map(|axis| leading(study, axis));
        let series: Vec<Series> = gauges.into_iter().flatten().map(|gauge| gain_line(study, gauge, gauge.info().title.into())).collect();
        Chart {
            id: format!("sweep-claim-interplay-{at}"),
            title: called(study),
            says: format!("{} measures over {} sparsities.", series.len(), study.summary.sparsities.len()),
            across: Across::LogDensity,
            left: "Difference from dense".into(),
            right: String::new(),
            dense: Some(0.0),
            from: 0.0,
            series,
        }
    };
    // A sweep of measures of one axis has nothing to set beside each other.
    let axes_of = |study: &&Study<'_>| axes(study.state).map(|gauge| gauge.info().axis).collect::<BTreeSet<_>>();
    let charts: Vec<Chart> = studies.iter().filter(|study| axes_of(study).len() > 1).enumerate().map(chart).collect();
    let rows: Vec<(String, Vec<Chart>)> = charts.chunks(3).map(|charts| (String::new(), charts.to_vec())).collect();
    small_multiples("sweep-claim-interplay", "The axes over sparsity", &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_third_one_explains_is_taken_out() {
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap_or(f64::NAN) - b).abs() < 1e-12, "{a:?} {b}");
        // Two that follow a third and nothing else: 0.8 and 0.5 give 0.4 between them, of which nothing is left.
        near(partial(0.4, 0.8, 0.5), 0.0);
        near(partial(0.5, 0.0, 0.0), 0.5);
        assert_eq!(partial(0.9, 1.0, 0.9), None);
    }
}
