//! The pictures of the recognition experiment, without their pixels, which only the engine needs.

use serde_json::Value;

use super::gallery::Origin;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::error::Result;
use sweetspot_core::fields::{needed, some_text, text};

/// A picture, as `stimuli/stimuli.json` describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plate {
    /// Its name in trials.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// What it shows.
    pub category: Category,
    /// Its file, from the page's own folder.
    pub file: String,
    /// `photo`, `cutout`, or `drawing`.
    pub kind: String,
    /// Whether its object's outline is known.
    pub mask: bool,
    /// Who made it, and under which terms it is shown.
    pub origin: Origin,
}

impl Plate {
    /// Reads an entry.
    pub fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            id: needed(value, "id")?,
            title: text(value, "title"),
            category: Category::from_id(&needed(value, "category")?)?,
            file: needed(value, "file")?,
            kind: text(value, "kind"),
            mask: some_text(value, "mask").is_some(),
            origin: Origin::read(value),
        })
    }
}
