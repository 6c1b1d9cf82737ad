//! The lists of shipped pictures: photos and cut-outs (`gallery/gallery.json`), and those of the recognition experiment, which has the same form.

use serde::Deserialize;

use sweetspot_core::alignment::categories::Category;
use sweetspot_core::assets::Assets;
use sweetspot_core::discovery::Box4;
use sweetspot_core::error::{Error, Result};

/// The list of the gallery.
pub const GALLERY: &str = "gallery/gallery.json";

/// A picture of a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Listed {
    /// Its name.
    pub id: String,
    /// Its file, under `gallery/` for the gallery's.
    pub file: String,
    /// `photo`, or `cutout` on a background; empty in the list of the recognition experiment.
    #[serde(default)]
    pub kind: String,
    /// The ImageNet class that fits, by index.
    pub label: Option<usize>,
    /// Boxes of its objects x0, y0, x1, y1 in pixels. Those of cut-outs are the bounds of their masks.
    #[serde(default)]
    pub boxes: Vec<Box4>,
    /// The object's mask, a file beside it.
    pub mask: Option<String>,
    /// What it is to be recognised as, in the list of the recognition experiment.
    pub category: Option<Category>,
    /// Who made it.
    #[serde(default)]
    pub author: String,
    /// Where it is from.
    #[serde(default)]
    pub source: String,
    /// The licence's SPDX identifier.
    #[serde(default)]
    pub licence: String,
}

impl Listed {
    /// Whether anybody may use it for anything without naming anyone: public domain or CC0.
    pub fn free(&self) -> bool {
        ["LicenseRef-Public-Domain", "CC0-1.0"].contains(&self.licence.as_str())
    }
}

/// Reads a list; `name` says in errors which one.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Listed>> {
    #[derive(Deserialize)]
    struct List {
        images: Vec<Listed>,
    }
    let list: List = serde_json::from_slice(bytes).map_err(|e| Error::Unreadable { what: name.into(), reason: e.to_string() })?;
    Ok(list.images)
}

/// The gallery's pictures in order.
pub async fn load(assets: &dyn Assets) -> Result<Vec<Listed>> {
    read(GALLERY, &assets.read(GALLERY, &|_, _| ()).await?)
}
