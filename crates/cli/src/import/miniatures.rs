//! Takes finished trainings into what is shipped: a card a network, its weights stored sparse, and the logs they came from.

use std::path::{Path, PathBuf};

use crate::output::Context;
use sweetspot_core::card::{Accuracy, Card, Checkpoint, Share, WeightsFile};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::miniature;
use sweetspot_nn::device;
use sweetspot_nn::initial;
use sweetspot_nn::weights::{Weights, sha256};
use sweetspot_train::data::Scenes;
use sweetspot_train::files::{io, read, write};
use sweetspot_train::plan::{Plan, TrainingMethod};
use sweetspot_train::trainer;
use sweetspot_train::trainer::STAGE_TEST;

/// The pack whose pictures the miniature networks know.
const PACK: &str = "fashion-in-the-wild";
/// What accuracy was measured on.
const ON: &str = "test scenes of fashion in the wild: garments and photos that training did not show";

/// A training's folder with its plan.
struct Training {
    folder: PathBuf,
    plan: Plan,
}

impl Training {
    fn read(folder: PathBuf) -> Result<Self> {
        let path = folder.join("plan.json");
        let plan = serde_json::from_slice(&read(&path)?);
        let plan = plan.map_err(|e| Error::Unreadable { what: path.display().to_string(), reason: e.to_string() })?;
        Ok(Self { folder, plan })
    }

    /// The name of its checkpoints' method, and what its files are called.
    fn names(&self) -> (&'static str, String) {
        let Plan { kind, seed, sparsity, .. } = &self.plan;
        match kind {
            TrainingMethod::Lrr => ("lrr", format!("lrr-{seed}")),
            TrainingMethod::Snip => ("snip-trained", format!("snip-{seed}-{:.0}", 1000.0 * sparsity)),
        }
    }

    /// The weights after each finished stage, in order.
    fn stages(&self, architecture: &'static Architecture) -> Result<Vec<Weights>> {
        let paths = (0..self.plan.stages()).map(|stage| self.folder.join(format!("stage-{stage:02}.safetensors")));
        paths.take_while(|path| path.exists()).map(|path| Weights::read(architecture, architecture.id, &read(&path)?)).collect()
    }
}

/// What is known of a miniature network besides numbers.
fn describe(id: &str) -> (&'static str, &'static str) {
    match id {
        "mini_resnet_small" => {
            ("Miniature residual network", "A small residual network, trained here from nothing on garments in the wild.")
        }
        "mini_resnet_large" => ("Miniature residual network, larger", "A wider and deeper residual network, trained here from nothing."),
        "mini_vit_small" => ("Miniature vision transformer", "A small transformer with a convolutional stem, trained here from nothing."),
        _ => ("Miniature vision transformer, larger", "A wider and deeper transformer, trained here from nothing."),
    }
}

/// Writes the cards and checkpoints of all networks of which a folder holds trainings, and names them.
pub async fn collect(context: &Context, runs: &Path, data: Option<&Path>, out: &Path) -> Result<Vec<Card>> {
    let scenes = Scenes::open(data, &context.assets)?;
    let mut trainings = Vec::new();
    let mut folders = vec![runs.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if folder.join("plan.json").exists() {
            trainings.push(Training::read(folder)?);
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(|e| io(&folder, e))? {
            let path = entry.map_err(|e| io(&folder, e))?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    trainings.sort_by_key(|training| (training.names().1, training.plan.seed));
    let mut cards = Vec::new();
    for architecture in miniature::MINIATURES {
        let theirs: Vec<&Training> = trainings.iter().filter(|training| training.plan.network == architecture.id).collect();
        if let Some(card) = network(&scenes, architecture, &theirs, out).await? {
            cards.push(card);
        }
    }
    let classes = serde_json::to_string(&sweetspot_train::fashion::CLASSES).map_err(|e| io(out, e))?;
    write(&out.join("fashion_classes.json"), classes.as_bytes())?;
    write(&out.join("miniature.LICENSE"), LICENCE.as_bytes())?;
    Ok(cards)
}

/// A network's card: its dense weights are those of the first training's first stage. Where the first training is not among these but its card is
/// there already, what is new is added to it.
async fn network(scenes: &Scenes, architecture: &'static Architecture, trainings: &[&Training], out: &Path) -> Result<Option<Card>> {
    if trainings.is_empty() {
        return Ok(None);
    }
    let folder = out.join(architecture.id);
    std::fs::create_dir_all(&folder).map_err(|e| io(&folder, e))?;
    let mut checkpoints = Vec::new();
    for training in trainings {
        checkpoints.extend(take(scenes, architecture, training, out).await?);
    }
    let first = trainings.iter().find(|training| training.plan.kind == TrainingMethod::Lrr && training.plan.seed == 0);
    let Some(first) = first else { return add(architecture, checkpoints, out) };
    let Some(dense) = first.stages(architecture)?.into_iter().next() else { return Ok(None) };
    let single = dense.to_safetensors()?;
    let bytes = dense.to_sparse(architecture)?;
    let stored = Weights::read(architecture, architecture.id, &bytes)?;
    let file = format!("{}.safetensors", architecture.id);
    write(&out.join(&file), &bytes)?;
    let (top1, top5, same) = trainer::ranks(architecture, &stored, &dense, scenes, STAGE_TEST, &device::cpu()).await?;
    let untrained = initial::weights(architecture, first.plan.seed)?;
    checkpoints.push(checkpoint(scenes, architecture, &untrained, ("untrained", first.plan.seed, "untrained".into()), None, out).await?);
    let (title, says) = describe(architecture.id);
    let card = Card {
        id: architecture.id.into(),
        title: title.into(),
        says: says.into(),
        architecture: architecture.id.into(),
        year: 2026,
        licence: "MIT OR Apache-2.0".into(),
        licence_file: "miniature.LICENSE".into(),
        source: "trained for this page by sweetspot train; the log is beside the weights".into(),
        input: scenes.input(),
        classes: sweetspot_train::fashion::CLASSES.len(),
        weights: WeightsFile {
            file,
            sha256: sha256(&bytes),
            bytes: bytes.len(),
            package: "none: trained here".into(),
            original_sha256: sha256(&single),
            precision: "half".into(),
        },
        accuracy: Accuracy { on: ON.into(), images: STAGE_TEST, top1, top5, same_top1_as_single_precision: (same, STAGE_TEST) },
        prunable: miniature::prunable(architecture),
        parameters: stored.parameters(),
        taps: (architecture.taps)(),
        default_tap: architecture.default_tap.into(),
        labels: Some("fashion_classes.json".into()),
        pack: Some(PACK.into()),
        calibration: Some(PACK.into()),
        checkpoints,
        discovery: Vec::new(),
    };
    Ok(Some(card))
}

/// The card that is there with checkpoints added, in place of those of the same training.
fn add(architecture: &Architecture, new: Vec<Checkpoint>, out: &Path) -> Result<Option<Card>> {
    let path = out.join(format!("{}.json", architecture.id));
    if !path.exists() {
        return Ok(None);
    }
    let mut card = Card::read(&read(&path)?)?;
    card.checkpoints.retain(|old| !new.iter().any(|one| one.file == old.file));
    card.checkpoints.extend(new);
    card.checkpoints.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Some(card))
}

/// A training's checkpoints and its log.
async fn take(scenes: &Scenes, architecture: &'static Architecture, training: &Training, out: &Path) -> Result<Vec<Checkpoint>> {
    let (method, name) = training.names();
    let log = format!("{}/{name}.csv", architecture.id);
    write(&out.join(&log), &read(&training.folder.join("log.csv"))?)?;
    let mut checkpoints = Vec::new();
    for (stage, weights) in training.stages(architecture)?.iter().enumerate() {
        let name = if training.plan.kind == TrainingMethod::Lrr { format!("{name}-{stage:02}") } else { name.clone() };
        checkpoints.push(checkpoint(scenes, architecture, weights, (method, training.plan.seed, name), Some(&log), out).await?);
    }
    Ok(checkpoints)
}

async fn checkpoint(
    scenes: &Scenes,
    architecture: &'static Architecture,
    weights: &Weights,
    (method, seed, name): (&str, u64, String),
    log: Option<&str>,
    out: &Path,
) -> Result<Checkpoint> {
    let bytes = weights.to_sparse(architecture)?;
    let file = format!("{}/{name}.safetensors", architecture.id);
    write(&out.join(&file), &bytes)?;
    // Measured as stored: what is shipped is what was counted.
    let stored = Weights::read(architecture, architecture.id, &bytes)?;
    let right = trainer::accuracy(architecture, &stored, scenes, STAGE_TEST, &device::cpu()).await? * STAGE_TEST as f64;
    let zeros = |layer: &sweetspot_nn::layer::Layer| stored.get(&layer.weight_name()).values.iter().filter(|w| **w == 0.0).count();
    let pruned: usize = (architecture.layers)().iter().map(zeros).sum();
    eprintln!("{file}: {:.1} % of {STAGE_TEST} scenes", 100.0 * right / STAGE_TEST as f64);
    Ok(Checkpoint {
        method: method.into(),
        seed,
        sparsity: Sparsity::of_weights(pruned, miniature::prunable(architecture)),
        file,
        sha256: sha256(&bytes),
        bytes: bytes.len(),
        accuracy: Some(Share { on: ON.into(), right: right.round() as usize, of: STAGE_TEST }),
        log: log.map(Into::into),
    })
}

/// What the miniature networks' weights may be used for.
const LICENCE: &str =
    "The miniature networks were trained for this project and are licensed like it, under MIT or Apache-2.0 at your choice.

They learnt from garments of Fashion-MNIST (Zalando SE, MIT licence) on pieces of the gallery's photos, whose authors and licences
gallery/gallery.json names.
";
