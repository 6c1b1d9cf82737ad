//! The experiment itself, over the whole window: a fixation square, a picture for a fifth of a second, noise, and the sixteen categories.
//!
//! What is seen is drawn straight onto a canvas in the browser's own frames, and how long it was really there is noted. Networks answer afterwards,
//! so that nothing computes while a picture is shown but the pictures to come.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement, KeyboardEvent};

use super::ring::{buttons, of_letter, turn};
use crate::people;
use crate::session;
use crate::stores::Stores;
use crate::stores::people::{Phase, Writing};
use crate::widgets::following::following;
use crate::widgets::pixels::{opaque, put};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::plan::Timing;
use sweetspot_core::alignment::sitting::{Given, Sitting};
use sweetspot_core::card::IMAGENET;
use sweetspot_protocol::{SIDE, Stimulus};

/// Milliseconds of the fixation square, of the picture and of the noise after it (Geirhos et al., 2018).
const FIXATION: f64 = 300.0;
const PICTURE: f64 = 200.0;
const NOISE: f64 = 200.0;
/// How long an answer is waited for where it is limited.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Half a frame of a slow screen: a step ends at the frame that is nearest to its end.
const SLACK: f64 = 8.0;
/// How many pictures are made ahead.
const AHEAD: usize = 4;
/// The grey around pictures, and the side of the fixation square.
const GREY: u8 = 128;
const SQUARE: usize = 10;

/// What is on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Fixation,
    Picture,
    Noise,
}

/// The stage with what it remembers of the trial.
#[derive(Clone, Copy)]
struct Stand {
    stores: Stores,
    canvas: NodeRef<leptos::html::Canvas>,
    /// Tells the steps of this trial from those of one that was left.
    turn: StoredValue<u32>,
    /// When an answer could first be given, in the browser's milliseconds.
    asked: StoredValue<f64>,
    /// How long the picture was there.
    shown: StoredValue<Option<f64>>,
    /// What practice showed, and what was answered.
    practised: RwSignal<Option<(Category, Option<Category>)>>,
    /// Why a picture cannot be shown.
    trouble: RwSignal<Option<String>>,
}

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
    let stand = Stand {
        stores,
        canvas: NodeRef::new(),
        turn: StoredValue::new(0),
        asked: StoredValue::new(0.0),
        shown: StoredValue::new(None),
        practised: RwSignal::new(None),
        trouble: RwSignal::new(None),
    };
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
            stand.show();
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
                    stand.answer(Some(category));
                }
                return;
            }
        };
        event.prevent_default();
        if let Some(ring) = ring.get_untracked() {
            turn(&ring, forwards);
        }
    };
    let chosen = Callback::new(move |category| stand.answer(Some(category)));
    let on_cancel = move |event: web_sys::Event| {
        event.prevent_default();
        stand.pause();
    };
    // The browser may close it without asking; nothing is lost then, either.
    let on_close = move |_| {
        stand.leave();
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
                <button type="button" class="plain" data-testid="pause" hidden=move || !acting() on:click=move |_| stand.pause()>"Pause (Escape)"</button>
            </div>
            <div class="arena" tabindex="-1" class:untimed=untimed>
                <canvas width=SIDE.to_string() height=SIDE.to_string() role="img" aria-label="The picture to recognise" class:seen=seen node_ref=stand.canvas></canvas>
                <div class="ring" role="group" aria-label="Which of these did the picture show?" data-testid="ring" node_ref=ring
                    hidden=move || phase.get() != Phase::Answering>{buttons(chosen)}</div>
            </div>
            <div class="interlude" hidden=move || matches!(phase.get(), Phase::Showing | Phase::Answering)>{following(move || interlude(stand, phase.get()))}</div>
        </dialog>
    }
    .into_any()
}

/// What is said between trials. Follows the signals.
fn words(stand: Stand, phase: Phase) -> String {
    let people = stand.stores.people;
    let timing = people.current.with_untracked(|sitting| sitting.as_ref().map(|sitting| sitting.plan.timing));
    let kept = || match people.writing.get() {
        Writing::Going(_) => "Your answers are being written to this device\u{2026}".to_string(),
        Writing::Kept => "Your answers are kept on this device.".into(),
        Writing::Failed(reason) => {
            format!("Your answers are not kept on this device: {reason}. Export them before you close this page.")
        }
    };
    match phase {
        Phase::Closed | Phase::Showing | Phase::Answering => String::new(),
        Phase::Preparing => "Making the next picture\u{2026}".into(),
        Phase::Ready => {
            let how = match timing {
                Some(Timing::Untimed) => "A picture stays until you have answered.",
                Some(Timing::Published) => {
                    "After a square in the middle a picture appears for a fifth of a second. Answer within a second and a half."
                }
                _ => "After a square in the middle a picture appears for a fifth of a second. Then take your time.",
            };
            format!(
                "{how} Choose what it showed: with the mouse, by touch, with the letter beside each icon, or with the arrow keys and Enter. If you are not \
                 sure, guess. Escape pauses."
            )
        }
        Phase::Feedback => match stand.practised.get_untracked() {
            Some((shown, Some(answer))) if shown == answer => format!("Right: {shown}."),
            Some((shown, Some(answer))) => format!("It was a picture of: {shown}. You answered: {answer}."),
            Some((shown, None)) => format!("It was a picture of: {shown}. No answer came in time."),
            None => String::new(),
        },
        Phase::Practised => "That was practice. From now on answers count, and you are not told whether they are right.".into(),
        Phase::Break => "Time for a break. Go on when you like.".into(),
        Phase::Paused if people.writing.with(|writing| *writing == Writing::Kept) => {
            format!("Paused. {} You can go on now or another day.", kept())
        }
        Phase::Paused => format!("Paused. {}", kept()),
        Phase::Over => format!("Done. Thank you. {} Both networks answer the same pictures now.", kept()),
    }
}

/// That, with what can be done.
fn interlude(stand: Stand, phase: Phase) -> AnyView {
    if matches!(phase, Phase::Closed | Phase::Showing | Phase::Answering) {
        return ().into_any();
    }
    let people = stand.stores.people;
    let go = match phase {
        Phase::Preparing => None,
        Phase::Ready => Some("Begin"),
        Phase::Feedback => Some("Next"),
        Phase::Over => Some("See the comparison"),
        _ => Some("Go on"),
    };
    let press = move |_| match phase {
        Phase::Over => stand.finish(),
        Phase::Feedback => stand.after_practice(),
        _ => stand.show(),
    };
    let stops = matches!(phase, Phase::Ready | Phase::Break | Phase::Paused | Phase::Practised | Phase::Preparing);
    let stop = move |_| people.phase.set(Phase::Closed);
    let trouble = stand.trouble.get();
    view! {
        <p role="status" data-testid="interlude">{following(move || words(stand, phase))}</p>
        {trouble.map(|trouble| view! { <p class="own-failed" role="alert">{trouble}</p> })}
        <div class="ways">
            {go.map(|words| view! { <button type="button" class="primary" data-testid="go" on:click=press>{words}</button> })}
            {stops.then(|| view! { <button type="button" data-testid="stop" on:click=stop>"Leave for now"</button> })}
        </div>
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

fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now())
}

impl Stand {
    /// Shows the next trial, as soon as its picture is there.
    fn show(self) {
        let people = self.stores.people;
        let next = people.current.with_untracked(|sitting| {
            let sitting = sitting.as_ref()?;
            session::prepare(self.stores, sitting.tasks[sitting.given.len()..].iter().take(AHEAD));
            sitting.next().map(|task| (task.condition.clone(), task.image.clone()))
        });
        let Some(key) = next else { return people.phase.set(Phase::Over) };
        let made = people.stimuli.with_value(|stimuli| stimuli.get(&key).cloned());
        match made {
            None => {
                self.trouble.set(None);
                people.phase.set(Phase::Preparing);
            }
            Some(Err(reason)) => {
                // Going on asks for it again.
                people.stimuli.update_value(|stimuli| drop(stimuli.remove(&key)));
                self.trouble.set(Some(format!("The next picture cannot be shown: {reason}.")));
                people.phase.set(Phase::Paused);
            }
            Some(Ok(stimulus)) => {
                self.trouble.set(None);
                people.phase.set(Phase::Showing);
                let turn = self.next_turn();
                request_animation_frame(move || self.draw(turn, Step::Fixation, stimulus));
            }
        }
    }

    fn next_turn(self) -> u32 {
        self.turn
            .try_update_value(|turn| {
                *turn = turn.wrapping_add(1);
                *turn
            })
            .unwrap_or_default()
    }

    /// Draws a step, in a frame of the browser, and waits for its end.
    fn draw(self, turn: u32, step: Step, stimulus: Arc<Stimulus>) {
        if self.turn.get_value() != turn {
            return;
        }
        let Some(canvas) = self.canvas.get_untracked() else { return };
        match step {
            Step::Fixation => fixation(&canvas, true),
            Step::Picture => put(&canvas, &opaque(&stimulus.rgb), SIDE, SIDE),
            Step::Noise => put(&canvas, &grey(&stimulus.noise), SIDE, SIDE),
        };
        let timing = self.stores.people.current.with_untracked(|sitting| sitting.as_ref().map(|sitting| sitting.plan.timing));
        if step == Step::Picture && timing == Some(Timing::Untimed) {
            self.shown.set_value(None);
            return self.ask(turn, Timing::Untimed);
        }
        self.wait(turn, step, now(), stimulus, timing.unwrap_or(Timing::Flash));
    }

    /// Looks at each frame whether a step has lasted long enough.
    fn wait(self, turn: u32, step: Step, since: f64, stimulus: Arc<Stimulus>, timing: Timing) {
        request_animation_frame(move || {
            if self.turn.get_value() != turn {
                return;
            }
            let passed = now() - since;
            let (lasts, next) = match step {
                Step::Fixation => (FIXATION, Some(Step::Picture)),
                Step::Picture => (PICTURE, Some(Step::Noise)),
                Step::Noise => (NOISE, None),
            };
            if passed < lasts - SLACK {
                return self.wait(turn, step, since, stimulus, timing);
            }
            if step == Step::Picture {
                self.shown.set_value(Some(passed));
            }
            match next {
                Some(next) => self.draw(turn, next, stimulus),
                None => {
                    if let Some(canvas) = self.canvas.get_untracked() {
                        fixation(&canvas, false);
                    }
                    self.ask(turn, timing);
                }
            }
        });
    }

    /// Shows the categories.
    fn ask(self, turn: u32, timing: Timing) {
        self.asked.set_value(now());
        self.stores.people.phase.set(Phase::Answering);
        if timing == Timing::Published {
            set_timeout(
                move || {
                    if self.turn.get_value() == turn {
                        self.answer(None);
                    }
                },
                PATIENCE,
            );
        }
    }

    /// Takes an answer; none where it did not come in time.
    fn answer(self, response: Option<Category>) {
        let people = self.stores.people;
        if people.phase.get_untracked() != Phase::Answering {
            return;
        }
        self.next_turn();
        let given = Given { response, seconds: (now() - self.asked.get_value()) / 1000.0, shown: self.shown.get_value() };
        let done = people.current.try_update(|sitting| {
            let sitting = sitting.as_mut()?;
            let task = sitting.next()?.clone();
            sitting.given.push(given);
            Some((sitting.clone(), task))
        });
        let Some(Some((sitting, task))) = done else { return };
        let (pauses, over) = (sitting.is_break(), sitting.is_over());
        people::keep(self.stores, sitting);
        if task.practice {
            self.practised.set(Some((task.category, response)));
            people.phase.set(Phase::Feedback);
        } else if over {
            people.phase.set(Phase::Over);
        } else if pauses {
            people.phase.set(Phase::Break);
        } else {
            self.show();
        }
    }

    /// Goes on after the feedback of a practice trial.
    fn after_practice(self) {
        let counts =
            self.stores.people.current.with_untracked(|sitting| sitting.as_ref().and_then(|s| s.next()).is_some_and(|task| !task.practice));
        if counts { self.stores.people.phase.set(Phase::Practised) } else { self.show() }
    }

    /// Stops the trial, which is shown again from its beginning afterwards.
    fn pause(self) {
        let phase = self.stores.people.phase;
        match phase.get_untracked() {
            Phase::Over => self.finish(),
            Phase::Ready | Phase::Paused => phase.set(Phase::Closed),
            _ => {
                self.next_turn();
                phase.set(Phase::Paused);
            }
        }
    }

    fn leave(self) {
        self.next_turn();
    }

    /// Closes the stage after the last trial, and lets the networks answer.
    fn finish(self) {
        self.stores.people.phase.set(Phase::Closed);
        let imagenet = untrack(|| self.stores.catalogue.card()).is_none_or(|card| card.classes == IMAGENET);
        if imagenet {
            session::compare(self.stores, Vec::new());
        }
    }
}

/// Grey, with the fixation square or without it.
fn fixation(canvas: &HtmlCanvasElement, square: bool) -> Option<()> {
    let inside = |at: usize| at.abs_diff(SIDE / 2) < SQUARE / 2;
    let grey = |at: usize| if square && inside(at % SIDE) && inside(at / SIDE) { 255 } else { GREY };
    let rgba: Vec<u8> = (0..SIDE * SIDE).flat_map(|at| [grey(at), grey(at), grey(at), 255]).collect();
    put(canvas, &rgba, SIDE, SIDE)
}

/// Grey bytes with an opacity.
fn grey(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| [*byte, *byte, *byte, 255]).collect()
}
