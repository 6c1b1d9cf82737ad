//! A layer's weights before and after pruning, as two histograms over the same bins.

use leptos::prelude::*;

use super::curve::label;
use super::table::{table, words};
use crate::text;
use sweetspot_protocol::LayerWeights;

/// The drawing's size and the room around the plot, in its own units.
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 190.0;
const LEFT: f32 = 48.0;
const RIGHT: f32 = 8.0;
const TOP: f32 = 8.0;
const BOTTOM: f32 = 36.0;
const WIDE: f32 = WIDTH - LEFT - RIGHT;
const HIGH: f32 = HEIGHT - TOP - BOTTOM;

/// The histograms with the threshold, and the numbers in a table.
pub fn histogram(layer: &LayerWeights) -> AnyView {
    let LayerWeights { dense, kept, range, threshold, .. } = layer;
    let most = dense.iter().chain(kept).copied().max().unwrap_or(1).max(1);
    // Bins around zero hold thousands, those at the ends a few.
    let y = |count: u32| TOP + (1.0 - (1.0 + count as f32).ln() / (1.0 + most as f32).ln()) * HIGH;
    let x = |share: f32| LEFT + share * WIDE;
    let bins = dense.len().max(1) as f32;
    let outline = |class: &'static str, counts: &[u32]| {
        let mut path = format!("M{LEFT} {:.1}", TOP + HIGH);
        for (at, count) in counts.iter().enumerate() {
            path += &format!("V{:.1}H{:.1}", y(*count), x((at + 1) as f32 / bins));
        }
        path += &format!("V{:.1}Z", TOP + HIGH);
        view! { <path class=class d=path></path> }
    };
    let line = |class: &'static str, from: (f32, f32), to: (f32, f32)| {
        view! { <path class=class d=format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1)></path> }
    };
    let value = |weight: f32| text::value(f64::from(weight));
    let below = threshold.map(|weight| format!("All up to {} (dashed) are gone.", value(weight))).unwrap_or_default();
    let end = value(*range);
    let says = format!("Weights from \u{2212}{end} to {end}, dense and left after pruning. {below} The numbers are in the table below.");
    let counts = [most, (f64::from(most).sqrt().round() as u32).max(1), 0].map(|count| {
        let words = label(text::count(count as usize), LEFT - 6.0, y(count) + 4.0, "end");
        view! { {line("rule", (LEFT, y(count)), (WIDTH - RIGHT, y(count)))} {words} }
    });
    let thresholds = threshold.iter().flat_map(|weight| [-*weight, *weight]).map(|weight| {
        let at = x((weight / range + 1.0) / 2.0);
        line("threshold", (at, TOP), (at, TOP + HIGH))
    });
    let foot = TOP + HIGH + 14.0;
    let edge = |at: usize| value(range * (2.0 * at as f32 / bins - 1.0));
    let row = |(at, (dense, kept)): (usize, (&u32, &u32))| {
        vec![format!("{} to {}", edge(at), edge(at + 1)), text::count(*dense as usize), text::count(*kept as usize)]
    };
    let rows = words(dense.iter().zip(kept).enumerate().map(row).collect());
    view! {
        <figure>
            <svg class="curve histogram" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" data-testid="histogram">
                <title>"Weights by their value"</title>
                <desc>{says}</desc>
                {counts.collect_view()}
                {outline("all", dense)}
                {outline("left-over", kept)}
                {thresholds.collect_view()}
                {label(format!("\u{2212}{end}"), LEFT, foot, "start")}
                {label("0".into(), x(0.5), foot, "middle")}
                {label(end, WIDTH - RIGHT, foot, "end")}
                {label("weight; bars: how many, on a logarithmic scale".into(), x(0.5), HEIGHT - 4.0, "middle")}
            </svg>
            <figcaption>
                <span class="key all" aria-hidden="true"></span> " dense " <span class="key left-over" aria-hidden="true"></span>
                " left after pruning. " {below}
            </figcaption>
        </figure>
        <details class="numbers">
            <summary>"As numbers"</summary>
            {table("Weights by their value", "", &["Weights from", "Dense", "Left"], rows)}
        </details>
    }
    .into_any()
}
