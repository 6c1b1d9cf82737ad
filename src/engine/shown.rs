//! The pictures that networks are compared on: the gallery's, or a pack's scenes.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};
use serde::Deserialize;

use super::assets::Assets;
use super::picture::input;
use crate::error::{Error, Result};
use crate::image::{decode, view};
use crate::models::card::Recipe;
use crate::packs::scenes::Pack;

/// The part of `gallery.json` that matters here.
#[derive(Deserialize)]
struct Gallery {
    images: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    label: Option<usize>,
}

/// Pictures in order, read one by one.
pub enum Shown {
    /// A pack's scenes.
    Scenes(Rc<Pack>),
    /// The gallery's photos and cut-outs.
    Gallery(Photos),
}

/// The gallery's files and labels.
pub struct Photos(Vec<Entry>);

impl Shown {
    /// The scenes of a pack, or without one the gallery.
    pub async fn open(assets: &dyn Assets, pack: Option<Rc<Pack>>) -> Result<Self> {
        if let Some(pack) = pack {
            return Ok(Self::Scenes(pack));
        }
        let unreadable = |e: serde_json::Error| Error::Unreadable { what: "gallery.json".into(), reason: e.to_string() };
        let gallery: Gallery = serde_json::from_slice(&assets.read("gallery/gallery.json", &|_, _| ()).await?).map_err(unreadable)?;
        Ok(Self::Gallery(Photos(gallery.images)))
    }

    /// How many pictures.
    pub fn count(&self) -> usize {
        match self {
            Self::Scenes(pack) => pack.manifest().images.len(),
            Self::Gallery(Photos(entries)) => entries.len(),
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
            Self::Gallery(Photos(entries)) => {
                let Entry { file, label } = &entries[at];
                (decode(file, &assets.read(&format!("gallery/{file}"), &|_, _| ()).await?)?, *label)
            }
        };
        Ok((input(&view(&picture, recipe)?, recipe, device), label))
    }
}
