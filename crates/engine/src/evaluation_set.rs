//! Pictures with objects whose place is known: the gallery's photos or cut-outs, or the shipped scenes.

use std::rc::Rc;

use sweetspot_core::assets::Assets;
use sweetspot_core::discovery::Box4;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::{Rgb, decode};
use sweetspot_packs::gallery::{Listed, load};
use sweetspot_packs::scenes::Pack;
use sweetspot_protocol::EvaluationSet;

/// A set, whose pictures are read one by one.
pub enum Opened {
    /// Scenes of a pack.
    Scenes(Rc<Pack>),
    /// Photos or cut-outs.
    Gallery(Vec<Listed>),
}

impl Opened {
    /// Opens a set; `pack` has the scenes where those are meant.
    pub async fn new(set: EvaluationSet, assets: &dyn Assets, pack: Option<Rc<Pack>>) -> Result<Self> {
        if let (EvaluationSet::Scenes, Some(pack)) = (set, pack) {
            return Ok(Self::Scenes(pack));
        }
        let kind = if set == EvaluationSet::Photos { "photo" } else { "cutout" };
        let wanted = |entry: &Listed| entry.kind == kind && !entry.boxes.is_empty();
        Ok(Self::Gallery(load(assets).await?.into_iter().filter(wanted).collect()))
    }

    /// How many pictures.
    pub fn count(&self) -> usize {
        match self {
            Self::Scenes(pack) => pack.manifest().images.len(),
            Self::Gallery(entries) => entries.len(),
        }
    }

    /// A picture, with boxes around its objects in its own pixels.
    pub async fn picture(&self, assets: &dyn Assets, at: usize) -> Result<(Rgb, Vec<Box4>)> {
        match self {
            Self::Scenes(pack) => {
                let image = pack.image(at)?;
                Ok((image, vec![pack.manifest().images[at].bounds.map(|side| side as f32)]))
            }
            Self::Gallery(entries) => {
                let Some(Listed { file, boxes, .. }) = entries.get(at) else {
                    return Err(Error::bad_value("picture", at, &format!("less than {}", entries.len())));
                };
                Ok((decode(file, &assets.read(&format!("gallery/{file}"), &|_, _| ()).await?)?, boxes.clone()))
            }
        }
    }
}
