//! Measures a model on the gallery, for its card.

use std::path::Path;

use crate::gallery::inputs;
use sweetspot_core::card::Accuracy;
use sweetspot_core::error::Result;
use sweetspot_engine::model::Model;
use sweetspot_nn::device::values;
use sweetspot_nn::logits::top;

/// Accuracy of a model as stored, and on how many images its first class is the one of the same model in single precision.
pub fn on_gallery(folder: &Path, stored: &Model, single: &Model) -> Result<Accuracy> {
    let (mut images, mut top1, mut top5, mut same) = (0, 0, 0, 0);
    let gallery = inputs(folder, &stored.card.input, stored.dense.device())?;
    for (input, label) in &gallery {
        let ranked = |model: &Model| -> Result<Vec<usize>> { Ok(top(&pollster::block_on(values(model.dense.logits(input.clone())))?, 5)) };
        let (best, exact) = (ranked(stored)?, ranked(single)?);
        same += usize::from(best[0] == exact[0]);
        if let Some(label) = *label {
            images += 1;
            top1 += usize::from(best[0] == label);
            top5 += usize::from(best.contains(&label));
        }
    }
    let on = "labelled images of the gallery (photos and cut-outs); small and hand-picked, no estimate of ImageNet accuracy".into();
    Ok(Accuracy { on, images, top1, top5, same_top1_as_single_precision: (same, gallery.len()) })
}
