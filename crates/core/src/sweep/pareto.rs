//! Pareto fronts: the sparsities that no other one beats in everything at once.

use super::summary::Summary;
use super::sweep_measure::SweepMeasure;
use crate::error::{Error, Result};
use crate::metrics::measure::Better;
use crate::sparsity::Sparsity;

/// Whether a point is at least as good as another in everything, and better in something. `better` says which way each value is better.
fn beats(one: &[f64], other: &[f64], better: &[Better]) -> bool {
    let gain = |((a, b), better): ((&f64, &f64), &Better)| if *better == Better::Lower { b - a } else { a - b };
    let mut gains = one.iter().zip(other).zip(better).map(gain);
    let mut some = false;
    gains.all(|gain| {
        some |= gain > 0.0;
        gain >= 0.0
    }) && some
}

/// The places of the points that none beats, in order. Points with a value that is not finite are passed over.
pub fn front(points: &[Vec<f64>], better: &[Better]) -> Vec<usize> {
    let whole = |point: &Vec<f64>| point.iter().all(|value| value.is_finite());
    let on = |point: &Vec<f64>| whole(point) && !points.iter().any(|other| whole(other) && beats(other, point, better));
    (0..points.len()).filter(|at| on(&points[*at])).collect()
}

/// Checks that there are two or three measures, each with a better way.
pub fn check(gauges: &[SweepMeasure]) -> Result<()> {
    if !(2..=3).contains(&gauges.len()) {
        return Err(Error::bad_value("the number of measures of a Pareto front", gauges.len(), "2 or 3"));
    }
    if let Some(gauge) = gauges.iter().find(|gauge| gauge.info().better == Better::Neither) {
        return Err(Error::bad_value("a measure of a Pareto front", gauge.id(), "one that has a better way; this one describes"));
    }
    Ok(())
}

/// The sparsities of a sweep on the front of two or three measures, dense among them.
pub fn front_of(summary: &Summary, gauges: &[SweepMeasure]) -> Result<Vec<Sparsity>> {
    check(gauges)?;
    let better: Vec<Better> = gauges.iter().map(|gauge| gauge.info().better).collect();
    let value = |gauge: &SweepMeasure, sparsity| summary.line(*gauge, sparsity).and_then(|line| line.value).unwrap_or(f64::NAN);
    let points: Vec<Vec<f64>> =
        summary.sparsities.iter().map(|sparsity| gauges.iter().map(|gauge| value(gauge, *sparsity)).collect()).collect();
    Ok(front(&points, &better).into_iter().map(|at| summary.sparsities[at]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_holds_what_none_beats() {
        let points = [vec![0.9, 100.0], vec![0.9, 80.0], vec![0.8, 60.0], vec![0.7, 70.0], vec![f64::NAN, 1.0]];
        assert_eq!(front(&points, &[Better::Higher, Better::Lower]), [1, 2]);
        // Equal points do not beat each other.
        assert_eq!(front(&[vec![1.0, 1.0], vec![1.0, 1.0]], &[Better::Higher, Better::Lower]), [0, 1]);
    }
}
