//! `sweetspot discover`: the object in a picture, or in each of a pack.

use std::path::{Path, PathBuf};
use sweetspot_methods::discovery::find::Find;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::method::watched;
use super::open::{ModelFlags, Opened, Preprocess, file_name, fitting};
use super::output::{Context, write_npy};
use super::truths::Truths;
use sweetspot_core::discovery::corloc::{CorLoc, best};
use sweetspot_core::discovery::{Box4, Discovery, Facet, InputSize, Method};
use sweetspot_core::error::{Error, Result};
use sweetspot_methods::discovery::features::Source;
use sweetspot_methods::discovery::find::Looked;
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::image::decode;
use sweetspot_train::files::read;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    /// The picture: JPEG, PNG, WebP, GIF or BMP.
    #[arg(long, value_name = "F", required_unless_present = "pack", conflicts_with = "pack")]
    image: Option<PathBuf>,
    /// All pictures of a set instead: gallery (photos), cutouts (composites), scenes (the shipped test pack), or a folder with a manifest.json.
    #[arg(long, value_name = "P")]
    pack: Option<String>,
    /// The method: lost, tokencut, maskcut, centre-box or whole-image.
    #[arg(long, value_name = "METHOD")]
    method: String,
    /// The layer or block whose tokens are compared; `sweetspot models --json` lists them. The card's choice unless given.
    #[arg(long, value_name = "T")]
    tap: Option<String>,
    /// What of a transformer's block: token, query, key or value; keys unless given.
    #[arg(long, value_name = "FACET")]
    facet: Option<String>,
    /// The network's own input, or the whole picture up to 640 px, padded to a multiple of the stride.
    #[arg(long, default_value = "own", value_name = "own|full")]
    size: String,
    /// A parameter of the method: patches=50, threshold=0.3, normalisation=centred.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// How the picture becomes the network's own input.
    #[arg(long, value_enum, default_value_t = Preprocess::Card, conflicts_with = "pack")]
    preprocess: Preprocess,
    /// Where a map of the tokens goes, float32 [rows, columns].
    #[arg(long, value_name = "F.npy", conflicts_with = "pack")]
    out: Option<PathBuf>,
    /// Which map: affinity of all tokens to the seed, degree, or eigenvector.
    #[arg(long, value_enum, default_value_t = What::Affinity)]
    what: What,
    /// The token whose affinity is written, counted in reading order; the seed unless given.
    #[arg(long, value_name = "N")]
    token: Option<usize>,
}

/// A map of the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// How much each is like the seed.
    Affinity,
    /// Its degree.
    Degree,
    /// TokenCut's and MaskCut's eigenvector.
    Eigenvector,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let method = Method::from_id(&arguments.method)?;
    let facet = arguments.facet.as_deref().map(Facet::from_id).transpose()?;
    let size = InputSize::from_id(&arguments.size)?;
    if arguments.preprocess == Preprocess::Raw && size == InputSize::Full {
        return Err(Error::bad_value("--preprocess", "raw", "card with --size full, which shows the network the picture as it is"));
    }
    let opened = arguments.model.open(context).await?;
    let mut discovery = Discovery { facet, size, ..opened.model.card.discovery(method) };
    discovery.tap = arguments.tap.clone().or(discovery.tap);
    for word in &arguments.set {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Error::bad_value("--set", word, "of the form name=value"));
        };
        discovery.set(name, value).map_err(|error| match error {
            Error::Unknown { .. } => {
                Error::unknown(&format!("parameter of {}", method.id()), name, method.info().settings.iter().map(|s| s.id))
            }
            other => other,
        })?;
    }
    match (&arguments.pack, &arguments.image) {
        (Some(pack), _) => all(context, &opened, &discovery, pack).await,
        (None, Some(image)) => one(context, arguments, &opened, &discovery, image).await,
        (None, None) => Err(Error::Missing { what: "the picture".into(), reason: "give --image or --pack".into() }),
    }
}

/// One picture.
async fn one(context: &Context, arguments: &Arguments, opened: &Opened, discovery: &Discovery, image: &Path) -> Result<()> {
    let (network, card) = (opened.network(), &opened.model.card);
    let picture = decode(&file_name(image), &read(image)?)?;
    let usual = opened.model.architecture.default_tap;
    let input = match arguments.preprocess {
        Preprocess::Raw => Input::padded(&fitting(picture, &file_name(image), card.input.side)?, &card.input, 1),
        Preprocess::Card => discovery.input(network, &picture, &card.input, usual)?,
    };
    let looked = discovery.look_at(network, input, usual).await?;
    if let Some(path) = &arguments.out {
        let (shape, values) = map(arguments, opened, discovery, &looked)?;
        write_npy(path, &shape, &values)?;
    }
    let boxes = looked.boxes();
    let value = json!({
        "method": discovery.method.id(), "tap": tap(opened, discovery)?, "size": discovery.size.id(), "box": boxes.first(), "boxes": boxes,
        "seed": looked.found.seed, "similar": looked.found.similar, "note": looked.found.note,
        "grid": looked.tokens.as_ref().map(|tokens| [tokens.rows, tokens.columns]),
        "foreground": looked.found.foreground.iter().enumerate().filter(|(_, f)| **f).map(|(token, _)| token).collect::<Vec<_>>(),
        "settings": discovery.settings,
    });
    let rows: Vec<Vec<String>> = match boxes.is_empty() {
        true => vec![vec![discovery.method.id().into(), "none".into(), looked.found.note.clone()]],
        false => boxes.iter().map(|found| vec![discovery.method.id().into(), corners(found), looked.found.note.clone()]).collect(),
    };
    context.print(&value, &["method", "box", "note"], rows)
}

/// The map asked for, with its shape.
fn map(arguments: &Arguments, opened: &Opened, discovery: &Discovery, looked: &Looked) -> Result<([usize; 2], Vec<f32>)> {
    let Some(tokens) = &looked.tokens else {
        return Err(Error::bad_value("--out", discovery.method.id(), "used with a method that looks at tokens: lost, tokencut or maskcut"));
    };
    let values = match arguments.what {
        What::Affinity => {
            let none = || Error::Missing { what: "a seed".into(), reason: format!("{}; name a token with --token", looked.found.note) };
            let token = arguments.token.or(looked.found.seed).ok_or_else(none)?;
            if token >= tokens.count() {
                return Err(Error::bad_value("--token", token, &format!("less than {}, the number of tokens", tokens.count())));
            }
            discovery.affinity_row(tokens, discovery.normalisation(opened.model.architecture.attention), token)
        }
        What::Degree => looked.found.degrees.clone(),
        What::Eigenvector if !discovery.method.info().eigenvector => {
            return Err(Error::bad_value("--what", "eigenvector", "affinity or degree: this method solves for none"));
        }
        What::Eigenvector => looked.found.eigenvector.clone(),
    };
    match values.len() == tokens.count() {
        true => Ok(([tokens.rows, tokens.columns], values)),
        false => Err(Error::Missing { what: "the map".into(), reason: looked.found.note.clone() }),
    }
}

/// All pictures of a set.
async fn all(context: &Context, opened: &Opened, discovery: &Discovery, pack: &str) -> Result<()> {
    let truths = Truths::open(context, pack).await?;
    let (bar, job) = watched();
    bar.set_message(discovery.method.id());
    let (mut overlaps, mut images) = (Vec::new(), Vec::new());
    for index in 0..truths.len() {
        job.step(index as u64, truths.len() as u64).await?;
        let truth = truths.get(index)?;
        let usual = opened.model.architecture.default_tap;
        let looked = discovery.look(opened.network(), &truth.picture, &opened.model.card.input, usual).await?;
        // Nobody can find what the network was not shown.
        let visible: Vec<Box4> = truth.boxes.iter().filter_map(|truth| looked.input.visible(*truth)).collect();
        let boxes = looked.boxes();
        let overlap = best(boxes.first(), &visible);
        overlaps.push(overlap);
        images.push(json!({
            "name": truth.name, "box": boxes.first(), "truth": visible, "iou": overlap, "seed": looked.found.seed, "note": looked.found.note,
        }));
    }
    bar.finish_and_clear();
    let found = CorLoc::of(&overlaps);
    let report: Value = json!({
        "pack": pack, "on": truths.title(), "method": discovery.method.id(), "tap": tap(opened, discovery)?, "size": discovery.size.id(),
        "settings": discovery.settings, "corloc": found.share(), "right": found.right, "of": found.of, "interval": found.interval,
        "images": images,
    });
    let [low, high] = found.interval.map(|share| format!("{:.1}", 100.0 * share));
    let row = vec![
        discovery.method.id().into(),
        truths.title(),
        format!("{:.1} %", 100.0 * found.share()),
        format!("{} of {}", found.right, found.of),
        format!("{low} to {high} %"),
    ];
    context.print(&report, &["method", "on", "CorLoc", "right", "95 % interval"], [row])
}

/// The tap that was looked at; none for methods that look at none.
fn tap(opened: &Opened, discovery: &Discovery) -> Result<Option<String>> {
    let source = || Source::of(discovery, opened.model.architecture, opened.model.architecture.default_tap);
    discovery.method.info().looks.then(|| source().map(|source| source.tap)).transpose()
}

fn corners(found: &Box4) -> String {
    found.map(|v| format!("{v:.1}")).join(", ")
}
