//! How far the running job is, and the way to end it.

use leptos::prelude::*;

use crate::session;
use crate::stores::Stores;
use crate::stores::engine_status::{EngineState, Progress};
use crate::text;
use crate::widgets::following::following;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_protocol::Stage;

/// The line between the controls and the results.
#[component]
pub fn JobLine(stores: Stores) -> impl IntoView {
    let busy = move || stores.engine.running.get() || matches!(stores.engine.state.get(), EngineState::Starting);
    let words = move || match (stores.engine.state.get(), stores.engine.progress.get()) {
        (EngineState::Starting, _) => match stores.engine.arriving.get() {
            Some((done, 0)) => format!("Loading the engine: {}", text::bytes(done)),
            Some((done, total)) => format!("Loading the engine: {} of {}", text::bytes(done), text::bytes(total)),
            None => "Starting the engine".into(),
        },
        (_, Some(progress)) => describe(stores, progress),
        _ => "Computing".into(),
    };
    let counted = move || match stores.engine.state.get() {
        EngineState::Starting => stores.engine.arriving.get().filter(|(_, total)| *total > 0),
        _ => stores.engine.progress.get().map(|progress| (progress.done, progress.total)).filter(|(_, total)| *total > 0),
    };
    let stopped = move || {
        !busy()
            && stores.answers.latest.get() > stores.answers.finished.get()
            && (stores.answers.is_stale(stores.answers.view) || stores.answers.is_stale(stores.answers.pruned.map))
    };
    view! {
        <div class="job" data-busy=move || busy().to_string() data-testid="job">
            <div class="job-going" class:going=busy>
                // Counted and uncounted bars are two elements: a value, once set, cannot be unset without one frame of a wrong bar.
                {move || match counted() {
                    Some((done, total)) => view! {
                        <progress data-testid="progress" aria-label="How far the computation is" max=total.to_string() value=done.to_string()></progress>
                    }.into_any(),
                    None if busy() => view! { <progress data-testid="progress" aria-label="Computing"></progress> }.into_any(),
                    None => ().into_any(),
                }}
                <span data-testid="progress-words" aria-live="polite">{following(move || busy().then(words))}</span>
                <button type="button" class="plain" data-testid="cancel" disabled=move || !stores.engine.running.get() on:click=move |_| session::cancel(stores)>
                    "Cancel (Esc)"
                </button>
            </div>
            {following(move || stopped().then(|| view! {
                <p class="note" role="status" data-testid="stopped">
                    "Stopped. What is dimmed below belongs to the settings before. "
                    <button type="button" class="plain" on:click=move |_| session::ask(stores)>"Compute"</button>
                </p>
            }))}
        </div>
    }
}

/// "Integrated gradients, pruned network: 32 of 50 steps".
fn describe(stores: Stores, progress: Progress) -> String {
    let Progress { stage, done, total } = progress;
    let network = || stores.catalogue.card().map_or_else(|| "the network".into(), |card| card.name());
    let map = |of: &str| {
        let method = stores.experiment.with(|experiment| experiment.attribution.method.info().title);
        if total > 1 { format!("{method}, {of} network: {done} of {total} steps") } else { format!("{method}, {of} network") }
    };
    let measure = |of: &str| {
        if total > 1 {
            format!("Measuring the {of} network\u{2019}s map: {done} of {total} passes")
        } else {
            format!("Measuring the {of} network\u{2019}s map")
        }
    };
    match stage {
        Stage::Weights if total > 0 => format!("Loading {}: {} of {}", network(), text::bytes(done), text::bytes(total)),
        Stage::Weights => format!("Loading {}", network()),
        Stage::Preparing => "Preparing the device (first run only)".into(),
        Stage::Pruning => {
            let info = stores.experiment.with(|experiment| experiment.pruning.criterion.info());
            match (info.kind, total) {
                (_, 0 | 1) => format!("Pruning ({})", info.title),
                (Kind::Trained, _) => format!("Loading the stored network: {} of {}", text::bytes(done), text::bytes(total)),
                _ => format!("Pruning ({}): {done} of {total}", info.title),
            }
        }
        Stage::Predicting => "Asking both networks".into(),
        Stage::DenseMap => map("dense"),
        Stage::PrunedMap => map("pruned"),
        Stage::DenseMeasure => measure("dense"),
        Stage::PrunedMeasure => measure("pruned"),
        Stage::Looking => "Looking at layers".into(),
        Stage::Timing => "Timing".into(),
        Stage::Examining => "Looking at the weights".into(),
        Stage::Agreeing => format!("Comparing answers: {done} of {total} pictures"),
        Stage::Discovering => "Looking for the object".into(),
        Stage::Following if total > 0 => format!("Looking for the object: {done} of {total}"),
        Stage::Following => "Looking for the object".into(),
        Stage::Locating => format!("Looking for objects: {done} of {total} pictures"),
        Stage::Sweeping => format!("Sweeping: {done} of {total} pictures"),
        Stage::Recognising if total > 0 => format!("Recognising: {done} of {total} pictures"),
        Stage::Recognising => "Recognising".into(),
    }
}
