//! The calibration set: photos that criteria may look at, and on which no score is computed (`www/calibration`).

use burn::tensor::{Device, Tensor};
use serde::Deserialize;

use crate::device::values;
use crate::engine::assets::{Assets, check_name};
use crate::engine::job::Job;
use crate::engine::picture::input;
use crate::error::{Error, Result};
use crate::image::{decode, view};
use crate::models::card::Recipe;
use crate::models::network::Network;

/// How many photos are looked at unless told otherwise. More change the ranking little and cost as many passes more.
pub const USUAL: usize = 32;

/// The folder of the photos that networks for photos look at.
pub const PHOTOS: &str = "calibration";

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

/// Reads the first pictures of the set in a folder of the assets, as a network with this recipe sees them.
pub async fn read(assets: &dyn Assets, folder: &str, recipe: &Recipe, device: &Device, most: usize, job: &Job) -> Result<Vec<Tensor<4>>> {
    let unreadable = |e: serde_json::Error| Error::Unreadable { what: "list of calibration pictures".into(), reason: e.to_string() };
    let index: Index =
        serde_json::from_slice(&assets.read(&format!("{folder}/calibration.json"), &|_, _| ()).await?).map_err(unreadable)?;
    let wanted = index.images.len().min(most);
    let mut images = Vec::with_capacity(wanted);
    for entry in &index.images[..wanted] {
        job.step(images.len() as u64, wanted as u64).await?;
        check_name("calibration picture", &entry.file)?;
        let bytes = assets.read(&format!("{folder}/{}", entry.file), &|_, _| ()).await?;
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
        classes.push(crate::engine::run::top(&logits, 1)[0]);
    }
    Ok(classes)
}
