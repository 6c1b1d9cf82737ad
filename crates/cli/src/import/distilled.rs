//! Takes finished distillations into what is shipped: checkpoints on the card of the network that was distilled, with the log they came from.

use std::path::Path;

use crate::gallery::inputs;
use crate::output::Context;
use sweetspot_core::card::{Card, Checkpoint, Share};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device;
use sweetspot_nn::device::values;
use sweetspot_nn::logits::top;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::{Weights, check_hash, sha256};
use sweetspot_train::distil::Plan;
use sweetspot_train::files::{io, read, write};

/// What is counted of each.
const ON: &str = "pictures of the gallery, none of which pruning or distillation looked at";

/// Writes the checkpoints of a distillation's folder beside the card in `out`, and the card's new form.
pub async fn collect(context: &Context, runs: &Path, out: &Path) -> Result<Vec<Card>> {
    let mut cards = Vec::new();
    let mut folders: Vec<_> = std::fs::read_dir(runs).map_err(|e| io(runs, e))?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.push(runs.into());
    folders.sort();
    for folder in folders {
        let Ok(bytes) = std::fs::read(folder.join("plan.json")) else { continue };
        // Trainings have plans of another form.
        if let Ok(plan) = serde_json::from_slice::<Plan>(&bytes) {
            cards.push(take(context, &folder, &plan, out).await?);
        }
    }
    match cards.is_empty() {
        true => Err(Error::Missing { what: "finished distillations".into(), reason: format!("{} holds none", runs.display()) }),
        false => Ok(cards),
    }
}

async fn take(context: &Context, folder: &Path, plan: &Plan, out: &Path) -> Result<Card> {
    let path = out.join(format!("{}.json", plan.model));
    let mut card = Card::read(&read(&path)?)?;
    let (architecture, device) = (architecture(&card.architecture)?, device::cpu());
    let bytes = read(&out.join(&card.weights.file))?;
    check_hash(&card.id, &bytes, &plan.weights_sha256)?;
    let dense = Network::new(architecture, &Weights::read(architecture, &card.id, &bytes)?, &device);
    let pictures = inputs(&context.assets.join("gallery"), &card.input, &device)?;
    let mut wanted = Vec::with_capacity(pictures.len());
    for (input, _) in &pictures {
        wanted.push(top(&values(dense.logits(input.clone())).await?, 1));
    }
    let method = Criterion::Distilled.id();
    let log = format!("{}/{method}-{}.csv", card.id, plan.seed);
    std::fs::create_dir_all(out.join(&card.id)).map_err(|e| io(out, e))?;
    write(&out.join(&log), &read(&folder.join("log.csv"))?)?;
    card.checkpoints.retain(|one| one.method != method || one.seed != plan.seed);
    for stage in 0..plan.sparsities.len() {
        let path = folder.join(Plan::file(stage));
        if !path.exists() {
            break;
        }
        let bytes = Weights::read(architecture, &card.id, &read(&path)?)?.to_sparse(architecture)?;
        // Measured as stored: what is shipped is what was counted.
        let stored = Weights::read(architecture, &card.id, &bytes)?;
        let network = Network::new(architecture, &stored, &device);
        let mut right = 0;
        for ((input, _), wanted) in pictures.iter().zip(&wanted) {
            right += usize::from(top(&values(network.logits(input.clone())).await?, 1) == *wanted);
        }
        let report = Mask::of_zeros(architecture, &stored).report();
        let sparsity = report.pruned as f64 / report.prunable as f64;
        let file = format!("{}/{method}-{}-{:03.0}.safetensors", card.id, plan.seed, 1000.0 * sparsity);
        write(&out.join(&file), &bytes)?;
        eprintln!("{file}: {right} of {} keep the first class", pictures.len());
        card.checkpoints.push(Checkpoint {
            method: method.into(),
            seed: plan.seed,
            sparsity: Sparsity::of_weights(report.pruned, report.prunable),
            file,
            sha256: sha256(&bytes),
            bytes: bytes.len(),
            accuracy: Some(Share { on: ON.into(), right, of: pictures.len() }),
            log: Some(log.clone()),
        });
    }
    Ok(card)
}
