//! How far the running job is, and the way to end it.

use leptos::prelude::*;

use crate::state::{EngineState, Lab, Progress};
use crate::text;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_protocol::Stage;

/// The line between the controls and the results.
#[component]
pub fn JobLine(lab: Lab) -> impl IntoView {
    let busy = move || lab.running.get() || matches!(lab.engine.get(), EngineState::Starting);
    let words = move || match (lab.engine.get(), lab.progress.get()) {
        (EngineState::Starting, _) => match lab.arriving.get() {
            Some((done, 0)) => format!("Loading the engine: {}", text::bytes(done)),
            Some((done, total)) => format!("Loading the engine: {} of {}", text::bytes(done), text::bytes(total)),
            None => "Starting the engine".into(),
        },
        (_, Some(progress)) => describe(lab, progress),
        _ => "Computing".into(),
    };
    let counted = move || match lab.engine.get() {
        EngineState::Starting => lab.arriving.get().filter(|(_, total)| *total > 0),
        _ => lab.progress.get().map(|progress| (progress.done, progress.total)).filter(|(_, total)| *total > 0),
    };
    let stopped = move || !busy() && lab.latest.get() > lab.finished.get() && (lab.is_stale(lab.view) || lab.is_stale(lab.pruned.map));
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
                <span data-testid="progress-words" aria-live="polite">{move || busy().then(words)}</span>
                <button type="button" class="plain" data-testid="cancel" disabled=move || !lab.running.get() on:click=move |_| lab.cancel()>
                    "Cancel (Esc)"
                </button>
            </div>
            {move || stopped().then(|| view! {
                <p class="note" role="status" data-testid="stopped">
                    "Stopped. What is dimmed below belongs to the settings before. "
                    <button type="button" class="plain" on:click=move |_| lab.ask()>"Compute"</button>
                </p>
            })}
        </div>
    }
}

/// "Integrated gradients, pruned network: 32 of 50 steps".
fn describe(lab: Lab, progress: Progress) -> String {
    let Progress { stage, done, total } = progress;
    let network = || lab.card().map_or_else(|| "the network".into(), |card| card.name());
    let map = |of: &str| {
        let method = lab.experiment.with(|experiment| experiment.attribution.method.info().title);
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
            let info = lab.experiment.with(|experiment| experiment.pruning.criterion.info());
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
