//! `sweetspot pack`: makes packs of images.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::output::{Context, io, write};
use crate::error::Result;
use crate::packs::scenes::SCENES;
use crate::packs::write::{Order, files};
use crate::training::Split;
use crate::training::data::Scenes;

#[derive(Debug, Args)]
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

pub fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let calibration = format!("{SCENES}.json");
    let calibration_images = format!("{SCENES}.png");
    let (making, order) = match &arguments.kind {
        Kind::Scenes(making) => (
            making,
            Order {
                id: SCENES,
                title: "Fashion in the wild",
                says: "Garments that no network was trained on, on photos that no network was trained on, with masks.",
                split: Split::Test,
                seed: making.seed,
                count: making.count.unwrap_or(500),
                files: ("manifest.json", "images.webp", Some("masks.png")),
            },
        ),
        Kind::Calibration(making) => (
            making,
            Order {
                id: SCENES,
                title: "Fashion in the wild: calibration",
                says: "Training scenes for methods that look at data before they prune; no score is computed on them.",
                split: Split::Train,
                seed: making.seed,
                count: making.count.unwrap_or(128),
                files: (&calibration, &calibration_images, None),
            },
        ),
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
