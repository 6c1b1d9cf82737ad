//! Where the object is, found without labels: what each network sets apart from the rest of the picture, along layers and sparsities, and how often
//! that is right.

mod controls;
mod figure;
mod located;
mod strip;

use leptos::prelude::*;

use self::controls::Controls;
use self::figure::Figures;
use self::located::HowOften;
use self::strip::StripOf;
use super::group::is_open;
use crate::state::{Following, Lab};

/// The panel. Nothing is looked for before it is opened.
#[component]
pub fn Objects(lab: Lab) -> impl IntoView {
    view! {
        <details class="panel sights objects" data-testid="objects" on:toggle=move |event| lab.discover(is_open(&event))>
            <summary><h2>"Where is the object?"</h2></summary>
            <Show when=move || lab.discovering.get()>
                <p class="note">
                    "Which part of the picture the networks\u{2019} features set apart from the rest; no label is used. A box is right if it covers a true \
                    one with an intersection over union (IoU) of at least one half."
                </p>
                <Controls lab/>
                <State lab/>
                <Figures lab/>
                <StripOf lab strip=Following::Layers/>
                <StripOf lab strip=Following::Sparsities/>
                <HowOften lab/>
            </Show>
        </details>
    }
}

/// Whether what is shown is of the present experiment. Follows the signals.
fn there(lab: Lab) -> bool {
    let present = lab.experiment.get();
    lab.pruned.discovered.with(|answer| answer.as_ref().is_some_and(|answer| answer.experiment.same_objects(&present)))
}

/// Why the object is not (yet) looked for, where it is not.
#[component]
fn State(lab: Lab) -> impl IntoView {
    let why = move || {
        let present = lab.experiment.get();
        lab.not_sought
            .with(|not| not.as_ref().filter(|(old, _)| old.same_objects(&present)).map(|(_, why)| format!("Not looked for: {why}.")))
    };
    let waits = move || !there(lab) && why().is_none();
    let stopped = move || waits() && !lab.running.get() && lab.finished.get() >= lab.latest.get() && lab.finished.get() > 0;
    view! {
        <p class="note" role="status" data-testid="objects-state">
            {move || why().filter(|_| !there(lab))}
            {move || (waits() && !stopped()).then_some("The object is looked for when what is running is done.")}
            {move || stopped().then(|| view! {
                "The search was stopped. "
                <button type="button" class="plain" on:click=move |_| lab.discover(true)>"Search again"</button>
            })}
        </p>
    }
}
