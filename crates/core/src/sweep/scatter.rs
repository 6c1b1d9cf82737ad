//! Two measures against each other: a point for each sparsity, with the Pareto front marked.

use super::chart::{Ticks, escape, put, ring, sheet};
use super::pareto::front_of;
use super::summary::Summary;
use super::sweep_measure::SweepMeasure;
use crate::error::Result;
use crate::sparsity::Sparsity;
use crate::words::within;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 56.0;

/// A drawing of two measures against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// The measures, across and up.
    pub gauges: [SweepMeasure; 2],
    /// The sparsities with a value in both, and these values.
    pub points: Vec<(Sparsity, [f64; 2])>,
    /// The sparsities that no other one beats in both.
    pub front: Vec<Sparsity>,
}

impl Scatter {
    /// The drawing of a sweep. Fails where a measure has no better way.
    pub fn of(summary: &Summary, gauges: [SweepMeasure; 2]) -> Result<Self> {
        let front = front_of(summary, &gauges)?;
        let value = |gauge, sparsity| summary.line(gauge, sparsity).and_then(|line| line.value);
        let point = |sparsity: &Sparsity| Some((*sparsity, [value(gauges[0], *sparsity)?, value(gauges[1], *sparsity)?]));
        Ok(Self { gauges, points: summary.sparsities.iter().filter_map(point).collect(), front })
    }

    /// What it shows, in words.
    pub fn says(&self) -> String {
        let [across, up] = self.gauges.map(|gauge| gauge.info());
        let front: Vec<String> = self
            .points
            .iter()
            .filter(|(sparsity, _)| self.front.contains(sparsity))
            .map(|(sparsity, [x, y])| format!("{} ({} and {})", sparsity.percent(), across.unit.write(*x), up.unit.write(*y)))
            .collect();
        match front.is_empty() {
            true => "No sparsity has a value in both.".into(),
            false => format!(
                "Of {} sparsities, no other one is better in both {} and {} than these: {}.",
                self.points.len(),
                within(across.title),
                within(up.title),
                front.join(", ")
            ),
        }
    }

    /// The drawing as SVG: with its look for a file, without for a page that has it.
    pub fn svg(&self, styled: bool) -> String {
        let [across, up] = self.gauges.map(|gauge| gauge.info());
        let (xs, ys) = (Ticks::of(self.points.iter().map(|p| p.1[0])), Ticks::of(self.points.iter().map(|p| p.1[1])));
        let x = |value: f64| LEFT + (value - xs.low) / (xs.high - xs.low) * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| TOP + (ys.high - value) / (ys.high - ys.low) * (HEIGHT - TOP - BOTTOM);
        let (end, floor) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let title = format!("{} and {}", up.title, within(across.title));
        let mut text = format!("<text x=\"{}\" y=\"20\" text-anchor=\"middle\" font-size=\"15\">{}</text>", WIDTH / 2.0, escape(&title));
        for (value, words) in ys.labels() {
            let y = y(value);
            put(&mut text, format_args!("<path class=\"grid\" d=\"M{LEFT} {y:.1}H{end}\"/>"));
            put(
                &mut text,
                format_args!("<text class=\"minor\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{words}</text>", LEFT - 6.0, y + 4.0),
            );
        }
        for (value, words) in xs.labels() {
            let x = x(value);
            put(&mut text, format_args!("<path class=\"grid\" d=\"M{x:.1} {TOP}V{floor}\"/>"));
            put(&mut text, format_args!("<text class=\"minor\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{words}</text>", floor + 18.0));
        }
        put(&mut text, format_args!("<path class=\"axis\" d=\"M{LEFT} {TOP}V{floor}H{end}\"/>"));
        let middle = (TOP + floor) / 2.0;
        put(
            &mut text,
            format_args!(
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                (LEFT + end) / 2.0,
                floor + 38.0,
                escape(across.title)
            ),
        );
        put(
            &mut text,
            format_args!(
                "<text x=\"16\" y=\"{middle}\" transform=\"rotate(-90 16 {middle})\" text-anchor=\"middle\">{}</text>",
                escape(up.title)
            ),
        );
        let path: Vec<String> = self.points.iter().map(|(_, [a, b])| format!("{:.1} {:.1}", x(*a), y(*b))).collect();
        if path.len() > 1 {
            put(&mut text, format_args!("<path class=\"line\" stroke=\"var(--sr)\" d=\"M{}\"/>", path.join("L")));
        }
        let mut labelled: Vec<(f64, f64)> = Vec::new();
        for (sparsity, [a, b]) in &self.points {
            let (x, y) = (x(*a), y(*b));
            let on = self.front.contains(sparsity);
            put(&mut text, format_args!("<circle fill=\"var(--s{})\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>", if on { 0 } else { 1 }));
            if on {
                text.push_str(&ring(x, y));
                // No label over another one; the words have them all.
                if labelled.iter().all(|(other, above)| (other - x).abs() > 44.0 || (above - y).abs() > 14.0) {
                    labelled.push((x, y));
                    let (x, y) = (x + 10.0, y - 6.0);
                    put(&mut text, format_args!("<text class=\"minor\" x=\"{x:.1}\" y=\"{y:.1}\">{:.1} %</text>", sparsity.get() * 100.0));
                }
            }
        }
        sheet("sweep-pareto", &title, &self.says(), [WIDTH, HEIGHT], &text, styled)
    }
}
