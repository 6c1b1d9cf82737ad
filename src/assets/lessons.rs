//! The list of lessons.

use serde_json::Value;

use sweetspot_core::error::Result;
use sweetspot_core::fields::{count, needed, text};
use sweetspot_core::words::Language;

/// A lesson, as `lessons/index.json` lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its name in links, and the name of its files.
    pub id: String,
    /// How long it takes.
    pub minutes: usize,
    titles: Vec<(Language, String, String)>,
}

impl Listed {
    /// Reads an entry.
    pub fn read(value: &Value) -> Result<Self> {
        let said = |name: &str, language: Language| value.get(name).map(|names| text(names, language.id())).unwrap_or_default();
        let titles = Language::ALL.map(|language| (language, said("title", language), said("says", language))).to_vec();
        Ok(Self { id: needed(value, "id")?, minutes: count(value, "minutes").unwrap_or(10), titles })
    }

    /// What it is called in a language, and what it is about.
    pub fn said(&self, language: Language) -> (String, String) {
        self.titles.iter().find(|(one, ..)| *one == language).map(|(_, title, says)| (title.clone(), says.clone())).unwrap_or_default()
    }
}
