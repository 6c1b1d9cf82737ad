//! What pruning did to the weights: how many went, in which layers, what is left inside a layer, and whether the network still answers alike.

mod agreement;
mod chart;
mod inside;
mod words;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use self::agreement::Agreement;
use self::chart::{chart, numbers};
use self::inside::Inside;
use self::words::{names, share};
use crate::session;
use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::terms;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Scope;
use sweetspot_protocol::SparsityReport;

/// Bytes of a weight stored in half precision, and of a parameter that is no weight.
const HALF: usize = 2;
const SINGLE: usize = 4;

/// The panel.
#[component]
pub fn Weights(stores: Stores) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let chosen = RwSignal::new(String::new());
    // The choice outlives the network it was made on.
    Effect::new(move |_| {
        let names = names(stores);
        if !names.contains(&chosen.get_untracked()) {
            chosen.set(names.into_iter().next().unwrap_or_default());
        }
    });
    let facts = move || stores.answers.sparsity.get().map(|answer| facts(stores, &answer));
    let body = move || {
        let report = stores.answers.sparsity.get().map(|answer| answer.value)?;
        Some(if as_table.get() { numbers(&report) } else { chart(&report, chosen) })
    };
    // Clicks, as the arrow keys give them too: a column that is chosen already opens the layer.
    let choose = move |event: web_sys::MouseEvent| {
        let Ok(input) = event_target::<web_sys::Element>(&event).dyn_into::<HtmlInputElement>() else { return };
        let place = input.value().parse::<usize>();
        if let Some(name) = place.ok().and_then(|place| untrack(|| names(stores)).into_iter().nth(place)) {
            chosen.set(name);
            if !stores.weights.wanted.get_untracked() {
                session::examine(stores, true);
            }
        }
    };
    view! {
        <section class="panel layers" class:stale=move || stores.answers.is_stale(stores.answers.sparsity) aria-labelledby="layers-title" data-testid="layers">
            <div class="panel-head">
                <h2 id="layers-title">"Where the weights went"</h2>
                <button type="button" class="plain" aria-pressed=move || as_table.get().to_string() data-testid="layers-table-toggle"
                    on:click=move |_| as_table.update(|table| *table = !*table)>
                    {following(move || if as_table.get() { "Show as chart" } else { "Show as table" })}
                </button>
            </div>
            <div class="facts">{following(facts)}</div>
            <div on:click=choose>{following(body)}</div>
            <Inside stores chosen/>
        </section>
        <Agreement stores/>
    }
}

/// How many weights went by which rule, and what that saves.
fn facts(stores: Stores, answer: &Stamped<SparsityReport>) -> AnyView {
    let report = &answer.value;
    let (before, after) = report.multiply_accumulates();
    let dense = stores.answers.report().map(|model| HALF * model.prunable + SINGLE * model.parameters.saturating_sub(model.prunable));
    let dense = dense.map(|dense| format!("{} \u{2192} ", text::bytes(dense as u64))).unwrap_or_default();
    let fewer = if after > 0 && after < before { format!(" ({:.1} times fewer)", before as f64 / after as f64) } else { String::new() };
    let share = text::percent(share(report.pruned, report.prunable));
    let [pruned, prunable] = [report.pruned, report.prunable].map(text::count);
    let stored = view! {
        {format!("{dense}{}", text::bytes(report.stored_bytes as u64))}
        <small>" two bytes a weight; pruned: those that are left, and a bit for each place"</small>
    };
    let sums = (before > 0).then(|| {
        let sums = format!("{} \u{2192} {}{fewer}", text::large(before), text::large(after));
        view! { {sums} <small>" a picture, where zeros are skipped"</small> }.into_any()
    });
    let costs = terms(vec![("Stored", Some(stored.into_any())), ("Multiply-accumulates", sums)]);
    view! {
        <p>
            <strong data-testid="pruned-fraction">{share}</strong>
            {format!(" pruned: {pruned} of {prunable} weights. Biases and normalisation are never pruned.")}
        </p>
        <p class="note">{rule(&answer.experiment.pruning)} " " <span data-testid="pruning-note">{report.note.clone()}</span></p>
        <dl class="costs" data-testid="costs">{costs}</dl>
    }
    .into_any()
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
