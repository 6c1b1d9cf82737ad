//! The values at a sparsity, moved to by keyboard or pointer and spoken; taken over as the experiment's sparsity, or computed again.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::selection::{Selection, Shown};
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use crate::sweeps::agreement;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{table as columns, words};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::table;
use sweetspot_core::words::within;

/// Takes a sparsity over as the experiment's.
pub fn choose(stores: Stores, sparsity: Sparsity) {
    session::change(stores, Commit::Done("sparsity"), |experiment| experiment.pruning.sparsity = sparsity);
}

/// Moves the read-out along the sparsities; whether it could.
pub fn move_by(stores: Stores, selection: Selection, steps: i64) -> bool {
    let count = selection.shown.with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.summary.sparsities.len()));
    if count == 0 {
        return false;
    }
    let at = stores.sweeps.at.get_untracked().min(count - 1) as i64;
    stores.sweeps.at.set(at.saturating_add(steps).clamp(0, count as i64 - 1) as usize);
    true
}

/// The sparsity the read-out is at. Follows the signals.
fn here(stores: Stores, selection: Selection) -> Option<Sparsity> {
    let at = stores.sweeps.at.get();
    selection.shown.with(|shown| {
        let all = &shown.as_ref()?.summary.sparsities;
        all.get(at.min(all.len().saturating_sub(1))).copied()
    })
}

/// The read-out.
#[component]
pub fn ReadOut(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let count = Memo::new(move |_| selection.shown.with(|shown| shown.as_ref().map_or(0, |shown| shown.summary.sparsities.len())));
    // It begins where the experiment is.
    let key = Memo::new(move |_| selection.shown.with(|shown| shown.as_ref().map(|shown| shown.kept.key.clone())));
    let there = Memo::new(move |_| count.get() > 0);
    Effect::new(move |_| {
        if key.get().is_none() || !there.get() {
            return;
        }
        let present = stores.experiment.with(|experiment| experiment.pruning.sparsity);
        let near = selection.shown.with_untracked(|shown| {
            let all = shown.as_ref()?.summary.sparsities.iter().enumerate();
            all.min_by(|a, b| a.1.distance(present).total_cmp(&b.1.distance(present))).map(|(at, _)| at)
        });
        if let Some(near) = near {
            sweeps.at.set(near);
        }
    });
    let says = Memo::new(move |_| {
        let sparsity = here(stores, selection)?;
        let shown = sweeps.shown.get();
        selection.shown.with(|selection| Some(said(selection.as_ref()?, sparsity, &shown)))
    });
    let words = move || says.get().unwrap_or_default();
    let moved = move |event| {
        let wished = event_target::<HtmlInputElement>(&event).value_as_number();
        sweeps.at.set(wished.max(0.0) as usize);
    };
    let values = move || {
        let sparsity = here(stores, selection)?;
        let (first, beside) = (selection.shown.get(), selection.beside.get());
        let gauges = sweeps.shown.get();
        first.map(|first| at(&first, &beside, sparsity, &gauges))
    };
    let ready = move || {
        matches!(stores.engine.state.get(), EngineState::Ready(_)) && stores.answers.finished.get() > 0 && here(stores, selection).is_some()
    };
    let again = move |_| {
        if let (Some(key), Some(sparsity)) = (key.get_untracked(), untrack(|| here(stores, selection))) {
            session::sweep_again(stores, &key, sparsity);
        }
    };
    let compared = move || {
        let shown = key.get();
        sweeps.again.get().filter(|again| Some(&again.key) == shown.as_ref()).map(|again| agreement(&again))
    };
    view! {
        <div class="sweep-readout">
            <label class="field inline">
                <span>"Read out"</span>
                <input type="range" min="0" step="1" max=move || count.get().saturating_sub(1).to_string() data-testid="sweep-at"
                    aria-valuetext=words prop:value=move || sweeps.at.get().min(count.get().saturating_sub(1)).to_string() on:input=moved/>
            </label>
            <p role="status" data-testid="sweep-says">{following(words)}</p>
            <div class="actions">
                <button type="button" class="plain" data-testid="sweep-take" on:click=move |_| {
                    if let Some(sparsity) = untrack(|| here(stores, selection)) {
                        choose(stores, sparsity);
                    }
                }>"Look at this sparsity"</button>
                <button type="button" class="plain" data-testid="sweep-again" disabled=move || !ready() on:click=again>"Compute this point again here"</button>
            </div>
            <p class="note" role="status" data-testid="sweep-agreement">{following(compared)}</p>
            <details class="inside" data-testid="sweep-values">
                <summary>"Values at this sparsity"</summary>
                {following(values)}
            </details>
        </div>
    }
    .into_any()
}

/// The shown measures at a sparsity, in a sentence.
fn said(shown: &Shown, sparsity: Sparsity, gauges: &[sweetspot_core::sweep::SweepMeasure]) -> String {
    let summary = &shown.summary;
    let of = |gauge: &sweetspot_core::sweep::SweepMeasure| {
        let line = summary.line(*gauge, sparsity)?;
        let [value, interval, difference, _] = table::words(line);
        let spot = summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (*gauge, sparsity));
        let interval = if interval.is_empty() { String::new() } else { format!(" ({interval})") };
        let difference = if difference.is_empty() { String::new() } else { format!(", {difference} from dense") };
        Some(format!("{} {value}{interval}{difference}{}", gauge.info().title, if spot { ", sweet spot" } else { "" }))
    };
    let all: Vec<String> = gauges.iter().filter_map(of).collect();
    format!("{}: {}.", text::sparsity(sparsity), all.join("; "))
}

/// The same of all sweeps in sight, as a table.
fn at(first: &Shown, beside: &[Shown], sparsity: Sparsity, gauges: &[sweetspot_core::sweep::SweepMeasure]) -> AnyView {
    let mut rows = Vec::new();
    for shown in [first].into_iter().chain(beside) {
        let experiment = &shown.kept.state.sweep.experiment;
        let name = format!("{}, {}", experiment.model, within(experiment.pruning.criterion.info().title));
        let all = &shown.summary.sparsities;
        let Some(near) = sparsity.nearest(all.iter().copied()) else { continue };
        for line in gauges.iter().filter_map(|gauge| shown.summary.line(*gauge, near)) {
            let [value, interval, difference, p] = table::words(line);
            let reached = text::percent((line.reached * 1e4).round() / 1e4);
            rows.push(vec![name.clone(), line.measure.info().title.into(), reached, value, interval, difference, p]);
        }
    }
    columns(
        "Values at this sparsity",
        "sweep-values-table",
        &["Sweep", "Measure", "Pruned", "Value", "95 % interval", "From dense", "p (Holm)"],
        words(rows),
    )
}
