//! The calibration set: photos that criteria may look at, and on which no score is computed (`www/calibration`).

use burn::tensor::{Device, Tensor};
use serde::Deserialize;

use sweetspot_core::assets::{Assets, check_name};
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;
use sweetspot_nn::image::input;
use sweetspot_nn::image::{decode, view};
use sweetspot_nn::job::Job;
use sweetspot_nn::network::Network;
use sweetspot_packs::scenes::Pack;

/// How many photos are looked at. More change the ranking little and cost as many passes more.
const PHOTOS: usize = 32;
/// How many scenes are looked at: all of the shipped ones, each costs little.
const SCENES: usize = 128;

/// The folder of the sets.
const FOLDER: &str = "calibration";

/// Inputs of a network with the classes they are taken for.
pub struct Calibration {
    /// The inputs, each [1, 3, side, side].
    pub images: Vec<Tensor<4>>,
    /// The class of each. Without labels, the dense network's first class; see [`own_classes`].
    pub targets: Vec<usize>,
}

/// The list of the set's files; there is more in it than is needed here.
#[derive(Deserialize)]
struct Index {
    images: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
}

/// Reads the first pictures of a set as a network with this recipe sees them: of a pack of scenes, or of the photos.
pub async fn read(assets: &dyn Assets, pack: Option<&str>, recipe: &Recipe, device: &Device, job: &Job) -> Result<Vec<Tensor<4>>> {
    match pack {
        Some(pack) => scenes(assets, pack, recipe, device).await,
        None => photos(assets, recipe, device, job).await,
    }
}

async fn scenes(assets: &dyn Assets, pack: &str, recipe: &Recipe, device: &Device) -> Result<Vec<Tensor<4>>> {
    check_name("calibration set", pack)?;
    let manifest = assets.read(&format!("{FOLDER}/{pack}.json"), &|_, _| ()).await?;
    let images = assets.read(&format!("{FOLDER}/{pack}.png"), &|_, _| ()).await?;
    let pack = Pack::read(&manifest, &images, None)?;
    let count = pack.manifest().images.len().min(SCENES);
    (0..count).map(|index| Ok(input(&view(&pack.image(index)?, recipe)?, recipe, device))).collect()
}

async fn photos(assets: &dyn Assets, recipe: &Recipe, device: &Device, job: &Job) -> Result<Vec<Tensor<4>>> {
    let unreadable = |e: serde_json::Error| Error::Unreadable { what: "list of calibration pictures".into(), reason: e.to_string() };
    let index: Index =
        serde_json::from_slice(&assets.read(&format!("{FOLDER}/calibration.json"), &|_, _| ()).await?).map_err(unreadable)?;
    let wanted = index.images.len().min(PHOTOS);
    let mut images = Vec::with_capacity(wanted);
    for entry in &index.images[..wanted] {
        job.step(images.len() as u64, wanted as u64).await?;
        check_name("calibration picture", &entry.file)?;
        let bytes = assets.read(&format!("{FOLDER}/{}", entry.file), &|_, _| ()).await?;
        images.push(input(&view(&decode(&entry.file, &bytes)?, recipe)?, recipe, device));
    }
    Ok(images)
}

/// The class a network gives each picture the highest logit: what stands for a label where there is none.
pub async fn own_classes(network: &Network, images: &[Tensor<4>], job: &Job) -> Result<Vec<usize>> {
    let mut classes = Vec::with_capacity(images.len());
    for (done, image) in images.iter().enumerate() {
        job.step(done as u64, images.len() as u64).await?;
        let logits = values(network.logits(image.clone())).await?;
        classes.push(sweetspot_nn::logits::top(&logits, 1)[0]);
    }
    Ok(classes)
}
