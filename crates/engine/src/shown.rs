//! The pictures that networks are compared on: the gallery's, or a pack's scenes.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use sweetspot_core::assets::Assets;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::Result;
use sweetspot_nn::image::input;
use sweetspot_nn::image::{decode, view};
use sweetspot_packs::gallery::{Listed, load};
use sweetspot_packs::scenes::Pack;

/// Pictures in order, read one by one.
pub enum Shown {
    /// A pack's scenes.
    Scenes(Rc<Pack>),
    /// The gallery's photos and cut-outs.
    Gallery(Vec<Listed>),
}

impl Shown {
    /// The scenes of a pack, or without one the gallery.
    pub async fn open(assets: &dyn Assets, pack: Option<Rc<Pack>>) -> Result<Self> {
        if let Some(pack) = pack {
            return Ok(Self::Scenes(pack));
        }
        Ok(Self::Gallery(load(assets).await?))
    }

    /// How many pictures.
    pub fn count(&self) -> usize {
        match self {
            Self::Scenes(pack) => pack.manifest().images.len(),
            Self::Gallery(entries) => entries.len(),
        }
    }

    /// What they are, in words.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Scenes(_) => "the shipped scenes",
            Self::Gallery(_) => "the gallery",
        }
    }

    /// A picture as a network with this recipe sees it, and its label's index where it has one.
    pub async fn input(&self, assets: &dyn Assets, at: usize, recipe: &Recipe, device: &Device) -> Result<(Tensor<4>, Option<usize>)> {
        let (picture, label) = match self {
            Self::Scenes(pack) => (pack.image(at)?, pack.manifest().images.get(at).map(|entry| entry.label)),
            Self::Gallery(entries) => {
                let Listed { file, label, .. } = &entries[at];
                (decode(file, &assets.read(&format!("gallery/{file}"), &|_, _| ()).await?)?, *label)
            }
        };
        Ok((input(&view(&picture, recipe)?, recipe, device), label))
    }
}
