//! Where the pruned weights were: overall and by layer, as a chart and as a table.

use leptos::prelude::*;

use crate::engine::protocol::{LayerSparsity, SparsityReport};
use crate::pruning::Scope;
use crate::ui::state::Lab;
use crate::ui::text;

/// The panel.
#[component]
pub fn Layers(lab: Lab) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let overall = move || {
        lab.sparsity.with(|answer| {
            let report = &answer.as_ref()?.value;
            Some(view! {
                <strong data-testid="pruned-fraction">{text::percent(share(report.pruned, report.prunable))}</strong> " pruned: "
                {text::count(report.pruned)} " of " {text::count(report.prunable)} " weights. Biases and normalisation are never pruned."
            })
        })
    };
    let scope = move || {
        let answer = lab.sparsity.with(|answer| answer.as_ref().map(|answer| answer.experiment.pruning.scope));
        match answer {
            Some(Scope::Layer) => "Each layer loses the same share of its weights, the smallest first.",
            _ => "The smallest weights of the whole network go, wherever they are.",
        }
    };
    let body = move || {
        lab.sparsity.with(|answer| {
            let report = answer.as_ref()?.value.clone();
            Some(if as_table.get() { view! { <Table report/> }.into_any() } else { view! { <Chart report/> }.into_any() })
        })
    };
    view! {
        <section class="panel layers" class:stale=move || lab.is_stale(lab.sparsity) aria-labelledby="layers-title" data-testid="layers">
            <div class="panel-head">
                <h2 id="layers-title">"Where the weights went"</h2>
                <button type="button" class="plain" aria-pressed=move || as_table.get().to_string() data-testid="layers-table-toggle"
                    on:click=move |_| as_table.update(|table| *table = !*table)>
                    {move || if as_table.get() { "Show as chart" } else { "Show as table" }}
                </button>
            </div>
            <p>{overall}</p>
            <p class="note">{scope}</p>
            {body}
        </section>
    }
}

fn share(pruned: usize, total: usize) -> f64 {
    if total == 0 { 0.0 } else { pruned as f64 / total as f64 }
}

/// A column for each layer: above the line the pruned share, below it the layer's size.
#[component]
fn Chart(report: std::sync::Arc<SparsityReport>) -> impl IntoView {
    let largest = report.layers.iter().map(|layer| layer.total).max().unwrap_or(1).max(1);
    let overall = share(report.pruned, report.prunable);
    let label = {
        let extreme = |pick: fn(f64, f64) -> bool| {
            report.layers.iter().reduce(
                |best, layer| {
                    if pick(share(layer.pruned, layer.total), share(best.pruned, best.total)) { layer } else { best }
                },
            )
        };
        let words = |layer: Option<&LayerSparsity>| {
            layer.map(|layer| format!("{} {}", layer.name, text::percent(share(layer.pruned, layer.total)))).unwrap_or_default()
        };
        format!(
            "Pruned share of {} layers from input to output; least {}, most {}; the table has every number",
            report.layers.len(),
            words(extreme(|a, b| a < b)),
            words(extreme(|a, b| a > b)),
        )
    };
    let columns = report.layers.iter().map(|layer| {
        let pruned = share(layer.pruned, layer.total);
        let title = format!(
            "{}: {} of {} weights pruned ({})",
            layer.name,
            text::count(layer.pruned),
            text::count(layer.total),
            text::percent(pruned)
        );
        view! {
            <div class="column" title=title>
                <div class="column-share"><span style:height=format!("{:.2}%", pruned * 100.0)></span></div>
                <div class="column-size"><span style:height=format!("{:.2}%", share(layer.total, largest) * 100.0)></span></div>
            </div>
        }
    });
    view! {
        <div class="chart" role="img" aria-label=label data-testid="layers-chart">
            <div class="axis" aria-hidden="true"><span>"100\u{a0}%"</span><span>"50\u{a0}%"</span><span>"0"</span></div>
            <div class="columns">
                {columns.collect_view()}
                <div class="overall" aria-hidden="true"><span style:bottom=format!("{:.2}%", overall * 100.0)></span></div>
            </div>
        </div>
        <div class="chart-foot" aria-hidden="true">
            <span>"input"</span>
            <span>"up: pruned share, dashed line: the whole network \u{b7} down: weights in the layer, up to " {text::count(largest)}</span>
            <span>"output"</span>
        </div>
    }
}

#[component]
fn Table(report: std::sync::Arc<SparsityReport>) -> impl IntoView {
    let rows = report.layers.iter().map(|layer| {
        let shape = layer.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" \u{d7} ");
        view! {
            <tr>
                <th scope="row">{layer.name.clone()}</th>
                <td>{shape}</td>
                <td class="number">{text::count(layer.pruned)}</td>
                <td class="number">{text::count(layer.total)}</td>
                <td class="number">{text::percent(share(layer.pruned, layer.total))}</td>
            </tr>
        }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Pruned weights by layer">
            <table data-testid="layers-table">
                <thead>
                    <tr>
                        <th scope="col">"Layer"</th><th scope="col">"Shape"</th><th scope="col">"Pruned"</th>
                        <th scope="col">"Weights"</th><th scope="col">"Share"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
