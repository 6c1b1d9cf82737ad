//! `sweetspot distil`: pruned networks that were taught to answer as the dense one does.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::backend::fastest;
use super::output::Context;
use super::train::bar;
use sweetspot_core::error::Result;
use sweetspot_engine::model::Model;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::pruning::calibration::Calibration;
use sweetspot_nn::job::Job;
use sweetspot_train::crops::Crops;
use sweetspot_train::distil::{Distiller, Plan, Progress};

/// Flags of `distil`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The network, a convolutional one, as `sweetspot models` lists it.
    #[arg(long, value_name = "M")]
    model: String,
    /// Folder for the log and the networks. A distillation that is there goes on after its last finished sparsity.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The sparsities, rising; each begins where the one before ended.
    #[arg(long, value_delimiter = ',', default_values_t = [0.36, 0.488, 0.5904, 0.67232, 0.737856])]
    sparsities: Vec<f64>,
    /// Steps of each sparsity.
    #[arg(long, default_value_t = 200)]
    steps: usize,
    /// Pieces of photos a step.
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// The highest learning rate.
    #[arg(long, default_value_t = 3e-5)]
    rate: f64,
    /// What logits are divided by before they are compared.
    #[arg(long, default_value_t = 2.0)]
    temperature: f32,
    /// Seed of the pieces.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Distils, or goes on distilling.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let (device, assets) = (fastest(), Folder(context.assets.clone()));
    let model = Model::load(&assets, &arguments.model, &device, &|_, _| ()).await?;
    let crops = Crops::open(&context.assets, &model.card.input)?;
    let calibration = model.calibration(&assets, &Job::quiet()).await?;
    let calibration = Calibration { images: calibration.images.clone(), targets: calibration.targets.clone() };
    let plan = Plan {
        model: arguments.model.clone(),
        weights_sha256: model.card.weights.sha256.clone(),
        sparsities: arguments.sparsities.clone(),
        steps: arguments.steps,
        batch: arguments.batch,
        rate: arguments.rate,
        temperature: arguments.temperature,
        seed: arguments.seed,
        photos: crops.identity().into(),
    };
    let mut distiller = Distiller::new(&plan, &crops, &model.card, &model.weights, calibration, &device, &arguments.out)?;
    let bar = bar("steps")?;
    let told = |progress: &Progress| {
        let ((stage, stages), (done, all)) = (progress.stages, progress.steps);
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message(format!(
            "sparsity {} of {stages}, loss {:.3}, same first class {:.1} %",
            stage + 1,
            progress.loss,
            100.0 * progress.same
        ));
    };
    distiller.run(&model.weights, told).await?;
    bar.finish();
    let files: Vec<PathBuf> = (0..plan.sparsities.len()).map(|stage| arguments.out.join(Plan::file(stage))).collect();
    let rows = plan.sparsities.iter().zip(&files).map(|(sparsity, file)| vec![sparsity.to_string(), file.display().to_string()]);
    let value = json!({ "model": plan.model, "photos": crops.photos(), "networks": plan.sparsities.iter().zip(&files).map(|(sparsity, file)| {
        json!({ "sparsity": sparsity, "file": file })
    }).collect::<Vec<_>>() });
    context.print(&value, &["sparsity", "network"], rows)
}
