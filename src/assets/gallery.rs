//! The gallery: photos with what is known of them.

use serde_json::Value;

use sweetspot_core::error::Result;
use sweetspot_core::fields::{count, items, needed, some_text, text};

/// A picture of the gallery, as `gallery/gallery.json` describes it. Only the id and the file are needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Its name in experiments.
    pub id: String,
    /// The file under `gallery/`.
    pub file: String,
    /// What to call it.
    pub title: String,
    /// `photo`, or `cutout` on a background.
    pub kind: String,
    /// The ImageNet class that fits, by index.
    pub label: Option<usize>,
    /// Object boxes x0, y0, x1, y1 in pixels.
    pub boxes: Vec<[f32; 4]>,
    /// The object's mask, a file under `gallery/`.
    pub mask: Option<String>,
    /// Who made it, and under which terms it is shown.
    pub origin: Origin,
    /// The same for what is behind a composite.
    pub background: Option<Origin>,
}

/// Who made a picture, and under which terms it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// What entries of a pack call it.
    pub id: String,
    /// Who made it.
    pub author: String,
    /// Where it is from, an address.
    pub source: String,
    /// The licence's SPDX identifier.
    pub licence: String,
    /// The licence's text, an address.
    pub licence_url: Option<String>,
    /// What was changed.
    pub changes: String,
}

impl Photo {
    /// Reads an entry.
    pub fn read(value: &Value) -> Result<Self> {
        let corner = |corners: &[Value], at: usize| corners.get(at).and_then(Value::as_f64).unwrap_or(0.0) as f32;
        let bounds = |corners: &Value| corners.as_array().map(|corners| std::array::from_fn(|at| corner(corners, at)));
        Ok(Self {
            id: needed(value, "id")?,
            file: needed(value, "file")?,
            title: text(value, "title"),
            kind: text(value, "kind"),
            label: count(value, "label"),
            boxes: items(value, "boxes").iter().filter_map(bounds).collect(),
            mask: some_text(value, "mask"),
            origin: Origin::read(value),
            background: value.get("background").filter(|origin| origin.is_object()).map(Origin::read),
        })
    }
}

impl Origin {
    /// Reads the fields of whatever has an origin.
    pub fn read(value: &Value) -> Self {
        Self {
            id: text(value, "id"),
            author: text(value, "author"),
            source: text(value, "source"),
            licence: text(value, "licence"),
            licence_url: some_text(value, "licence_url"),
            changes: text(value, "changes"),
        }
    }
}
