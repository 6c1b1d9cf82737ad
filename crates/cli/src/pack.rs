//! `sweetspot pack`: makes packs of images, and checks them.

pub mod annotation;
pub mod build;
pub mod class_folders;
pub mod geirhos;
pub mod voc;
pub mod walk;
pub mod write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::method::watched;
use super::output::Context;
use crate::pack::write::{Order, files};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_engine::model::class_names;
use sweetspot_engine::stored::Folder;
use sweetspot_packs::manifest::Manifest;
use sweetspot_packs::open::Pack;
use sweetspot_packs::scenes::SCENES;
use sweetspot_train::Split;
use sweetspot_train::data::Scenes;
use sweetspot_train::files::{io, write};

#[derive(Debug, Args)]
/// What the verb is given.
pub struct Arguments {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Test scenes of "fashion in the wild" with masks, as many of each class.
    Scenes(Making),
    /// Training scenes, for methods that calibrate: no score is computed on them.
    Calibration(Making),
    /// Stimuli that people have seen, with what they answered.
    ///
    /// Of checkouts of rgeirhos/texture-vs-shape (stimuli/SET/CATEGORY/NAME.png) and bethgelab/model-vs-human (files called
    /// 0000_cl_dnn_bw_boat_40_n02951358_5952.png; responses in raw-data/SET).
    Geirhos {
        /// The folder of one data set's stimuli.
        #[arg(long, value_name = "DIR")]
        stimuli: PathBuf,
        /// The folder of what observers answered to them, .csv as published or .json.
        #[arg(long, value_name = "DIR")]
        responses: Option<PathBuf>,
        /// Which of the published data sets it is, such as edge: says which conditions do not count. Guessed from the folders unless given.
        #[arg(long, value_name = "ID")]
        data_set: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Pictures in a folder for each class, as ImageNet is laid out.
    Folder {
        /// The folder of the classes' folders.
        #[arg(long, value_name = "DIR")]
        images: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Pictures of Pascal VOC with boxes and masks.
    Voc {
        /// The folder with JPEGImages, such as VOCdevkit/VOC2012.
        #[arg(long, value_name = "DIR")]
        root: PathBuf,
        /// Only the pictures of this list of ImageSets, such as val.
        #[arg(long, value_name = "NAME")]
        split: Option<String>,
        /// Only so many pictures, the first ones.
        #[arg(long, value_name = "N")]
        count: Option<usize>,
        #[command(flatten)]
        common: Common,
    },
    /// Read every file of a pack, and say which are there and right.
    Check {
        /// The pack: a folder or a .zip.
        #[arg(long, value_name = "P")]
        pack: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Making {
    /// Where the files go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many scenes; 500 of the test split and 128 of the training split unless given.
    #[arg(long)]
    count: Option<usize>,
    /// Seed of the scenes; the default is none of training's.
    #[arg(long, default_value_t = 2_000_000)]
    seed: u64,
    /// Folder with Fashion-MNIST's four files; where Debian's package puts them unless given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Common {
    /// Where the pack goes: a new folder, or a file that ends in .zip.
    #[arg(long, value_name = "F.zip|DIR")]
    out: PathBuf,
    /// The pictures' licence, to be kept with them.
    #[arg(long, default_value = "not stated", value_name = "SPDX")]
    licence: String,
    /// Where the pictures are from, to be kept with them.
    #[arg(long, default_value = "not stated", value_name = "TEXT")]
    source: String,
}

/// Carries the verb out.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let (bar, job) = watched();
    let progress = |done, total| job.tell(done, total);
    let (manifest, reports) = match &arguments.kind {
        Kind::Scenes(making) | Kind::Calibration(making) => return scenes(context, making, matches!(arguments.kind, Kind::Scenes(_))),
        Kind::Check { pack } => {
            let pack = Pack::open(pack)?;
            let pictures = pack.check(&progress);
            (pack.manifest().clone(), vec![("images", pictures), ("trials", pack.trials()?.1)])
        }
        Kind::Geirhos { stimuli, responses, data_set, common: Common { out, licence, source } } => {
            let (data_set, responses) = (data_set.as_deref(), responses.as_deref());
            let made = geirhos::make(&geirhos::Order { stimuli, responses, out, data_set, licence, source }, &progress)?;
            (made.manifest, vec![("images", made.pictures), ("trials", made.trials)])
        }
        Kind::Folder { images, common: Common { out, licence, source } } => {
            let imagenet = class_names(&Folder(context.assets.clone())).await?;
            let order = class_folders::Order { images, out, licence, source, imagenet: &imagenet };
            let (manifest, report) = class_folders::make(&order, &progress)?;
            (manifest, vec![("images", report)])
        }
        Kind::Voc { root, split, count, common: Common { out, licence, source } } => {
            let order = voc::Order { root, split: split.as_deref(), count: *count, out, licence, source };
            let (manifest, report) = voc::make(&order, &progress)?;
            (manifest, vec![("images", report)])
        }
    };
    bar.finish_and_clear();
    told(context, &manifest, &reports)?;
    let bad = matches!(arguments.kind, Kind::Check { .. }) && reports[0].1.refusals() > 0;
    match bad {
        true => Err(Error::Unreadable {
            what: "pack".into(),
            reason: format!("{} of {} images are not as the manifest says", reports[0].1.refusals(), manifest.images.len()),
        }),
        false => Ok(()),
    }
}

/// Prints what a pack holds and what became of everything that was read for it.
fn told(context: &Context, manifest: &Manifest, reports: &[(&str, Report)]) -> Result<()> {
    let head = &manifest.head;
    let mut value = json!({
        "id": head.id, "sha256": manifest.sha256, "images": manifest.images.len(), "data_set": head.data_set, "licence": head.licence,
    });
    let mut rows = vec![
        vec!["pack".into(), head.id.clone()],
        vec!["sha256".into(), manifest.sha256.clone()],
        vec!["licence".into(), head.licence.clone()],
    ];
    for (what, report) in reports {
        value["report"][*what] = report_value(report);
        rows.push(vec![what.to_string(), format!("{} used, {} refused", report.used, report.refusals())]);
        rows.extend(report.lines().map(|line| vec![String::new(), line]));
    }
    context.print(&value, &["what", "result"], rows)
}

/// A report as JSON, with the number of refusals.
pub fn report_value(report: &Report) -> Value {
    json!({ "used": report.used, "refused": report.refusals(), "reasons": report.refused, "notes": report.notes })
}

fn scenes(context: &Context, making: &Making, test: bool) -> Result<()> {
    let calibration = format!("{SCENES}.json");
    let calibration_images = format!("{SCENES}.png");
    let order = match test {
        true => Order {
            id: SCENES,
            title: "Fashion in the wild",
            says: "Garments that no network was trained on, on photos that no network was trained on, with masks.",
            split: Split::Test,
            seed: making.seed,
            count: making.count.unwrap_or(500),
            files: ("manifest.json", "images.webp", Some("masks.png")),
        },
        false => Order {
            id: SCENES,
            title: "Fashion in the wild: calibration",
            says: "Training scenes for methods that look at data before they prune; no score is computed on them.",
            split: Split::Train,
            seed: making.seed,
            count: making.count.unwrap_or(128),
            files: (&calibration, &calibration_images, None),
        },
    };
    let scenes = Scenes::open(making.data.as_deref(), &context.assets)?;
    let files = files(&scenes, &order)?;
    std::fs::create_dir_all(&making.out).map_err(|e| io(&making.out, e))?;
    for (name, bytes) in &files {
        write(&making.out.join(name), bytes)?;
    }
    let value = json!(files.iter().map(|(name, bytes)| json!({ "file": name, "bytes": bytes.len() })).collect::<Vec<_>>());
    context.print(&value, &["written", "bytes"], files.iter().map(|(name, bytes)| vec![name.clone(), bytes.len().to_string()]))
}
