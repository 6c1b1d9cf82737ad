//! How the page shows the experiment: on a projector, without some parts, in a lesson. No part of the experiment.

use leptos::prelude::*;

use sweetspot_core::presentation::Presentation;

/// The store of the presentation.
#[derive(Clone, Copy)]
pub struct Presenting {
    /// What the link asks for.
    pub asked: RwSignal<Presentation>,
    /// Whether the set-up is unfolded where it is folded.
    pub controls: RwSignal<bool>,
}

impl Presenting {
    /// As usual.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(Presentation::default()), controls: RwSignal::new(false) }
    }

    /// Whether a lesson is going on. Follows the signal.
    pub fn in_lesson(self) -> bool {
        self.asked.with(|presentation| presentation.lesson.is_some())
    }

    /// Whether the set-up is folded unless the reader unfolds it. Follows the signal.
    pub fn folds(self) -> bool {
        self.asked.with(|presentation| presentation.lesson.is_some() || presentation.projector)
    }
}
