//! The presentation that a link asks for, and the way through a lesson.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::Commit;
use super::assets;
use crate::people;
use crate::presenting;
use crate::session;
use crate::stores::Stores;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::lessons::{Figure, Lesson, Step};
use sweetspot_core::link;
use sweetspot_core::presentation::{Part, Place, Presentation};
use sweetspot_core::words::Language;

/// Takes up how a fragment asks to be shown, and says what of it cannot be.
pub(super) fn take_presentation(stores: Stores, fragment: &str) {
    let (presentation, complaints) = Presentation::read(fragment);
    for complaint in complaints {
        stores.messages.say(complaint);
    }
    if let Some(language) = presentation.language {
        stores.texts.language.set(language);
    }
    // A bare link to a lesson shows the step's figure; one with an experiment shows that.
    let bare = link::read(fragment)
        .is_ok_and(|experiment| Experiment { device: Experiment::default().device, ..experiment } == Experiment::default());
    stores.lessons.due.set(bare && presentation.lesson.is_some());
    if stores.presentation.asked.with_untracked(|before| *before != presentation) {
        stores.lessons.revealed.set(false);
        let pack = presentation.pack.clone();
        stores.presentation.asked.set(presentation);
        if let Some(pack) = pack {
            people::seek_pack(stores, pack);
        }
    }
    presenting::keep_beside(stores);
}

/// Fetches the list of lessons and the one that is going on, and shows figures when they are due.
pub(super) fn follow_lessons(stores: Stores) {
    let lessons = stores.lessons;
    let wanted = Memo::new(move |_| {
        let name = stores.presentation.asked.with(|presentation| presentation.lesson.as_ref().map(|place| place.lesson.clone()));
        name.map(|name| format!("{}/{name}", stores.texts.language.get().id())).unwrap_or_default()
    });
    Effect::new(move |_| {
        let file = wanted.get();
        let Some((_, name)) = file.split_once('/') else { return };
        let (name, language) = (name.to_string(), stores.texts.language.get_untracked());
        spawn_local(async move {
            let read = read_lesson(stores, &name, language).await;
            if wanted.get_untracked() != file {
                return;
            }
            match read {
                Ok(lesson) => begin_lesson(stores, name, Arc::new(lesson)),
                Err(error) => {
                    stores.messages.say(error.to_string());
                    stores.lessons.due.set(false);
                    presenting::present(stores, Commit::Replace, |presentation| presentation.lesson = None);
                }
            }
        });
    });
    Effect::new(move |_| {
        let ready = lessons.settled.get() && lessons.due.get();
        if let Some((lesson, at)) = lessons.step().filter(|_| ready) {
            lessons.due.set(false);
            show_figure(stores, lesson.steps[at].figure());
        }
    });
    // The panels that a step asks for are unfolded, and others folded, so that nothing is computed that is not seen.
    Effect::new(move |_| {
        if lessons.step().is_some() {
            let wanted = lessons.wanted();
            request_animation_frame(move || unfold(&wanted));
        }
    });
}

/// Fetches the list of lessons, unless it is there.
pub async fn list_lessons(stores: Stores) {
    if stores.lessons.list.with_untracked(Vec::is_empty) {
        match assets::lessons().await {
            Ok(lessons) => stores.lessons.list.set(lessons),
            Err(error) => stores.messages.say(error.to_string()),
        }
    }
}

async fn read_lesson(stores: Stores, name: &str, language: Language) -> Result<Lesson, Error> {
    list_lessons(stores).await;
    let known = stores.lessons.list.get_untracked();
    if known.is_empty() {
        return Err(Error::Missing { what: "the list of lessons".into(), reason: "it could not be fetched; check the connection".into() });
    }
    if !known.iter().any(|listed| listed.id == name) {
        return Err(Error::unknown("lesson", name, known.iter().map(|listed| listed.id.as_str())));
    }
    assets::lesson(name, language).await
}

fn begin_lesson(stores: Stores, name: String, lesson: Arc<Lesson>) {
    let steps = lesson.steps.len();
    stores.lessons.open.set(Some((name, lesson)));
    let asked = stores.presentation.asked.with_untracked(|presentation| presentation.lesson.as_ref().map_or(1, |place| place.step));
    if asked > steps {
        stores.messages.say(format!("The lesson has {steps} steps and no step {asked}; the last one is shown."));
        presenting::present(stores, Commit::Replace, |presentation| presentation.lesson.iter_mut().for_each(|place| place.step = steps));
    }
}

/// Goes to a step of a lesson and shows its figure.
pub fn go_to(stores: Stores, place: Place) {
    stores.lessons.revealed.set(false);
    stores.lessons.due.set(true);
    presenting::present(stores, Commit::Done("lesson"), |presentation| presentation.lesson = Some(place));
    stores.lessons.moves.update(|moves| *moves += 1);
}

/// Goes so many steps on or back in the lesson that is going on, as far as it has any.
pub fn go_by(stores: Stores, steps: isize) {
    let Some((lesson, at)) = untrack(|| stores.lessons.step()) else { return };
    let place = stores.presentation.asked.with_untracked(|presentation| presentation.lesson.clone());
    let (Some(place), Some(to)) = (place, at.checked_add_signed(steps).filter(|to| *to < lesson.steps.len())) else { return };
    go_to(stores, Place { step: to + 1, ..place });
}

/// Leaves the lesson. The experiment stays.
pub fn leave_lesson(stores: Stores) {
    stores.lessons.due.set(false);
    presenting::present(stores, Commit::Done("lesson"), |presentation| presentation.lesson = None);
}

/// Shows what is to be seen after a question.
pub fn reveal(stores: Stores, step: &Step) {
    stores.lessons.revealed.set(true);
    show_figure(stores, step.reveal());
}

/// Takes up a figure's experiment, on the reader's device.
pub fn show_figure(stores: Stores, figure: Option<&Figure>) {
    let Some(wished) = figure.and_then(|figure| figure.experiment.clone()) else { return };
    let device = stores.experiment.with_untracked(|experiment| experiment.device);
    let experiment = session::fitted(stores, Experiment { device, ..*wished });
    stores.address.show(&experiment, Commit::Done("lesson"));
    if stores.experiment.with_untracked(|before| *before != experiment) {
        session::adopt(stores, experiment);
    }
}

/// Unfolds the panels that are wanted and folds the others.
fn unfold(wanted: &[Part]) {
    for part in Part::ALL.into_iter().filter(|part| part.is_panel()) {
        let found = document().query_selector(&format!("[data-part={}] > details", part.id()));
        let Ok(Some(panel)) = found else { continue };
        let done = match wanted.contains(&part) {
            true => panel.set_attribute("open", ""),
            false => panel.remove_attribute("open"),
        };
        // An attribute that cannot be set leaves a panel that the reader can unfold.
        let _ = done;
    }
}
