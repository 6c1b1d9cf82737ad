//! `sweetspot predict`: what a network says of an image.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::open::{ImageFlags, ModelFlags};
use super::output::{Context, percent, write_npy};
use sweetspot_core::error::Result;
use sweetspot_core::side::Side;
use sweetspot_engine::model::class_names;
use sweetspot_engine::scene::predictions;
use sweetspot_engine::stored::Folder;
use sweetspot_nn::device::values;
use sweetspot_nn::logits::{logits_sha256, top};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    image: ImageFlags,
    /// Write all logits here, float32 [classes].
    #[arg(long, value_name = "F.npy")]
    logits: Option<PathBuf>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let opened = arguments.model.open(context).await?;
    let network = opened.network();
    let input = arguments.image.open(&opened.model.card.input, network.device())?;
    let classes = class_names(&Folder(context.assets.clone())).await?;
    let logits = values(network.logits(input)).await?;
    if let Some(path) = &arguments.logits {
        write_npy(path, &[logits.len()], &logits)?;
    }
    let names = opened.model.answers(&classes);
    if opened.model.card.classes == 0 {
        let reason = "this network has no classes; its answers are its class token's features";
        let value = json!({ "logits_sha256": logits_sha256(&logits), "top": [], "features": logits.len(), "reason": reason });
        eprintln!("{reason}");
        let rows = top(&logits, 5).into_iter().map(|index| vec![index.to_string(), names[index].clone(), format!("{:.4}", logits[index])]);
        return context.print(&value, &["feature", "name", "value"], rows);
    }
    let found = predictions(Side::Dense, &logits, top(&logits, 1)[0], &names);
    let value = json!({ "logits_sha256": found.logits_sha256, "top": found.top });
    let rows = found.top.iter().map(|p| vec![p.index.to_string(), p.label.clone(), percent(p.probability)]);
    context.print(&value, &["class", "label", "probability"], rows)
}
