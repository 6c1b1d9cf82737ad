//! How much of which layer went, as columns to choose a layer from, and as a table.

use leptos::prelude::*;

use super::words::{describe, share, size};
use crate::text;
use crate::widgets::table::{table, words};
use sweetspot_protocol::{LayerSparsity, SparsityReport};

/// A column for each layer: above the line the pruned share, below it the layer's size. Columns are radio buttons, so that the arrow keys go
/// from layer to layer; their values are the layers' places. Of those the one named so is checked.
pub fn chart(report: &SparsityReport, chosen: RwSignal<String>) -> AnyView {
    let largest = report.layers.iter().map(|layer| layer.total).max().unwrap_or(1).max(1);
    let of = |layer: &LayerSparsity| share(layer.pruned, layer.total);
    let told =
        |layer: Option<&LayerSparsity>| layer.map(|layer| format!("{} {}", layer.name, text::percent(of(layer)))).unwrap_or_default();
    let order = |a: &&LayerSparsity, b: &&LayerSparsity| of(a).total_cmp(&of(b));
    let (least, most) = (told(report.layers.iter().min_by(order)), told(report.layers.iter().max_by(order)));
    let legend = format!("Pruned share of {} layers from input to output; least {least}, most {most}", report.layers.len());
    let bar =
        |class: &'static str, part: f64| view! { <span class=class><span style=format!("height:{:.2}%", part * 100.0)></span></span> };
    let column = |(at, layer): (usize, &LayerSparsity)| {
        let (title, name) = (describe(layer), layer.name.clone());
        view! {
            <label class="column" title=title.clone()>
                <input type="radio" name="weights-layer" value=at.to_string() aria-label=title.clone() data-testid="layer-column"
                    prop:checked=move || chosen.with(|chosen| *chosen == name)/>
                {bar("column-share", of(layer))} {bar("column-size", share(layer.total, largest))}
            </label>
        }
    };
    let line = format!("bottom:{:.2}%", share(report.pruned, report.prunable) * 100.0);
    let foot =
        format!("up: pruned share, dashed line: the whole network \u{b7} down: weights in the layer, up to {}", text::count(largest));
    view! {
        <div class="chart" data-testid="layers-chart">
            <div class="axis" aria-hidden="true"><span>"100\u{a0}%"</span><span>"50\u{a0}%"</span><span>"0"</span></div>
            <fieldset class="columns">
                <legend class="hidden">{legend}</legend>
                {report.layers.iter().enumerate().map(column).collect_view()}
                <div class="overall" aria-hidden="true"><span style=line></span></div>
            </fieldset>
        </div>
        <div class="chart-foot" aria-hidden="true"><span>"input"</span><span>{foot}</span><span>"output"</span></div>
    }
    .into_any()
}

/// The same in numbers.
pub fn numbers(report: &SparsityReport) -> AnyView {
    let row = |layer: &LayerSparsity| {
        let share = text::percent(share(layer.pruned, layer.total));
        vec![layer.name.clone(), size(&layer.shape), text::count(layer.pruned), text::count(layer.total), share]
    };
    let rows = words(report.layers.iter().map(row).collect());
    table("Pruned weights by layer", "layers-table", &["Layer", "Shape", "Pruned", "Weights", "Share"], rows)
}
