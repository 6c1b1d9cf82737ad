//! The pictures of the gallery as a network sees them.

use std::path::Path;

use burn::tensor::{Device, Tensor};

use sweetspot_core::card::Recipe;
use sweetspot_core::error::Result;
use sweetspot_nn::image::input;
use sweetspot_nn::image::{decode, view};
use sweetspot_packs::gallery::{Listed, read};
use sweetspot_train::files::io;

/// Every picture's input [1, 3, side, side] and its label, where it has one, in the gallery's order.
pub fn inputs(folder: &Path, recipe: &Recipe, device: &Device) -> Result<Vec<(Tensor<4>, Option<usize>)>> {
    let path = folder.join("gallery.json");
    let text = std::fs::read(&path).map_err(|e| io(&path, e))?;
    let seen = |entry: &Listed| {
        let picture = decode(&entry.file, &std::fs::read(folder.join(&entry.file)).map_err(|e| io(&entry.file, e))?)?;
        Ok((input(&view(&picture, recipe)?, recipe, device), entry.label))
    };
    read("gallery.json", &text)?.iter().map(seen).collect()
}
