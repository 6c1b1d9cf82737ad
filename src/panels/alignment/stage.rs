//! The experiment itself, over the whole window: a fixation square, a picture for a fifth of a second, noise, and the sixteen categories.
//!
//! Networks answer afterwards, so that nothing computes while a picture is shown but the pictures to come.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::interlude::interlude;
use super::ring::{buttons, of_letter, turn};
use super::trial::{AHEAD, TrialRunner};
use crate::people;
use crate::session;
use crate::stores::Stores;
use crate::stores::people::Phase;
use crate::widgets::following::following;
use sweetspot_core::alignment::plan::Timing;
use sweetspot_core::alignment::sitting::Sitting;
use sweetspot_protocol::SIDE;

/// Opens the stage for a sitting, new or begun.
pub fn begin(stores: Stores, sitting: Sitting) {
    session::prepare(stores, sitting.tasks[sitting.given.len()..].iter().take(AHEAD));
    people::keep(stores, sitting.clone());
    stores.people.current.set(Some(sitting));
    stores.people.phase.set(Phase::Ready);
}

/// The stage.
#[component]
pub fn Stage(stores: Stores) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let ring = NodeRef::<leptos::html::Div>::new();
    let runner = TrialRunner::new(stores);
    let phase = stores.people.phase;
    Effect::new(move |_| {
        let (Some(dialog), phase) = (dialog.get(), phase.get()) else { return };
        match phase {
            Phase::Closed if dialog.open() => dialog.close(),
            Phase::Closed => {}
            _ => {
                if !dialog.open() {
                    let _ = dialog.show_modal();
                }
                // What can be pressed is there a frame later.
                request_animation_frame(move || focus(&dialog, phase));
            }
        }
    });
    // The trial goes on when its picture is there.
    Effect::new(move |_| {
        stores.people.arrived.track();
        if phase.get_untracked() == Phase::Preparing {
            runner.show();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if phase.get_untracked() != Phase::Answering || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let forwards = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => true,
            "ArrowLeft" | "ArrowUp" => false,
            key => {
                if let Some(category) = of_letter(key) {
                    event.prevent_default();
                    runner.answer(Some(category));
                }
                return;
            }
        };
        event.prevent_default();
        if let Some(ring) = ring.get_untracked() {
            turn(&ring, forwards);
        }
    };
    let chosen = Callback::new(move |category| runner.answer(Some(category)));
    let on_cancel = move |event: web_sys::Event| {
        event.prevent_default();
        runner.pause();
    };
    // The browser may close it without asking; nothing is lost then, either.
    let on_close = move |_| {
        runner.leave();
        phase.set(Phase::Closed);
    };
    let untimed =
        move || stores.people.current.with(|sitting| sitting.as_ref().is_some_and(|sitting| sitting.plan.timing == Timing::Untimed));
    let seen = move || phase.get() == Phase::Showing || (phase.get() == Phase::Answering && untimed());
    let progress = move || {
        let told = stores
            .people
            .current
            .with(|sitting| sitting.as_ref().map(|sitting| (sitting.progress(), sitting.next().is_some_and(|t| t.practice))));
        told.map(|((done, all), practice)| if practice { "Practice".to_string() } else { format!("{done} of {all} answered") })
    };
    let acting = move || matches!(phase.get(), Phase::Preparing | Phase::Showing | Phase::Answering);
    view! {
        <dialog class="stage" aria-label="Recognition experiment" data-testid="stage" data-phase=move || format!("{:?}", phase.get()) node_ref=dialog
            on:keydown=on_key on:cancel=on_cancel on:close=on_close>
            <div class="stage-head">
                <span role="status" data-testid="stage-progress">{following(progress)}</span>
                <button type="button" class="plain" data-testid="pause" hidden=move || !acting() on:click=move |_| runner.pause()>"Pause (Escape)"</button>
            </div>
            <div class="arena" tabindex="-1" class:untimed=untimed>
                <canvas width=SIDE.to_string() height=SIDE.to_string() role="img" aria-label="The picture to recognise" class:seen=seen node_ref=runner.canvas></canvas>
                <div class="ring" role="group" aria-label="Which of these did the picture show?" data-testid="ring" node_ref=ring
                    hidden=move || phase.get() != Phase::Answering>{buttons(chosen)}</div>
            </div>
            <div class="interlude" hidden=move || matches!(phase.get(), Phase::Showing | Phase::Answering)>{following(move || interlude(runner, phase.get()))}</div>
        </dialog>
    }
    .into_any()
}

/// Puts the focus where the next key is meant for.
fn focus(dialog: &HtmlElement, phase: Phase) {
    // Keys must reach the stage while a picture is there, too.
    let place = if matches!(phase, Phase::Preparing | Phase::Showing | Phase::Answering) { ".arena" } else { ".interlude .primary" };
    if let Some(element) = dialog.query_selector(place).ok().flatten().and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
