//! What pruning did to the weights: how many went, in which layers, what is left inside a layer, and whether the network still answers alike.

mod agreement;
mod chart;
mod inside;

use leptos::prelude::*;

use self::agreement::Agreement;
use self::chart::{Chart, Table};
use self::inside::Inside;
use crate::engine::protocol::{LayerSparsity, SparsityReport};
use crate::experiment::Pruning;
use crate::pruning::Scope;
use crate::ui::state::{Lab, Stamped};
use crate::ui::text;

/// Bytes of a weight stored in half precision, and of a parameter that is no weight.
const HALF: usize = 2;
const SINGLE: usize = 4;

/// The panel.
#[component]
pub fn Weights(lab: Lab) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let chosen = RwSignal::new(String::new());
    let report = move || lab.sparsity.get();
    let facts = move || report().map(|answer| facts(lab, &answer));
    let body = move || {
        let report = report()?.value;
        // The choice outlives the network it was made on.
        if !report.layers.iter().any(|layer| layer.name == chosen.get_untracked()) {
            chosen.set(report.layers.first().map(|layer| layer.name.clone()).unwrap_or_default());
        }
        Some(if as_table.get() { view! { <Table report/> }.into_any() } else { view! { <Chart lab report chosen/> }.into_any() })
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
            {facts}
            {body}
            <Inside lab chosen/>
        </section>
        <Agreement lab/>
    }
}

/// How many weights went by which rule, and what that saves.
fn facts(lab: Lab, answer: &Stamped<SparsityReport>) -> AnyView {
    let report = answer.value.clone();
    let (before, after) = report.multiply_accumulates();
    let dense = lab.report().map(|model| HALF * model.prunable + SINGLE * model.parameters.saturating_sub(model.prunable));
    let fewer = if after > 0 && after < before { format!(" ({:.1} times fewer)", before as f64 / after as f64) } else { String::new() };
    view! {
        <p>
            <strong data-testid="pruned-fraction">{text::percent(share(report.pruned, report.prunable))}</strong> " pruned: "
            {text::count(report.pruned)} " of " {text::count(report.prunable)} " weights. Biases and normalisation are never pruned."
        </p>
        <p class="note">{rule(&answer.experiment.pruning)} {(!report.note.is_empty()).then(|| view! { " " <span data-testid="pruning-note">{report.note.clone()}</span> })}</p>
        <dl class="costs" data-testid="costs">
            <dt>"Stored"</dt>
            <dd>
                {dense.map(|dense| format!("{} \u{2192} ", text::bytes(dense as u64)))} {text::bytes(report.stored_bytes as u64)}
                <small>" two bytes a weight; pruned: those that are left, and a bit for each place"</small>
            </dd>
            {(before > 0).then(|| view! {
                <dt>"Multiply-accumulates"</dt>
                <dd>{text::large(before)} " \u{2192} " {text::large(after)} {fewer} <small>" a picture, where zeros are skipped"</small></dd>
            })}
        </dl>
    }
    .into_any()
}

/// "LAMP: all layers compete."
fn rule(pruning: &Pruning) -> String {
    let info = pruning.criterion.info();
    let scope = match (info.scopes, pruning.scope) {
        ([_], _) => "",
        (_, Scope::Global) => ": the weights of all layers compete",
        (_, Scope::Layer) => ": each layer loses the same share",
    };
    format!("{}{scope}.", info.title)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// "features.0.weight: 102 of 1,728 weights pruned (5.9 %)".
fn describe(layer: &LayerSparsity) -> String {
    let [pruned, total] = [layer.pruned, layer.total].map(text::count);
    format!("{}: {pruned} of {total} weights pruned ({})", layer.name, text::percent(share(layer.pruned, layer.total)))
}

/// "64 × 3 × 3 × 3".
fn size(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" \u{d7} ")
}

/// The names of the layers of the last pruning. Follows the signals.
fn names(lab: Lab) -> Vec<String> {
    let names = |answer: &Stamped<SparsityReport>| answer.value.layers.iter().map(|layer| layer.name.clone()).collect();
    lab.sparsity.with(|answer| answer.as_ref().map(names)).unwrap_or_default()
}
