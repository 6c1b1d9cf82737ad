//! A layer's weights before and after pruning, as two histograms over the same bins.

use leptos::prelude::*;

use crate::ui::text;

/// The drawing's size and the room around the plot, in its own units.
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 190.0;
const LEFT: f32 = 48.0;
const RIGHT: f32 = 8.0;
const TOP: f32 = 8.0;
const BOTTOM: f32 = 36.0;

/// The histograms, with the numbers in a table.
#[component]
pub fn Histogram(
    /// How many weights of the dense network fall into each bin from minus the range to the range.
    dense: Vec<u32>,
    /// How many of those that are left do.
    kept: Vec<u32>,
    /// The end of the axis.
    range: f32,
    /// Up to which absolute value all went.
    threshold: Option<f32>,
) -> impl IntoView {
    let most = dense.iter().chain(&kept).copied().max().unwrap_or(1).max(1);
    // Bins around zero hold thousands, those at the ends a few.
    let height = move |count: u32| (1.0 + count as f32).ln() / (1.0 + most as f32).ln();
    let (wide, high) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    let x = move |share: f32| LEFT + share * wide;
    let y = move |count: u32| TOP + (1.0 - height(count)) * high;
    let bins = dense.len().max(1) as f32;
    let outline = |counts: &[u32]| {
        let mut path = format!("M{LEFT} {:.1}", TOP + high);
        for (at, count) in counts.iter().enumerate() {
            path += &format!("V{:.1}H{:.1}", y(*count), x((at + 1) as f32 / bins));
        }
        path + &format!("V{:.1}Z", TOP + high)
    };
    let line = |value: f32| {
        let at = x((value / range + 1.0) / 2.0);
        view! { <line class="threshold" x1=at x2=at y1=TOP y2=TOP + high></line> }
    };
    let label =
        |words: String, x: f32, y: f32, anchor: &'static str| view! { <text class="tick-text" x=x y=y text-anchor=anchor>{words}</text> };
    let end = text::value(f64::from(range));
    let below = threshold.map(|value| format!("All up to {} (dashed) are gone.", text::value(f64::from(value)))).unwrap_or_default();
    let description =
        format!("Weights from \u{2212}{end} to {end}, dense and left after pruning. {below} The numbers are in the table below.");
    let marks = [most, (f64::from(most).sqrt().round() as u32).max(1), 0];
    let edge = move |at: usize| text::value(f64::from(range) * (2.0 * at as f64 / f64::from(bins) - 1.0));
    let rows = dense.iter().zip(&kept).enumerate().map(|(at, (dense, kept))| {
        view! {
            <tr>
                <th scope="row">{format!("{} to {}", edge(at), edge(at + 1))}</th>
                <td class="number">{text::count(*dense as usize)}</td>
                <td class="number">{text::count(*kept as usize)}</td>
            </tr>
        }
    });
    view! {
        <svg class="curve histogram" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" data-testid="histogram">
            <title>"Weights by their value"</title>
            <desc>{description}</desc>
            {marks.map(|count| view! {
                <line class="rule" x1=LEFT x2=WIDTH - RIGHT y1=y(count) y2=y(count)></line>
                {label(text::count(count as usize), LEFT - 6.0, y(count) + 4.0, "end")}
            }).collect_view()}
            <path class="all" d=outline(&dense)></path>
            <path class="left-over" d=outline(&kept)></path>
            {threshold.map(|value| [line(-value), line(value)])}
            {label(format!("\u{2212}{end}"), LEFT, TOP + high + 14.0, "start")}
            {label("0".into(), x(0.5), TOP + high + 14.0, "middle")}
            {label(end.clone(), WIDTH - RIGHT, TOP + high + 14.0, "end")}
            {label("weight; bars: how many, on a logarithmic scale".into(), x(0.5), HEIGHT - 4.0, "middle")}
        </svg>
        <figcaption>
            <span class="key all" aria-hidden="true"></span> "dense " <span class="key left-over" aria-hidden="true"></span> "left after pruning. " {below}
        </figcaption>
        <details class="numbers">
            <summary>"As numbers"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Weights by their value">
                <table>
                    <thead><tr><th scope="col">"Weights from"</th><th scope="col">"Dense"</th><th scope="col">"Left"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
