//! The pictures of the gallery as a network sees them.

use std::path::Path;

use burn::tensor::{Device, Tensor};
use serde::Deserialize;

use super::output::io;
use crate::engine::picture::input;
use crate::error::{Error, Result};
use crate::image::{decode, view};
use crate::models::card::Recipe;

/// The part of `gallery.json` that matters here.
#[derive(Deserialize)]
struct Gallery {
    images: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    label: Option<usize>,
}

/// Every picture's input [1, 3, side, side] and its label, where it has one, in the gallery's order.
pub fn inputs(folder: &Path, recipe: &Recipe, device: &Device) -> Result<Vec<(Tensor<4>, Option<usize>)>> {
    let path = folder.join("gallery.json");
    let text = std::fs::read(&path).map_err(|e| io(&path, e))?;
    let gallery: Gallery =
        serde_json::from_slice(&text).map_err(|e| Error::Unreadable { what: "gallery.json".into(), reason: e.to_string() })?;
    let read = |entry: &Entry| {
        let picture = decode(&entry.file, &std::fs::read(folder.join(&entry.file)).map_err(|e| io(&entry.file, e))?)?;
        Ok((input(&view(&picture, recipe)?, recipe, device), entry.label))
    };
    gallery.images.iter().map(read).collect()
}
