//! How the page shows the experiment: on a projector, without some parts, in a lesson, in a language; and the way through a lesson.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::{self, Commit};
use super::assets::{self, Listed};
use super::state::Lab;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::lessons::{Figure, Lesson, Step};
use sweetspot_core::link;
use sweetspot_core::presentation::{Part, Place, Presentation};
use sweetspot_core::words::Language;

/// The key under which the reader's language is kept.
const LANGUAGE: &str = "sweetspot.language";

/// How the page shows the experiment. A bundle of signals; no part of the experiment.
#[derive(Clone, Copy)]
pub struct Showing {
    /// What the link asks for.
    pub presentation: RwSignal<Presentation>,
    /// The language that is spoken.
    pub language: RwSignal<Language>,
    /// The lessons there are, once they were fetched.
    pub lessons: RwSignal<Vec<Listed>>,
    /// The lesson that is going on, with its name.
    pub lesson: RwSignal<Option<(String, Arc<Lesson>)>>,
    /// Whether the step's reveal is shown.
    pub revealed: RwSignal<bool>,
    /// Whether the set-up is unfolded where it is folded.
    pub controls: RwSignal<bool>,
    /// Counts the steps the reader went to, for whoever moves the focus.
    pub moves: RwSignal<u32>,
    /// Whether names of networks and pictures are known, so that figures can be shown.
    settled: RwSignal<bool>,
    /// Whether the step's figure has still to be shown.
    due: RwSignal<bool>,
}

impl Showing {
    /// As usual, in the language the reader chose last.
    pub fn new() -> Self {
        let kept = address::storage().and_then(|storage| storage.get_item(LANGUAGE).ok()?);
        Self {
            presentation: RwSignal::new(Presentation::default()),
            language: RwSignal::new(kept.and_then(|id| Language::from_id(&id)).unwrap_or_default()),
            lessons: RwSignal::new(Vec::new()),
            lesson: RwSignal::new(None),
            revealed: RwSignal::new(false),
            controls: RwSignal::new(false),
            moves: RwSignal::new(0),
            settled: RwSignal::new(false),
            due: RwSignal::new(false),
        }
    }

    /// The step that is going on, once it was read. Follows the signals.
    pub fn step(self) -> Option<(Arc<Lesson>, usize)> {
        let place = self.presentation.with(|presentation| presentation.lesson.clone())?;
        let lesson =
            self.lesson.with(|lesson| lesson.as_ref().filter(|(name, _)| *name == place.lesson).map(|(_, lesson)| lesson.clone()))?;
        let at = place.step.min(lesson.steps.len()) - 1;
        Some((lesson, at))
    }

    /// Whether a lesson is going on. Follows the signal.
    pub fn in_lesson(self) -> bool {
        self.presentation.with(|presentation| presentation.lesson.is_some())
    }

    /// Whether the set-up is folded unless the reader unfolds it. Follows the signal.
    pub fn folds(self) -> bool {
        self.presentation.with(|presentation| presentation.lesson.is_some() || presentation.projector)
    }

    /// Whether a part of the page is shown. Follows the signals.
    pub fn shows(self, part: Part) -> bool {
        if self.presentation.with(|presentation| presentation.hidden.contains(&part)) {
            return false;
        }
        !part.is_panel() || !self.in_lesson() || self.wanted().contains(&part)
    }

    /// The panels that the step asks for. Follows the signals.
    pub fn wanted(self) -> Vec<Part> {
        let Some((lesson, at)) = self.step() else { return Vec::new() };
        let of = |figure: Option<&Figure>| figure.map(|figure| figure.show.clone()).unwrap_or_default();
        let step = &lesson.steps[at];
        let mut wanted = of(step.figure());
        if self.revealed.get() {
            wanted.extend(of(step.reveal()));
        }
        wanted
    }
}

impl Lab {
    /// A text of the page's own. Follows the language.
    pub fn word(self, key: &'static str) -> &'static str {
        self.showing.language.get().word(key)
    }

    /// The same as a signal.
    pub fn words(self, key: &'static str) -> Signal<&'static str> {
        Signal::derive(move || self.word(key))
    }

    /// A text of the page's own with what is put into it. Follows the language.
    pub fn phrase(self, key: &'static str, parts: &[(&str, &str)]) -> String {
        self.showing.language.get().phrase(key, parts)
    }

    /// Speaks another language, here and in the link if that has one, and remembers it.
    pub fn speak(self, language: Language) {
        self.showing.language.set(language);
        if let Some(storage) = address::storage() {
            let _ = storage.set_item(LANGUAGE, language.id());
        }
        self.present(Commit::Replace, |presentation| presentation.language = presentation.language.map(|_| language));
    }

    /// Changes how the experiment is shown, in the address too.
    pub fn present(self, commit: Commit, edit: impl FnOnce(&mut Presentation)) {
        self.showing.presentation.update(edit);
        self.keep_beside();
        let experiment = self.experiment.get_untracked();
        self.session.update_value(|session| session.address.show(&experiment, commit));
    }

    /// Takes up how a fragment asks to be shown, and says what of it cannot be.
    pub(super) fn take_presentation(self, fragment: &str) {
        let (presentation, complaints) = Presentation::read(fragment);
        for complaint in complaints {
            self.say(complaint);
        }
        if let Some(language) = presentation.language {
            self.showing.language.set(language);
        }
        // A bare link to a lesson shows the step's figure; one with an experiment shows that.
        let bare = link::read(fragment)
            .is_ok_and(|experiment| Experiment { device: Experiment::default().device, ..experiment } == Experiment::default());
        self.showing.due.set(bare && presentation.lesson.is_some());
        if self.showing.presentation.with_untracked(|before| *before != presentation) {
            self.showing.revealed.set(false);
            let pack = presentation.pack.clone();
            self.showing.presentation.set(presentation);
            if let Some(pack) = pack {
                self.seek_pack(pack);
            }
        }
        self.keep_beside();
    }

    /// Whether the step's figure has still to be shown.
    pub(super) fn awaits_figure(self) -> bool {
        self.showing.due.get_untracked()
    }

    /// Names can be looked up from now on, so the step's figure can be shown.
    pub(super) fn settle(self) {
        self.showing.settled.set(true);
    }

    fn keep_beside(self) {
        let beside = self.showing.presentation.with_untracked(Presentation::write);
        self.session.update_value(|session| session.address.beside = beside);
    }

    /// Fetches the list of lessons and the one that is going on, and shows figures when they are due.
    pub(super) fn follow_lessons(self) {
        let showing = self.showing;
        let wanted = Memo::new(move |_| {
            let name = showing.presentation.with(|presentation| presentation.lesson.as_ref().map(|place| place.lesson.clone()));
            name.map(|name| format!("{}/{name}", showing.language.get().id())).unwrap_or_default()
        });
        Effect::new(move |_| {
            let file = wanted.get();
            let Some((_, name)) = file.split_once('/') else { return };
            let (name, language) = (name.to_string(), showing.language.get_untracked());
            spawn_local(async move {
                let read = self.read_lesson(&name, language).await;
                if wanted.get_untracked() != file {
                    return;
                }
                match read {
                    Ok(lesson) => self.begin_lesson(name, Arc::new(lesson)),
                    Err(error) => {
                        self.say(error.to_string());
                        self.showing.due.set(false);
                        self.present(Commit::Replace, |presentation| presentation.lesson = None);
                    }
                }
            });
        });
        Effect::new(move |_| {
            let ready = showing.settled.get() && showing.due.get();
            if let Some((lesson, at)) = showing.step().filter(|_| ready) {
                showing.due.set(false);
                self.show_figure(lesson.steps[at].figure());
            }
        });
        // The panels that a step asks for are unfolded, and others folded, so that nothing is computed that is not seen.
        Effect::new(move |_| {
            if showing.step().is_some() {
                let wanted = showing.wanted();
                request_animation_frame(move || unfold(&wanted));
            }
        });
    }

    /// Fetches the list of lessons, unless it is there.
    pub async fn list_lessons(self) {
        if self.showing.lessons.with_untracked(Vec::is_empty) {
            match assets::lessons().await {
                Ok(lessons) => self.showing.lessons.set(lessons),
                Err(error) => self.say(error.to_string()),
            }
        }
    }

    async fn read_lesson(self, name: &str, language: Language) -> Result<Lesson, Error> {
        self.list_lessons().await;
        let known = self.showing.lessons.get_untracked();
        if known.is_empty() {
            return Err(Error::Missing {
                what: "the list of lessons".into(),
                reason: "it could not be fetched; check the connection".into(),
            });
        }
        if !known.iter().any(|listed| listed.id == name) {
            return Err(Error::unknown("lesson", name, known.iter().map(|listed| listed.id.as_str())));
        }
        assets::lesson(name, language).await
    }

    fn begin_lesson(self, name: String, lesson: Arc<Lesson>) {
        let steps = lesson.steps.len();
        self.showing.lesson.set(Some((name, lesson)));
        let asked = self.showing.presentation.with_untracked(|presentation| presentation.lesson.as_ref().map_or(1, |place| place.step));
        if asked > steps {
            self.say(format!("The lesson has {steps} steps and no step {asked}; the last one is shown."));
            self.present(Commit::Replace, |presentation| presentation.lesson.iter_mut().for_each(|place| place.step = steps));
        }
    }

    /// Goes to a step of a lesson and shows its figure.
    pub fn go_to(self, place: Place) {
        self.showing.revealed.set(false);
        self.showing.due.set(true);
        self.present(Commit::Done("lesson"), |presentation| presentation.lesson = Some(place));
        self.showing.moves.update(|moves| *moves += 1);
    }

    /// Goes so many steps on or back in the lesson that is going on, as far as it has any.
    pub fn go_by(self, steps: isize) {
        let Some((lesson, at)) = untrack(|| self.showing.step()) else { return };
        let place = self.showing.presentation.with_untracked(|presentation| presentation.lesson.clone());
        let (Some(place), Some(to)) = (place, at.checked_add_signed(steps).filter(|to| *to < lesson.steps.len())) else { return };
        self.go_to(Place { step: to + 1, ..place });
    }

    /// Leaves the lesson. The experiment stays.
    pub fn leave_lesson(self) {
        self.showing.due.set(false);
        self.present(Commit::Done("lesson"), |presentation| presentation.lesson = None);
    }

    /// Shows what is to be seen after a question.
    pub fn reveal(self, step: &Step) {
        self.showing.revealed.set(true);
        self.show_figure(step.reveal());
    }

    /// Takes up a figure's experiment, on the reader's device.
    pub fn show_figure(self, figure: Option<&Figure>) {
        let Some(wished) = figure.and_then(|figure| figure.experiment.clone()) else { return };
        let device = self.experiment.with_untracked(|experiment| experiment.device);
        let experiment = self.fitted(Experiment { device, ..*wished });
        self.session.update_value(|session| session.address.show(&experiment, Commit::Done("lesson")));
        if self.experiment.with_untracked(|before| *before != experiment) {
            self.adopt(experiment);
        }
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
