//! The lessons there are, and the way through one.

use std::sync::Arc;

use leptos::prelude::*;

use super::presentation::Presenting;
use crate::assets::Listed;
use sweetspot_core::lessons::{Figure, Lesson};
use sweetspot_core::presentation::Part;

/// The store of lessons.
#[derive(Clone, Copy)]
pub struct Lessons {
    presentation: Presenting,
    /// The lessons there are, once they were fetched.
    pub list: RwSignal<Vec<Listed>>,
    /// The lesson that is going on, with its name.
    pub open: RwSignal<Option<(String, Arc<Lesson>)>>,
    /// Whether the step's reveal is shown.
    pub revealed: RwSignal<bool>,
    /// Counts the steps the reader went to, for whoever moves the focus.
    pub moves: RwSignal<u32>,
    /// Whether names of networks and pictures are known, so that figures can be shown.
    pub settled: RwSignal<bool>,
    /// Whether the step's figure has still to be shown.
    pub due: RwSignal<bool>,
}

impl Lessons {
    /// None is read yet.
    pub fn new(presentation: Presenting) -> Self {
        Self {
            presentation,
            list: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            revealed: RwSignal::new(false),
            moves: RwSignal::new(0),
            settled: RwSignal::new(false),
            due: RwSignal::new(false),
        }
    }

    /// The step that is going on, once it was read. Follows the signals.
    pub fn step(self) -> Option<(Arc<Lesson>, usize)> {
        let place = self.presentation.asked.with(|presentation| presentation.lesson.clone())?;
        let lesson =
            self.open.with(|lesson| lesson.as_ref().filter(|(name, _)| *name == place.lesson).map(|(_, lesson)| lesson.clone()))?;
        let at = place.step.min(lesson.steps.len()) - 1;
        Some((lesson, at))
    }

    /// Whether a part of the page is shown. Follows the signals.
    pub fn shows(self, part: Part) -> bool {
        if self.presentation.asked.with(|presentation| presentation.hidden.contains(&part)) {
            return false;
        }
        !part.is_panel() || !self.presentation.in_lesson() || self.wanted().contains(&part)
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
