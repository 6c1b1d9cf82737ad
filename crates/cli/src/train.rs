//! `sweetspot train`: the miniature networks, from nothing.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::backend::fastest;
use super::output::Context;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::architectures::architecture;
use sweetspot_train::data::Scenes;
use sweetspot_train::files::io;
use sweetspot_train::optimiser::Rule;
use sweetspot_train::plan::{Plan, TrainingMethod};
use sweetspot_train::schedule::Schedule;
use sweetspot_train::trainer::{Progress, Trainer};

/// Flags of `train`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The network: mini_resnet_small, mini_resnet_large, mini_vit_small or mini_vit_large.
    #[arg(long, value_name = "M")]
    network: String,
    /// Folder for the state, the log and the networks. A training that is there goes on from its last epoch.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How pruning and learning take turns.
    #[arg(long, value_enum, default_value_t = TrainingMethod::Lrr)]
    kind: TrainingMethod,
    /// Seed of the first weights and of the scenes.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Rounds of pruning a fifth of the remaining weights.
    #[arg(long, default_value_t = 12)]
    rounds: usize,
    /// The sparsity that SNIP prunes to.
    #[arg(long, default_value_t = 0.6723)]
    sparsity: f64,
    /// The optimiser.
    #[arg(long, value_enum, default_value_t = Rule::AdamW)]
    rule: Rule,
    /// How the learning rate runs in each stage.
    #[arg(long, value_enum, default_value_t = Schedule::Cosine)]
    schedule: Schedule,
    /// The highest learning rate.
    #[arg(long, default_value_t = 2e-3)]
    rate: f64,
    /// The highest learning rate of the rounds; that of the first stage unless given.
    #[arg(long)]
    round_rate: Option<f64>,
    /// Share of a stage over which the rate rises.
    #[arg(long, default_value_t = 0.1)]
    warm_up: f64,
    /// Decay of layers' weights.
    #[arg(long, default_value_t = 0.05)]
    decay: f64,
    /// Share of the label given to all classes evenly.
    #[arg(long, default_value_t = 0.0)]
    smoothing: f32,
    /// Scenes a step.
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Scenes an epoch.
    #[arg(long, default_value_t = 10_000)]
    epoch: usize,
    /// Epochs of the first stage.
    #[arg(long, default_value_t = 30)]
    epochs: usize,
    /// Epochs of each round.
    #[arg(long, default_value_t = 4)]
    round_epochs: usize,
    /// Folder with Fashion-MNIST, where Debian's package does not have it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Trains, or goes on training.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let architecture = architecture(&arguments.network)?;
    let scenes = Scenes::open(arguments.data.as_deref(), &context.assets)?;
    let plan = Plan {
        network: arguments.network.clone(),
        kind: arguments.kind,
        seed: arguments.seed,
        rule: arguments.rule,
        rate: arguments.rate,
        round_rate: arguments.round_rate.unwrap_or(arguments.rate),
        schedule: arguments.schedule,
        warm_up: arguments.warm_up,
        decay: arguments.decay,
        smoothing: arguments.smoothing,
        batch: arguments.batch,
        epoch: arguments.epoch,
        epochs: arguments.epochs,
        round_epochs: arguments.round_epochs,
        rounds: arguments.rounds,
        sparsity: arguments.sparsity,
        data: scenes.identity(),
    };
    let mut trainer = Trainer::new(&plan, &scenes, architecture, &fastest(), &arguments.out)?;
    let bar = bar("scenes")?;
    let mut began = None;
    let done = trainer
        .run(
            |progress| {
                let (shown, all) = progress.scenes;
                // A training that goes on did not learn the first scenes in this time.
                if began.is_none() {
                    bar.set_length(all as u64);
                    bar.set_position(shown as u64);
                    bar.reset_eta();
                }
                began.get_or_insert(shown);
                bar.set_position(shown as u64);
                bar.set_message(describe(progress));
            },
            || true,
        )
        .await?;
    bar.finish();
    let log = std::fs::read_to_string(arguments.out.join("log.csv")).map_err(|e| io(&arguments.out, e))?;
    let accuracies = trainer_results(&log);
    let rows = accuracies.iter().map(|(stage, sparsity, accuracy)| vec![stage.clone(), sparsity.clone(), accuracy.clone()]);
    let value = json!({ "done": done, "stages": accuracies.iter().map(|(stage, sparsity, accuracy)| json!({
        "stage": stage.parse::<usize>().ok(), "sparsity": sparsity.parse::<f64>().ok(), "test_accuracy": accuracy.parse::<f64>().ok(),
    })).collect::<Vec<_>>() });
    context.print(&value, &["stage", "sparsity", "test accuracy"], rows)
}

/// Stage, sparsity and accuracy of the finished stages: the log's lines without a loss.
fn trainer_results(log: &str) -> Vec<(String, String, String)> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let finished = fields.len() == 10 && fields[5].is_empty();
        finished.then(|| (fields[0].to_string(), fields[1].to_string(), fields[8].to_string()))
    };
    log.lines().skip(1).filter_map(line).collect()
}

fn describe(progress: &Progress) -> String {
    let test = progress.test.map_or_else(String::new, |test| format!(", test {:.1} %", 100.0 * test));
    let (stage, stages) = progress.stages;
    format!("stage {} of {stages}, loss {:.3}, train {:.1} %{test}", stage + 1, progress.loss, 100.0 * progress.accuracy)
}

/// A progress display that counts something.
pub(super) fn bar(what: &str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template(&format!("{{bar:24}} {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left: {{msg}}"));
    let style = style.map_err(|e| Error::Unreadable { what: "progress display".into(), reason: e.to_string() })?;
    Ok(ProgressBar::no_length().with_style(style))
}
