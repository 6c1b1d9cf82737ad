//! Measures a model on the gallery, for its card.

use std::path::Path;

use serde::Deserialize;

use crate::cli::output::io;
use crate::device::values;
use crate::engine::model::Model;
use crate::engine::picture::input;
use crate::engine::run::top;
use crate::error::{Error, Result};
use crate::image::{decode, view};
use crate::models::card::Accuracy;

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

/// Accuracy of a model as stored, and on how many images its first class is the one of the same model in single precision.
pub fn on_gallery(folder: &Path, stored: &Model, single: &Model) -> Result<Accuracy> {
    let path = folder.join("gallery.json");
    let text = std::fs::read(&path).map_err(|e| io(&path, e))?;
    let gallery: Gallery =
        serde_json::from_slice(&text).map_err(|e| Error::Unreadable { what: "gallery.json".into(), reason: e.to_string() })?;
    let (mut images, mut top1, mut top5, mut same) = (0, 0, 0, 0);
    for entry in &gallery.images {
        let picture = decode(&entry.file, &std::fs::read(folder.join(&entry.file)).map_err(|e| io(&entry.file, e))?)?;
        let seen = view(&picture, &stored.card.input)?;
        let input = input(&seen, &stored.card.input, stored.dense.device());
        let ranked = |model: &Model| -> Result<Vec<usize>> { Ok(top(&pollster::block_on(values(model.dense.logits(input.clone())))?, 5)) };
        let (best, exact) = (ranked(stored)?, ranked(single)?);
        same += usize::from(best[0] == exact[0]);
        if let Some(label) = entry.label {
            images += 1;
            top1 += usize::from(best[0] == label);
            top5 += usize::from(best.contains(&label));
        }
    }
    let on = "labelled images of the gallery (photos and cut-outs); small and hand-picked, no estimate of ImageNet accuracy".into();
    Ok(Accuracy { on, images, top1, top5, same_top1_as_single_precision: (same, gallery.images.len()) })
}
