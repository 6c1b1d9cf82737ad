//! What pruning did to the weights: how many went, in which layers, what is left inside a layer, and whether the network still answers alike.

mod agreement;
mod chart;
mod inside;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use self::agreement::Agreement;
use self::chart::{chart, numbers};
use self::inside::Inside;
use crate::state::{Lab, Stamped};
use crate::text;
use crate::widgets::choice::Raw;
use crate::widgets::markup::{Html, terms};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Scope;
use sweetspot_protocol::{LayerSparsity, SparsityReport};

/// Bytes of a weight stored in half precision, and of a parameter that is no weight.
const HALF: usize = 2;
const SINGLE: usize = 4;

/// The panel.
#[component]
pub fn Weights(lab: Lab) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let chosen = RwSignal::new(String::new());
    // The choice outlives the network it was made on.
    Effect::new(move |_| {
        let names = names(lab);
        if !names.contains(&chosen.get_untracked()) {
            chosen.set(names.into_iter().next().unwrap_or_default());
        }
    });
    let facts = Signal::derive(move || lab.sparsity.get().map(|answer| facts(lab, &answer)).unwrap_or_default());
    let body = Signal::derive(move || {
        let Some(report) = lab.sparsity.get().map(|answer| answer.value) else { return Html::default() };
        // Not followed: a choice must not draw the columns anew, or the focus would be lost.
        if as_table.get() { numbers(&report) } else { chart(&report, &chosen.get_untracked()) }
    });
    // Clicks, as the arrow keys give them too: a column that is chosen already opens the layer.
    let choose = move |event: web_sys::MouseEvent| {
        let Ok(input) = event_target::<web_sys::Element>(&event).dyn_into::<HtmlInputElement>() else { return };
        let place = input.value().parse::<usize>();
        if let Some(name) = place.ok().and_then(|place| untrack(|| names(lab)).into_iter().nth(place)) {
            chosen.set(name);
            if !lab.examining.get_untracked() {
                lab.examine(true);
            }
        }
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
            <Raw class="facts" html=facts/>
            <div on:click=choose inner_html=move || body.get().into_string()></div>
            <Inside lab chosen/>
        </section>
        <Agreement lab/>
    }
}

/// How many weights went by which rule, and what that saves.
fn facts(lab: Lab, answer: &Stamped<SparsityReport>) -> Html {
    let report = &answer.value;
    let (before, after) = report.multiply_accumulates();
    let dense = lab.report().map(|model| HALF * model.prunable + SINGLE * model.parameters.saturating_sub(model.prunable));
    let dense = dense.map(|dense| format!("{} \u{2192} ", text::bytes(dense as u64))).unwrap_or_default();
    let fewer = if after > 0 && after < before { format!(" ({:.1} times fewer)", before as f64 / after as f64) } else { String::new() };
    let share = text::percent(share(report.pruned, report.prunable));
    let [pruned, prunable] = [report.pruned, report.prunable].map(text::count);
    let pruned = Html::tag("strong", &[("data-testid", "pruned-fraction")], Html::text(&share))
        .and(&format!(" pruned: {pruned} of {prunable} weights. Biases and normalisation are never pruned."));
    let note = Html::tag("span", &[("data-testid", "pruning-note")], Html::text(&report.note));
    let rule = Html::text(&rule(&answer.experiment.pruning)).and(" ").with(note);
    let stored = Html::text(&format!("{dense}{}", text::bytes(report.stored_bytes as u64)))
        .with(Html::around("small", " two bytes a weight; pruned: those that are left, and a bit for each place"));
    let sums = match before {
        0 => Html::default(),
        _ => Html::text(&format!("{} \u{2192} {}{fewer}", text::large(before), text::large(after)))
            .with(Html::around("small", " a picture, where zeros are skipped")),
    };
    let costs = terms(vec![("Stored", stored), ("Multiply-accumulates", sums)]);
    Html::tag("p", &[], pruned).with(Html::tag("p", &[("class", "note")], rule)).with(Html::tag(
        "dl",
        &[("class", "costs"), ("data-testid", "costs")],
        costs,
    ))
}

/// "Magnitude: the weights of all layers compete."
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
