//! The trials: a picture is asked for, shown for as long as it should be, and answered.
//!
//! What is seen is drawn straight onto a canvas in the browser's own frames, and how long it was really there is noted.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::people;
use crate::session;
use crate::stores::Stores;
use crate::stores::people::Phase;
use crate::widgets::pixels::{opaque, put};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::plan::Timing;
use sweetspot_core::alignment::sitting::Given;
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
pub(super) const AHEAD: usize = 4;
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

/// Runs the trials of the sitting on the stage, and remembers what the present one needs.
#[derive(Clone, Copy)]
pub(super) struct TrialRunner {
    pub(super) stores: Stores,
    pub(super) canvas: NodeRef<leptos::html::Canvas>,
    /// Tells the steps of this trial from those of one that was left.
    turn: StoredValue<u32>,
    /// When an answer could first be given, in the browser's milliseconds.
    asked: StoredValue<f64>,
    /// How long the picture was there.
    shown: StoredValue<Option<f64>>,
    /// What practice showed, and what was answered.
    pub(super) practised: RwSignal<Option<(Category, Option<Category>)>>,
    /// Why a picture cannot be shown.
    pub(super) trouble: RwSignal<Option<String>>,
}

fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now())
}

impl TrialRunner {
    /// Nothing is shown yet.
    pub(super) fn new(stores: Stores) -> Self {
        Self {
            stores,
            canvas: NodeRef::new(),
            turn: StoredValue::new(0),
            asked: StoredValue::new(0.0),
            shown: StoredValue::new(None),
            practised: RwSignal::new(None),
            trouble: RwSignal::new(None),
        }
    }

    /// Shows the next trial, as soon as its picture is there.
    pub(super) fn show(self) {
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
    pub(super) fn answer(self, response: Option<Category>) {
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
    pub(super) fn after_practice(self) {
        let counts =
            self.stores.people.current.with_untracked(|sitting| sitting.as_ref().and_then(|s| s.next()).is_some_and(|task| !task.practice));
        if counts { self.stores.people.phase.set(Phase::Practised) } else { self.show() }
    }

    /// Stops the trial, which is shown again from its beginning afterwards.
    pub(super) fn pause(self) {
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

    /// Ends the trial that is going on.
    pub(super) fn leave(self) {
        self.next_turn();
    }

    /// Closes the stage after the last trial, and lets the networks answer.
    pub(super) fn finish(self) {
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
