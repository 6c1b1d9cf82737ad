//! A pack of scenes, without its pixels.

use serde_json::Value;

use super::gallery::Origin;
use sweetspot_core::error::Result;
use sweetspot_core::fields::{count, items, missing, needed, text, texts};

/// A pack: one picture that holds all scenes as tiles, row by row.
#[derive(Debug)]
pub struct Pack {
    /// Its folder under `packs/`.
    pub id: String,
    /// One sentence about it.
    pub says: String,
    /// Tiles in a row.
    pub columns: usize,
    /// The classes' names.
    pub classes: Vec<String>,
    /// The picture's file.
    file: String,
    /// Whose garments they show.
    pub garments: Origin,
    /// Whose photos are behind them.
    pub photos: Vec<Origin>,
    /// The scenes, in the order of their tiles.
    pub images: Vec<Tile>,
}

/// A scene.
#[derive(Debug)]
pub struct Tile {
    /// Its class, by index.
    pub label: usize,
    /// The photo behind it.
    pub photo: String,
}

impl Pack {
    /// Reads a manifest.
    pub fn read(value: &Value) -> Result<Self> {
        let tile = |value: &Value| Some(Tile { label: count(value, "label")?, photo: text(value, "photo") });
        let images = items(value, "images").iter().map(|value| tile(value).ok_or_else(|| missing("label")));
        Ok(Self {
            id: needed(value, "id")?,
            says: text(value, "says"),
            columns: count(value, "columns").filter(|columns| *columns > 0).ok_or_else(|| missing("columns"))?,
            classes: texts(value, "classes"),
            file: value.get("images_file").map_or_else(|| Err(missing("images_file")), |file| needed(file, "file"))?,
            garments: value.get("garments").map(Origin::read).unwrap_or_default(),
            photos: items(value, "photos").iter().map(Origin::read).collect(),
            images: images.collect::<Result<_>>()?,
        })
    }

    /// The address of the picture.
    pub fn picture(&self) -> String {
        format!("packs/{}/{}", self.id, self.file)
    }

    /// What to call a scene.
    pub fn title(&self, index: usize) -> String {
        let class = self.images.get(index).and_then(|tile| self.classes.get(tile.label));
        format!("Scene {index}{}", class.map(|class| format!(": {class}")).unwrap_or_default())
    }

    /// Tiles in a column.
    pub fn rows(&self) -> usize {
        self.images.len().div_ceil(self.columns)
    }
}
