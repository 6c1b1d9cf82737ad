//! The charts of a sweep: each measure with accuracy beside it, several sweeps over each other, and an overview with a row for each axis.

use super::chart::{Across, Chart, Point, Series, small_multiples};
use super::spots;
use super::summary::{Line, Summary};
use super::sweep_measure::{Axis, SweepMeasure};
use crate::sparsity::Sparsity;

/// The chart of a measure: with its band, dense as a line across, what must be kept on the second axis, sweet spots marked.
pub fn chart(summary: &Summary, gauge: SweepMeasure, across: Across) -> Chart {
    overlay(&[("", summary)], gauge, across)
}

/// The same of several sweeps over each other, each with its name. Dense is that of the first.
pub fn overlay(sweeps: &[(&str, &Summary)], gauge: SweepMeasure, across: Across) -> Chart {
    let info = gauge.info();
    let named = |name: &str, title: &str| match name.is_empty() {
        true => title.to_string(),
        false => format!("{name}: {title}"),
    };
    let (mut series, mut says, mut right) = (Vec::new(), Vec::new(), "");
    for (name, summary) in sweeps {
        let spots: Vec<f64> = summary.spots.iter().filter(|spot| spot.measure == gauge).map(|spot| spot.sparsity.get()).collect();
        series.push(Series { spots, ..of(summary, gauge, named(name, info.title)) });
        says.push(named(name, &words(summary, gauge)));
        if let Some(kept) = summary.kept().filter(|kept| *kept != gauge) {
            right = kept.info().title;
            series.push(Series { right: true, ..of(summary, kept, named(name, right)) });
        }
    }
    Chart {
        id: format!("sweep-{}", info.id.replace('_', "-")),
        title: format!("{} against sparsity", info.title),
        says: says.join(" "),
        across,
        left: info.title.into(),
        right: right.into(),
        dense: sweeps.first().and_then(|(_, summary)| summary.line(gauge, Sparsity::ZERO)?.value),
        from: 0.0,
        series,
    }
}

/// An overview: a row for each axis of the paper's question that anything was measured of.
pub fn overview(summary: &Summary, gauges: &[SweepMeasure], across: Across) -> String {
    let row = |axis: Axis| {
        let charts: Vec<Chart> =
            gauges.iter().filter(|gauge| gauge.info().axis == axis).map(|gauge| chart(summary, *gauge, across)).collect();
        (!charts.is_empty()).then(|| (axis.title().to_string(), charts))
    };
    let rows: Vec<(String, Vec<Chart>)> = Axis::ALL.into_iter().filter_map(row).collect();
    small_multiples("sweep-overview", "The sweep at a glance", &rows)
}

/// A measure as a line. The band is the interval over pictures, with a bar for several seeds; where there is no interval, that of seeds.
fn of(summary: &Summary, gauge: SweepMeasure, name: String) -> Series {
    let point = |line: &Line| {
        let band = line.low.zip(line.high);
        Point { sparsity: line.sparsity.get(), value: line.value, band: band.or(line.seeds), seeds: line.seeds.filter(|_| band.is_some()) }
    };
    Series { name, right: false, points: summary.of_gauge(gauge).map(point).collect(), spots: Vec::new() }
}

/// What a chart shows, in words.
fn words(summary: &Summary, gauge: SweepMeasure) -> String {
    let unit = gauge.info().unit;
    let known: Vec<(&Line, f64)> = summary.of_gauge(gauge).filter_map(|line| Some((line, line.value?))).collect();
    let at = |(line, value): &(&Line, f64)| format!("{} at {}", unit.write(*value), line.sparsity.percent());
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return "no value at any sparsity.".into();
    };
    let ends = known
        .iter()
        .fold((first, first), |(low, high), one| (if one.1 < low.1 { one } else { low }, if one.1 > high.1 { one } else { high }));
    let verdict = spots::verdict(summary, gauge).map_or(String::new(), |verdict| format!(" {verdict}"));
    format!("{} sparsities; {}, smallest {}, largest {}, {}.{verdict}", known.len(), at(first), at(ends.0), at(ends.1), at(last))
}
