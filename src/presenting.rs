//! Changing how the experiment is shown: the presentation with its place in the address, and the language.

use leptos::prelude::*;

use crate::address::Commit;
use crate::stores::Stores;
use sweetspot_core::presentation::Presentation;
use sweetspot_core::words::Language;

/// Changes how the experiment is shown, in the address too.
pub fn present(stores: Stores, commit: Commit, edit: impl FnOnce(&mut Presentation)) {
    stores.presentation.asked.update(edit);
    keep_beside(stores);
    let experiment = stores.experiment.get_untracked();
    stores.address.show(&experiment, commit);
}

/// Speaks another language, here and in the link if that has one, and remembers it.
pub fn speak(stores: Stores, language: Language) {
    stores.texts.speak(language);
    present(stores, Commit::Replace, |presentation| presentation.language = presentation.language.map(|_| language));
}

/// Puts how the experiment is shown into the address, from its next change on.
pub fn keep_beside(stores: Stores) {
    let beside = stores.presentation.asked.with_untracked(Presentation::write);
    stores.address.set_beside(beside);
}
