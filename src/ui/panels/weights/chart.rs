//! How much of which layer went, as columns to choose a layer from, and as a table.

use std::sync::Arc;

use leptos::prelude::*;

use super::{describe, share, size};
use crate::engine::protocol::{LayerSparsity, SparsityReport};
use crate::ui::state::Lab;
use crate::ui::text;

/// A column for each layer: above the line the pruned share, below it the layer's size. Columns are radio buttons, so that the arrow keys go
/// from layer to layer.
#[component]
pub fn Chart(lab: Lab, report: Arc<SparsityReport>, chosen: RwSignal<String>) -> impl IntoView {
    let largest = report.layers.iter().map(|layer| layer.total).max().unwrap_or(1).max(1);
    let overall = share(report.pruned, report.prunable);
    let extreme = |pick: fn(f64, f64) -> bool| {
        let of = |layer: &LayerSparsity| share(layer.pruned, layer.total);
        let best = report.layers.iter().reduce(|best, layer| if pick(of(layer), of(best)) { layer } else { best });
        best.map(|layer| format!("{} {}", layer.name, text::percent(of(layer)))).unwrap_or_default()
    };
    let (least, most) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
    let label = format!("Pruned share of {} layers from input to output; least {least}, most {most}", report.layers.len());
    let column = |layer: &LayerSparsity| {
        let (title, height) = (describe(layer), |part: f64| format!("{:.2}%", part * 100.0));
        let (name, this, tip) = (layer.name.clone(), layer.name.clone(), title.clone());
        let choose = move |_| {
            chosen.set(name.clone());
            if !lab.examining.get_untracked() {
                lab.examine(true);
            }
        };
        view! {
            <label class="column" title=tip>
                <input type="radio" name="weights-layer" aria-label=title data-testid="layer-column" prop:checked=move || *chosen.read() == this on:change=choose/>
                <span class="column-share"><span style:height=height(share(layer.pruned, layer.total))></span></span>
                <span class="column-size"><span style:height=height(share(layer.total, largest))></span></span>
            </label>
        }
    };
    view! {
        <div class="chart" data-testid="layers-chart">
            <div class="axis" aria-hidden="true"><span>"100\u{a0}%"</span><span>"50\u{a0}%"</span><span>"0"</span></div>
            <fieldset class="columns" aria-label=label>
                {report.layers.iter().map(column).collect_view()}
                <div class="overall" aria-hidden="true"><span style:bottom=format!("{:.2}%", overall * 100.0)></span></div>
            </fieldset>
        </div>
        <div class="chart-foot" aria-hidden="true">
            <span>"input"</span>
            <span>"up: pruned share, dashed line: the whole network \u{b7} down: weights in the layer, up to " {text::count(largest)}</span>
            <span>"output"</span>
        </div>
    }
}

/// The same in numbers.
#[component]
pub fn Table(report: Arc<SparsityReport>) -> impl IntoView {
    let row = |layer: &LayerSparsity| {
        view! {
            <tr>
                <th scope="row">{layer.name.clone()}</th>
                <td>{size(&layer.shape)}</td>
                <td class="number">{text::count(layer.pruned)}</td>
                <td class="number">{text::count(layer.total)}</td>
                <td class="number">{text::percent(share(layer.pruned, layer.total))}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Pruned weights by layer">
            <table data-testid="layers-table">
                <thead>
                    <tr>
                        <th scope="col">"Layer"</th><th scope="col">"Shape"</th><th scope="col">"Pruned"</th>
                        <th scope="col">"Weights"</th><th scope="col">"Share"</th>
                    </tr>
                </thead>
                <tbody>{report.layers.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
