//! What a sweep says: its sweet spots in words, and all of its numbers.

use leptos::prelude::*;

use super::selection::Selection;
use crate::panels::group::is_open;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::Raw;
use crate::widgets::markup::{Html, table as columns};
use sweetspot_core::sweep::spots::verdict;
use sweetspot_core::sweep::summary::Line;
use sweetspot_core::sweep::table;

/// The sweet spots of the shown measures, in words, and what else there is to know.
#[component]
pub fn Spots(stores: Stores, selection: Selection) -> impl IntoView {
    let words = Signal::derive(move || {
        let gauges = stores.sweeps.shown.get();
        selection.shown.with(|shown| {
            let Some(shown) = shown else { return Html::default() };
            let summary = &shown.summary;
            let asked = shown.kept.state.sweep.measures.iter().filter(|gauge| gauges.contains(gauge));
            let asked = asked.filter(|gauge| gauge.info().axis.is_of_paper());
            let said: Vec<Html> = asked.filter_map(|gauge| verdict(summary, *gauge)).map(|said| Html::around("li", &said)).collect();
            let others = summary.spots.iter().filter(|spot| !gauges.contains(&spot.measure)).count();
            let more = match others {
                0 => Html::default(),
                _ => Html::tag("p", &[("class", "note")], Html::text(&format!("Measures that are not shown have {others} more."))),
            };
            let notes = Html::all(summary.notes.iter().map(|note| Html::around("li", note)).collect());
            let notes = Html::tag(
                "details",
                &[("class", "inside")],
                Html::around("summary", "How this is decided").with(Html::tag("ul", &[], notes)),
            );
            Html::tag("ul", &[("data-testid", "sweep-spots")], Html::all(said)).with(more).with(notes)
        })
    });
    view! { <Raw html=words class="sweep-spots"/> }.into_any()
}

/// All numbers of the shown measures, once they are asked for.
#[component]
pub fn Numbers(stores: Stores, selection: Selection) -> impl IntoView {
    let open = RwSignal::new(false);
    let body = Signal::derive(move || {
        if !open.get() {
            return Html::default();
        }
        let (gauges, zoom) = (stores.sweeps.shown.get(), stores.sweeps.zoom.get());
        selection.shown.with(|shown| {
            let Some(shown) = shown else { return Html::default() };
            let inside =
                |line: &&Line| gauges.contains(&line.measure) && zoom.is_none_or(|(low, high)| (low..=high).contains(&line.sparsity));
            let row = |line: &Line| {
                let [value, interval, difference, p] = table::words(line);
                let spot = shown.summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (line.measure, line.sparsity));
                let sparsity = text::percent((line.sparsity * 1e4).round() / 1e4);
                let cells =
                    [line.measure.info().title, &sparsity, &value, &interval, &difference, &p, if spot { "sweet spot" } else { "" }];
                cells.map(Html::text).to_vec()
            };
            let rows = shown.summary.lines.iter().filter(inside).map(row).collect();
            let heads = ["Measure", "Sparsity", "Value", "95 % interval", "From dense", "p (Holm)", "Verdict"];
            columns("The sweep\u{2019}s numbers", "sweep-table", &heads, rows)
        })
    });
    view! {
        <details class="inside numbers" data-testid="sweep-numbers" on:toggle=move |event| open.set(is_open(&event))>
            <summary>"All numbers"</summary>
            <Raw html=body/>
        </details>
    }
    .into_any()
}
