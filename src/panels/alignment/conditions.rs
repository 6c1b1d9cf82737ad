//! Right answers by condition as a drawing: marks with whiskers, a row a condition.

use leptos::prelude::*;

use crate::alignment::Pair;
use sweetspot_core::alignment::condition::title;

/// The drawing's size and its room for names, in its own units.
const WIDTH: f64 = 560.0;
const NAMES: f64 = 150.0;
const ROW: f64 = 46.0;

/// What guessing among the sixteen categories comes to.
const GUESS: f64 = 1.0 / 16.0;

/// The drawing. Its numbers stand in a table, too.
pub fn drawing(rows: &[Pair<'_>]) -> AnyView {
    let height = 24.0 + ROW * rows.len() as f64 + 18.0;
    let rules = [0.0, 0.25, 0.5, 0.75, 1.0].map(|at| {
        let line = path("rule".into(), format!("M{:.1} 20V{:.1}", across(at), height - 18.0));
        view! { {line} {label(format!("{:.0}\u{a0}%", at * 100.0), across(at), height - 4.0, "middle")} }
    });
    let key = [("dense", "of-dense"), ("pruned", "of-pruned"), ("people", "of-people")];
    let key = key.iter().enumerate().map(|(at, (name, class))| {
        let left = NAMES + 110.0 * at as f64;
        view! { {mark(class, left, 8.0)} {label(name.to_string(), left + 12.0, 12.0, "start")} }
    });
    let rows = rows.iter().enumerate().map(|(at, pair)| row(24.0 + ROW * at as f64, *pair));
    let words = "Right answers by condition with 95 % intervals, dense, pruned and people; the dashed line is guessing. The numbers are in the table below.";
    view! {
        <svg class="align-chart" viewBox=format!("0 0 {WIDTH} {height:.0}") role="img" aria-label=words>
            {rules.collect_view()}
            {path("guess".into(), format!("M{:.1} 20V{:.1}", across(GUESS), height - 18.0))}
            {key.collect_view()}
            {rows.collect_view()}
        </svg>
    }
    .into_any()
}

/// A condition, from this height on.
fn row(top: f64, (dense, pruned): Pair<'_>) -> AnyView {
    let shares = [Some(&dense.accuracy), pruned.map(|pruned| &pruned.accuracy), dense.human_accuracy.as_ref()];
    let marks = shares.into_iter().zip(["of-dense", "of-pruned", "of-people"]).enumerate().filter_map(|(place, (share, class))| {
        let share = share?;
        let y = top + 10.0 + 12.0 * place as f64;
        let [low, high] = share.interval.map(across);
        let whisker = format!("M{low:.1} {y:.1}H{high:.1}M{low:.1} {0:.1}v6M{high:.1} {0:.1}v6", y - 3.0);
        Some(view! { {path(format!("whisker {class}"), whisker)} {mark(class, across(share.value), y)} })
    });
    view! { {label(title(&dense.condition), NAMES - 8.0, top + ROW / 2.0, "end")} {marks.collect_view()} }.into_any()
}

/// Where a share is.
fn across(share: f64) -> f64 {
    NAMES + share * (WIDTH - NAMES - 16.0)
}

fn label(words: String, x: f64, y: f64, anchor: &'static str) -> AnyView {
    view! { <text class="tick-text" x=format!("{x:.1}") y=format!("{y:.1}") text-anchor=anchor>{words}</text> }.into_any()
}

fn path(class: String, d: String) -> AnyView {
    view! { <path class=class d=d></path> }.into_any()
}

/// A mark whose form, too, says whose it is.
fn mark(class: &str, x: f64, y: f64) -> AnyView {
    let d = match class {
        "of-dense" => format!("M{:.1} {y:.1}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", x - 4.5),
        "of-pruned" => format!("M{:.1} {:.1}h8v8h-8z", x - 4.0, y - 4.0),
        _ => format!("M{x:.1} {:.1}l5 9h-10z", y - 5.0),
    };
    path(format!("mark {class}"), d)
}
