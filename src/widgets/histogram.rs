//! A layer's weights before and after pruning, as two histograms over the same bins.

use super::markup::{Html, table};
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
pub fn histogram(layer: &LayerWeights) -> Html {
    let LayerWeights { dense, kept, range, threshold, .. } = layer;
    let most = dense.iter().chain(kept).copied().max().unwrap_or(1).max(1);
    // Bins around zero hold thousands, those at the ends a few.
    let y = |count: u32| TOP + (1.0 - (1.0 + count as f32).ln() / (1.0 + most as f32).ln()) * HIGH;
    let x = |share: f32| LEFT + share * WIDE;
    let bins = dense.len().max(1) as f32;
    let outline = |class: &str, counts: &[u32]| {
        let mut path = format!("M{LEFT} {:.1}", TOP + HIGH);
        for (at, count) in counts.iter().enumerate() {
            path += &format!("V{:.1}H{:.1}", y(*count), x((at + 1) as f32 / bins));
        }
        path += &format!("V{:.1}Z", TOP + HIGH);
        Html::tag("path", &[("class", class), ("d", &path)], Html::default())
    };
    let line = |class: &str, from: (f32, f32), to: (f32, f32)| {
        let path = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
        Html::tag("path", &[("class", class), ("d", &path)], Html::default())
    };
    let label = |words: &str, x: f32, y: f32, anchor: &str| {
        let place = [("class", "tick-text"), ("x", &*x.to_string()), ("y", &*y.to_string()), ("text-anchor", anchor)];
        Html::tag("text", &place, Html::text(words))
    };
    let value = |weight: f32| text::value(f64::from(weight));
    let below = threshold.map(|weight| format!("All up to {} (dashed) are gone.", value(weight))).unwrap_or_default();
    let end = value(*range);
    let says = format!("Weights from \u{2212}{end} to {end}, dense and left after pruning. {below} The numbers are in the table below.");
    let mut parts = vec![Html::around("title", "Weights by their value"), Html::around("desc", &says)];
    for count in [most, (f64::from(most).sqrt().round() as u32).max(1), 0] {
        parts.push(line("rule", (LEFT, y(count)), (WIDTH - RIGHT, y(count))));
        parts.push(label(&text::count(count as usize), LEFT - 6.0, y(count) + 4.0, "end"));
    }
    parts.push(outline("all", dense));
    parts.push(outline("left-over", kept));
    for weight in threshold.iter().flat_map(|weight| [-*weight, *weight]) {
        let at = x((weight / range + 1.0) / 2.0);
        parts.push(line("threshold", (at, TOP), (at, TOP + HIGH)));
    }
    let foot = TOP + HIGH + 14.0;
    parts.push(label(&format!("\u{2212}{end}"), LEFT, foot, "start"));
    parts.push(label("0", x(0.5), foot, "middle"));
    parts.push(label(&end, WIDTH - RIGHT, foot, "end"));
    parts.push(label("weight; bars: how many, on a logarithmic scale", x(0.5), HEIGHT - 4.0, "middle"));
    let box_ = format!("0 0 {WIDTH} {HEIGHT}");
    let drawing = [("class", "curve histogram"), ("viewBox", &*box_), ("role", "img"), ("data-testid", "histogram")];
    let key = |class: &str| Html::tag("span", &[("class", class), ("aria-hidden", "true")], Html::default());
    let caption = key("key all").and(" dense ").with(key("key left-over")).and(" left after pruning. ").and(&below);
    let edge = |at: usize| value(range * (2.0 * at as f32 / bins - 1.0));
    let row = |(at, (dense, kept)): (usize, (&u32, &u32))| {
        let cells = [format!("{} to {}", edge(at), edge(at + 1)), text::count(*dense as usize), text::count(*kept as usize)];
        cells.map(|cell| Html::text(&cell)).into()
    };
    let rows = dense.iter().zip(kept).enumerate().map(row).collect();
    let numbers = Html::around("summary", "As numbers").with(table("Weights by their value", "", &["Weights from", "Dense", "Left"], rows));
    let figure = Html::tag("svg", &drawing, Html::all(parts)).with(Html::tag("figcaption", &[], caption));
    Html::tag("figure", &[], figure).with(Html::tag("details", &[("class", "numbers")], numbers))
}
