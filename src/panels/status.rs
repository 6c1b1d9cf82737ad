//! What the engine runs on, why, and how fast; and what is read out when a result comes.

use leptos::prelude::*;

use super::offline::{OfflineChoice, UpdateNotice};
use crate::address::Commit;
use crate::state::{EngineState, Lab};
use crate::text;
use crate::widgets::choice::Choice;
use crate::widgets::markup::{Html, options, terms};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_core::link;
use sweetspot_core::side::Side;
use sweetspot_protocol::DeviceReport;

/// The status line with its details.
#[component]
pub fn Status(lab: Lab) -> impl IntoView {
    let line = move || match lab.engine.get() {
        EngineState::Starting => lab.word("status.starting").into(),
        EngineState::Ready(report) => ready(&report, lab.pace.get()),
        EngineState::Down(_) => lab.word("status.down").into(),
    };
    let kind = move || match lab.engine.get() {
        EngineState::Starting => "starting",
        EngineState::Ready(_) => "ready",
        EngineState::Down(_) => "down",
    };
    view! {
        <div class="status" data-state=kind data-testid="engine">
            <p class="status-line">
                <span class="lamp" aria-hidden="true"></span>
                <span data-testid="status" role="status">{line}</span>
                <span class="private">{lab.words("private")}</span>
            </p>
            {move || lab.restarted.get().filter(|_| kind() != "down").map(|sentence| view! { <p class="note" role="status" data-testid="restarted">{sentence}</p> })}
            <UpdateNotice lab/>
            {move || match lab.engine.get() {
                EngineState::Down(reason) => Some(view! {
                    <div class="alert" role="alert" data-testid="engine-down">
                        <p>"The engine stopped: " {reason}</p>
                        <button type="button" data-testid="retry-cpu" on:click=move |_| lab.retry_on_cpu()>"Try again on the CPU"</button>
                    </div>
                }),
                _ => None,
            }}
            <details class="device">
                <summary>{lab.words("device")}</summary>
                <DeviceDetails lab/>
            </details>
            <p class="hidden" role="status" aria-live="polite" data-testid="spoken">{move || spoken(lab)}</p>
        </div>
    }
}

#[component]
fn DeviceDetails(lab: Lab) -> impl IntoView {
    let value = Signal::derive(move || {
        let wish = match lab.experiment.with(|experiment| experiment.device) {
            DeviceChoice::Auto => "auto",
            DeviceChoice::Cpu => "cpu",
            DeviceChoice::Gpu => "gpu",
        };
        wish.to_string()
    });
    let choose = Callback::new(move |wish: String| {
        if let Ok(device) = link::device(&wish) {
            lab.change(Commit::Done("device"), |experiment| experiment.device = device);
        }
    });
    let list = Signal::stored(options([
        ("auto", "the GPU if it computes right, else the CPU"),
        ("cpu", "the CPU"),
        ("gpu", "the GPU, even an emulated one"),
    ]));
    let facts = Signal::derive(move || match lab.engine.get() {
        EngineState::Ready(report) => terms(vec![
            ("Device", Html::text(&report.name)),
            ("Why", Html::text(&report.why)),
            ("Self-test", Html::text(&format!("largest difference {}", text::value(f64::from(report.self_test))))),
        ]),
        _ => Html::default(),
    });
    view! {
        <div class="device-body">
            <Choice id="device" label="Compute on" options=list value choose/>
            <dl inner_html=move || facts.get().into_string()></dl>
            <OfflineChoice lab/>
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
fn spoken(lab: Lab) -> Option<String> {
    if lab.finished.get() == 0 {
        return None;
    }
    let first = |side| {
        lab.pane(side).predictions.with_untracked(|answer| {
            let best = answer.as_ref()?.value.top.first()?;
            Some(format!("{} {}", text::short(&best.label), text::score(f64::from(best.probability))))
        })
    };
    let sparsity = lab.experiment.with_untracked(|experiment| text::percent(experiment.pruning.sparsity));
    Some(format!("Updated. Dense: {}. Pruned by {sparsity}: {}.", first(Side::Dense)?, first(Side::Pruned)?))
}
