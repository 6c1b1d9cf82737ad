//! The language that is spoken, and the page's own texts in it.

use leptos::prelude::*;

use crate::address;
use sweetspot_core::words::Language;

/// The key under which the reader's language is kept.
const LANGUAGE: &str = "sweetspot.language";

/// The page's texts.
#[derive(Clone, Copy)]
pub struct Texts {
    /// The language that is spoken.
    pub language: RwSignal<Language>,
}

impl Texts {
    /// In the language the reader chose last.
    pub fn new() -> Self {
        let kept = address::storage().and_then(|storage| storage.get_item(LANGUAGE).ok()?);
        Self { language: RwSignal::new(kept.and_then(|id| Language::from_id(&id)).unwrap_or_default()) }
    }

    /// A text of the page's own. Follows the language.
    pub fn word(self, key: &'static str) -> &'static str {
        self.language.get().word(key)
    }

    /// The same as a signal.
    pub fn words(self, key: &'static str) -> Signal<&'static str> {
        Signal::derive(move || self.word(key))
    }

    /// A text of the page's own with what is put into it. Follows the language.
    pub fn phrase(self, key: &'static str, parts: &[(&str, &str)]) -> String {
        self.language.get().phrase(key, parts)
    }

    /// Speaks another language, and remembers it.
    pub fn speak(self, language: Language) {
        self.language.set(language);
        if let Some(storage) = address::storage() {
            let _ = storage.set_item(LANGUAGE, language.id());
        }
    }
}
