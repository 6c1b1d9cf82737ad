//! What a sweep says: its sweet spots in words, and all of its numbers.

use leptos::prelude::*;

use super::selection::Selection;
use crate::panels::group::is_open;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{lines, note, table as columns, words};
use sweetspot_core::sweep::spots::verdict;
use sweetspot_core::sweep::summary::Line;
use sweetspot_core::sweep::table;

/// The sweet spots of the shown measures, in words, and what else there is to know.
#[component]
pub fn Spots(stores: Stores, selection: Selection) -> impl IntoView {
    let spots = move || {
        let gauges = stores.sweeps.shown.get();
        selection.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let summary = &shown.summary;
            let asked = shown.kept.state.sweep.measures.iter().filter(|gauge| gauges.contains(gauge));
            let asked = asked.filter(|gauge| gauge.info().axis.is_of_paper());
            let said = lines(asked.filter_map(|gauge| verdict(summary, *gauge)));
            let others = summary.spots.iter().filter(|spot| !gauges.contains(&spot.measure)).count();
            let more = (others > 0).then(|| note(format!("Measures that are not shown have {others} more.")));
            Some(view! {
                <ul data-testid="sweep-spots">{said}</ul>
                {more}
                <details class="inside">
                    <summary>"How this is decided"</summary>
                    <ul>{lines(summary.notes.iter().cloned())}</ul>
                </details>
            })
        })
    };
    view! { <div class="sweep-spots">{following(spots)}</div> }.into_any()
}

/// All numbers of the shown measures, once they are asked for.
#[component]
pub fn Numbers(stores: Stores, selection: Selection) -> impl IntoView {
    let open = RwSignal::new(false);
    let body = move || {
        if !open.get() {
            return None;
        }
        let (gauges, zoom) = (stores.sweeps.shown.get(), stores.sweeps.zoom.get());
        selection.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let inside =
                |line: &&Line| gauges.contains(&line.measure) && zoom.is_none_or(|(low, high)| (low..=high).contains(&line.sparsity));
            let row = |line: &Line| {
                let [value, interval, difference, p] = table::words(line);
                let spot = shown.summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (line.measure, line.sparsity));
                let sparsity = text::sparsity(line.sparsity);
                let cells =
                    [line.measure.info().title, &sparsity, &value, &interval, &difference, &p, if spot { "sweet spot" } else { "" }];
                cells.map(String::from).to_vec()
            };
            let rows = words(shown.summary.lines.iter().filter(inside).map(row).collect());
            let heads = ["Measure", "Sparsity", "Value", "95 % interval", "From dense", "p (Holm)", "Verdict"];
            Some(columns("The sweep\u{2019}s numbers", "sweep-table", &heads, rows))
        })
    };
    view! {
        <details class="inside numbers" data-testid="sweep-numbers" on:toggle=move |event| open.set(is_open(&event))>
            <summary>"All numbers"</summary>
            {following(body)}
        </details>
    }
    .into_any()
}
