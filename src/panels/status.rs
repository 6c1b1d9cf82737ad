//! What the engine runs on, why, and how fast; and what is read out when a result comes.

use leptos::prelude::*;

use super::offline::{OfflineChoice, UpdateNotice};
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::table::{said, terms};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_core::link;
use sweetspot_core::side::Side;
use sweetspot_protocol::DeviceReport;

/// The status line with its details.
#[component]
pub fn Status(stores: Stores) -> impl IntoView {
    let line = move || match stores.engine.state.get() {
        EngineState::Starting => stores.texts.word("status.starting").into(),
        EngineState::Ready(report) => ready(&report, stores.engine.pace.get()),
        EngineState::Down(_) => stores.texts.word("status.down").into(),
    };
    let kind = move || match stores.engine.state.get() {
        EngineState::Starting => "starting",
        EngineState::Ready(_) => "ready",
        EngineState::Down(_) => "down",
    };
    view! {
        <div class="status" data-state=kind data-testid="engine">
            <p class="status-line">
                <span class="lamp" aria-hidden="true"></span>
                <span data-testid="status" role="status">{following(line)}</span>
                <span class="private">{stores.texts.words("private")}</span>
            </p>
            {following(move || stores.engine.restarted.get().filter(|_| kind() != "down").map(|sentence| view! { <p class="note" role="status" data-testid="restarted">{sentence}</p> }))}
            <UpdateNotice stores/>
            {following(move || match stores.engine.state.get() {
                EngineState::Down(reason) => Some(view! {
                    <div class="alert" role="alert" data-testid="engine-down">
                        <p>"The engine stopped: " {reason}</p>
                        <button type="button" data-testid="retry-cpu" on:click=move |_| session::retry_on_cpu(stores)>"Try again on the CPU"</button>
                    </div>
                }),
                _ => None,
            })}
            <details class="device">
                <summary>{stores.texts.words("device")}</summary>
                <DeviceDetails stores/>
            </details>
            <p class="hidden" role="status" aria-live="polite" data-testid="spoken">{following(move || spoken(stores))}</p>
        </div>
    }
}

#[component]
fn DeviceDetails(stores: Stores) -> impl IntoView {
    let value = Signal::derive(move || {
        let wish = match stores.experiment.with(|experiment| experiment.device) {
            DeviceChoice::Auto => "auto",
            DeviceChoice::Cpu => "cpu",
            DeviceChoice::Gpu => "gpu",
        };
        wish.to_string()
    });
    let choose = Callback::new(move |wish: String| {
        if let Ok(device) = link::device(&wish) {
            session::change(stores, Commit::Done("device"), |experiment| experiment.device = device);
        }
    });
    let list = Signal::stored(entries([
        ("auto", "the GPU if it computes right, else the CPU"),
        ("cpu", "the CPU"),
        ("gpu", "the GPU, even an emulated one"),
    ]));
    let facts = move || match stores.engine.state.get() {
        EngineState::Ready(report) => terms(vec![
            ("Device", said(&report.name)),
            ("Why", said(&report.why)),
            ("Self-test", said(format!("largest difference {}", text::value(f64::from(report.self_test))))),
        ]),
        _ => ().into_any(),
    };
    view! {
        <div class="device-body">
            <Choice id="device" label="Compute on" options=list value choose/>
            <dl>{following(facts)}</dl>
            <OfflineChoice stores/>
        </div>
    }
}

/// "CPU (this browser offers no GPU) · 14 ms a pass".
fn ready(report: &DeviceReport, pass: Option<f64>) -> String {
    let kind = if report.device == DeviceChoice::Gpu { "GPU" } else { "CPU" };
    let why = text::clause(&report.why);
    let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
    let pass = pass.map(|millis| format!(" \u{b7} {} a pass", text::millis(millis))).unwrap_or_default();
    format!("{kind}{why}{pass}")
}

/// What a finished run is for those who cannot see it.
fn spoken(stores: Stores) -> Option<String> {
    if stores.answers.finished.get() == 0 {
        return None;
    }
    let first = |side| {
        stores.answers.pane(side).predictions.with_untracked(|answer| {
            let best = answer.as_ref()?.value.top.first()?;
            Some(format!("{} {}", text::short(&best.label), text::score(f64::from(best.probability))))
        })
    };
    let sparsity = stores.experiment.with_untracked(|experiment| text::sparsity(experiment.pruning.sparsity));
    Some(format!("Updated. Dense: {}. Pruned by {sparsity}: {}.", first(Side::Dense)?, first(Side::Pruned)?))
}
