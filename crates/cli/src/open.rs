//! The flags that name a network and an image, and how they are opened.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor};
use clap::{Args, ValueEnum};

use super::method::watched;
use super::output::Context;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::link;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::model::{Model, Pruned};
use sweetspot_engine::own;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::pruning::file;
use sweetspot_nn::device;
use sweetspot_nn::image::input;
use sweetspot_nn::image::{Rgb, decode, view};
use sweetspot_nn::network::Network;
use sweetspot_train::files::read;

/// Which network, how pruned or with which mask, on which device.
#[derive(Debug, Args)]
pub struct ModelFlags {
    #[command(flatten)]
    flags: PruningFlags,
    /// Put on this mask, as `sweetspot prune --mask F` writes it, instead of pruning.
    #[arg(long, value_name = "F.safetensors", conflicts_with_all = ["prune", "sparsity", "scope", "re_estimate"])]
    mask: Option<PathBuf>,
}

/// Which network, how pruned, on which device.
#[derive(Debug, Args)]
pub struct PruningFlags {
    /// The network's name, as `sweetspot models` lists it; with --weights it is guessed from the file unless given.
    #[arg(long, value_name = "M", required_unless_present = "weights")]
    pub model: Option<String>,
    /// Run with the tensors of this file: .safetensors, or .pth as torch.save writes it, under torchvision's, timm's or DINO's names.
    #[arg(long, value_name = "F")]
    pub weights: Option<PathBuf>,
    /// Prune by this criterion, such as magnitude, lamp, wanda or second-order; `sweetspot prune --help` lists them.
    #[arg(long, value_name = "CRITERION")]
    pub prune: Option<String>,
    /// Share of the prunable weights to set to zero, 0 to 0.999. Patterns such as nm-2-4 have but one and need none.
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub sparsity: Option<f64>,
    /// Whether all layers' weights compete (global) or each layer loses the same share (layer); the criterion's usual scope unless given.
    #[arg(long, value_name = "global|layer")]
    pub scope: Option<String>,
    /// Seed of criteria that draw.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    pub prune_seed: u64,
    /// Estimate batch normalisation anew on the calibration pictures after pruning.
    #[arg(long)]
    pub re_estimate: bool,
    /// Where to compute.
    #[arg(long, default_value = "cpu", value_name = "cpu|webgpu")]
    pub device: String,
}

/// How a picture becomes an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Preprocess {
    /// As the network's card says.
    Card,
    /// The file already has the input's size; only the card's normalisation is applied.
    Raw,
}

/// Which image.
#[derive(Debug, Args)]
pub struct ImageFlags {
    /// The picture: JPEG, PNG, WebP, GIF or BMP.
    #[arg(long, value_name = "F")]
    pub image: PathBuf,
    /// How it becomes the network's input.
    #[arg(long, value_enum, default_value_t = Preprocess::Card)]
    pub preprocess: Preprocess,
}

/// A network, ready to run.
pub struct Opened {
    /// The model with its dense network.
    pub model: Model,
    /// The pruned network, if pruning was asked for.
    pub pruned: Option<Pruned>,
}

impl Opened {
    /// The network asked for.
    pub fn network(&self) -> &Network {
        self.pruned.as_ref().map_or(&self.model.dense, |pruned| &pruned.network)
    }
}

impl ModelFlags {
    /// Loads the network and prunes it or puts on the mask.
    pub async fn open(&self, context: &Context) -> Result<Opened> {
        let mut opened = self.flags.open(context).await?;
        if let Some(path) = &self.mask {
            let model = &opened.model;
            let layers = model.architecture.layers_of(&model.weights);
            opened.pruned = Some(model.masked(file::read(&read(path)?, &model.card.id, &layers)?));
        }
        Ok(opened)
    }
}

impl PruningFlags {
    /// Loads and prunes the network.
    pub async fn open(&self, context: &Context) -> Result<Opened> {
        let device = self.device().await?;
        let assets = Folder(context.assets.clone());
        let model = match (&self.weights, &self.model) {
            (Some(path), wanted) => own::open(&assets, &file_name(path), read(path)?, wanted.as_deref(), &device).await?.0,
            (None, wanted) => Model::load(&assets, wanted.as_deref().unwrap_or_default(), &device, &|_, _| ()).await?,
        };
        let pruned = match self.pruning()? {
            Some(pruning) => {
                let (bar, job) = watched();
                bar.set_message(pruning.criterion.id());
                let pruned = model.pruned(&pruning, &assets, &job).await?;
                bar.finish_and_clear();
                Some(pruned)
            }
            None => None,
        };
        Ok(Opened { model, pruned })
    }

    /// The pruning asked for. A sparsity without a criterion means magnitude.
    pub fn pruning(&self) -> Result<Option<Pruning>> {
        let criterion = self.prune.as_deref().map(Criterion::from_id).transpose()?;
        let scope = self.scope.as_deref().map(Scope::from_id).transpose()?;
        let fixed = criterion.and_then(|criterion| criterion.info().fixed);
        let sparsity = match (self.sparsity.or(fixed), criterion) {
            (Some(sparsity), _) => Sparsity::new(sparsity)?,
            (None, Some(_)) => {
                return Err(Error::Missing { what: "the sparsity".into(), reason: "give --sparsity, between 0 and 0.999".into() });
            }
            (None, None) => return Ok(None),
        };
        let criterion = criterion.unwrap_or(Criterion::Magnitude);
        let scope = scope.unwrap_or(criterion.usual_scope());
        Ok(Some(Pruning { criterion, scope, sparsity, seed: self.prune_seed, re_estimate: self.re_estimate }))
    }

    async fn device(&self) -> Result<Device> {
        match link::device(&self.device)? {
            sweetspot_core::experiment::DeviceChoice::Gpu => gpu().await,
            _ => Ok(device::cpu()),
        }
    }
}

/// A file's name without its folder, for messages.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(feature = "gpu")]
async fn gpu() -> Result<Device> {
    device::gpu(|reason| eprintln!("error: GPU: {reason}")).await
}

#[cfg(not(feature = "gpu"))]
async fn gpu() -> Result<Device> {
    let reason = "this program was built without it; build with --features gpu".into();
    Err(Error::Device { device: "webgpu".into(), reason })
}

impl ImageFlags {
    /// The network's input, [1, 3, side, side].
    pub fn open(&self, recipe: &Recipe, device: &Device) -> Result<Tensor<4>> {
        Ok(input(&self.see(recipe)?, recipe, device))
    }

    /// What the network sees.
    pub fn see(&self, recipe: &Recipe) -> Result<Rgb> {
        let name = self.image.display().to_string();
        let picture = decode(&name, &read(&self.image)?)?;
        match self.preprocess {
            Preprocess::Card => view(&picture, recipe),
            Preprocess::Raw => fitting(picture, &name, recipe.side),
        }
    }
}

/// A picture, if it has the size of the network's input.
pub fn fitting(picture: Rgb, name: &str, side: usize) -> Result<Rgb> {
    match (picture.width, picture.height) == (side, side) {
        true => Ok(picture),
        false => Err(Error::NotInputSize { name: name.into(), width: picture.width as u32, height: picture.height as u32, side }),
    }
}
