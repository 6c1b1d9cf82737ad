//! `sweetspot prune`: masks and pruned weights, with what they cost and how far the network still answers as before.

use std::path::PathBuf;
use std::rc::Rc;

use clap::Args;
use serde_json::json;

use super::import::{Precision, serialise};
use super::open::PruningFlags;
use super::output::{Context, percent};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::pruning::Criterion;
use sweetspot_engine::shown::Shown;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::pruning::agreement::agreement;
use sweetspot_methods::pruning::file;
use sweetspot_nn::device::values;
use sweetspot_nn::network::Network;
use sweetspot_packs::scenes::Pack;
use sweetspot_train::files::write;

#[derive(Debug, Args)]
#[command(after_help = criteria())]
pub struct Arguments {
    #[command(flatten)]
    flags: PruningFlags,
    /// Write the pruned network's weights here, in half precision as the shipped ones.
    #[arg(long, value_name = "F.safetensors")]
    out: Option<PathBuf>,
    /// Write the mask here, one bit a weight.
    #[arg(long, value_name = "F.safetensors")]
    mask: Option<PathBuf>,
    /// Leave out the comparison with the dense network over the gallery or the shipped scenes, which takes a while.
    #[arg(long)]
    quick: bool,
}

/// The criteria, for the end of the help.
fn criteria() -> String {
    let lines = Criterion::all().map(|criterion| format!("\n  {:<14} {}", criterion.id(), criterion.info().says));
    format!("Criteria:{}", lines.collect::<String>())
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let Some(pruning) = arguments.flags.pruning()? else {
        return Err(Error::Missing { what: "what to prune".into(), reason: "give --prune and --sparsity".into() });
    };
    let opened = arguments.flags.open(context).await?;
    let (model, Some(pruned)) = (&opened.model, &opened.pruned) else { return Ok(()) };
    if let Some(path) = &arguments.out {
        write(path, &serialise(&pruned.weights, Precision::Half)?)?;
    }
    if let Some(path) = &arguments.mask {
        write(path, &file::write(&pruned.mask, &model.card.id)?)?;
    }
    let report = &pruned.report;
    let (all, left) = report.multiply_accumulates();
    let mut value = json!({
        "model": model.card.id, "criterion": pruning.criterion.id(), "scope": pruning.scope.id(), "sparsity": pruning.sparsity,
        "seed": pruning.seed, "re_estimate": pruning.re_estimate, "pruned": report.pruned, "prunable": report.prunable,
        "mask_sha256": report.mask_sha256, "stored_bytes": report.stored_bytes, "multiply_accumulates": all,
        "multiply_accumulates_left": left, "note": report.note, "layers": report.layers,
    });
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |name: &str, text: String| rows.push(vec![name.into(), text]);
    let share = |part: usize, whole: usize| percent(part as f32 / whole.max(1) as f32);
    for layer in &report.layers {
        row(&layer.name, format!("{} of {} pruned, {}", layer.pruned, layer.total, share(layer.pruned, layer.total)));
    }
    row("all", format!("{} of {} pruned, {}", report.pruned, report.prunable, share(report.pruned, report.prunable)));
    row("mask sha256", report.mask_sha256.clone());
    row("stored sparse", format!("{} bytes", report.stored_bytes));
    row("multiply-accumulates", format!("{left} of {all}"));
    if !arguments.quick {
        let assets = Folder(context.assets.clone());
        let pack = match &model.card.pack {
            Some(pack) => Some(Rc::new(Pack::load(&assets, pack).await?)),
            None => None,
        };
        let shown = Shown::open(&assets, pack).await?;
        let mut answers = [Vec::new(), Vec::new()];
        for at in 0..shown.count() {
            let (input, _) = shown.input(&assets, at, &model.card.input, model.dense.device()).await?;
            for (network, answers) in [&model.dense, &pruned.network].into_iter().zip(&mut answers) {
                answers.push(answer(network, &input).await?);
            }
        }
        let found = agreement(&answers[0], &answers[1]);
        value["agreement"] = json!(found);
        row("same first class", format!("{} of {} pictures of {}", found.same, found.pictures, shown.what()));
        row("divergence from dense", format!("{:.4} nats", found.divergence));
    }
    if !report.note.is_empty() {
        row("note", report.note.clone());
    }
    context.print(&value, &["what", "result"], rows)
}

async fn answer(network: &Network, input: &burn::tensor::Tensor<4>) -> Result<Vec<f32>> {
    values(network.logits(input.clone())).await
}
