//! The pictures of a sweep, opened one by one, with labels and places.

use std::rc::Rc;

use serde::Deserialize;

use super::plan::Set;
use crate::engine::assets::Assets;
use crate::engine::picture::Opened;
use crate::engine::protocol::Picture;
use crate::error::{Error, Result};
use crate::experiment::ImageRef;
use crate::models::weights::sha256;
use crate::packs::scenes::{Pack, SCENES};

/// A set's pictures in order.
pub struct Pictures {
    kind: Kind,
    /// Their names.
    pub names: Vec<String>,
    /// Identity of the whole set: sha256 of the list that names pictures, labels and places; hexadecimal.
    pub sha256: String,
}

enum Kind {
    Scenes(Rc<Pack>),
    Gallery(Vec<Entry>),
    Own(Rc<Opened>),
}

/// The part of `gallery.json` that matters here.
#[derive(Deserialize)]
struct Gallery {
    images: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    file: String,
    kind: String,
    label: Option<usize>,
    boxes: Vec<[f32; 4]>,
    mask: Option<String>,
}

impl Pictures {
    /// The pictures of a set, at most so many. `image` is the experiment's; `own` is the opened file of a picture of the user's own.
    pub async fn open(
        assets: &dyn Assets,
        set: Set,
        image: &ImageRef,
        own: Option<Rc<Opened>>,
        pack: Option<Rc<Pack>>,
        most: Option<usize>,
    ) -> Result<Self> {
        let most = most.unwrap_or(usize::MAX);
        let scenes = async || match &pack {
            Some(pack) => Ok::<_, Error>(pack.clone()),
            None => Ok(Rc::new(Pack::load(assets, SCENES).await?)),
        };
        match (set, image) {
            (Set::Scenes, _) => Self::of_scenes(scenes().await?, 0, most),
            (Set::Gallery, _) => Self::of_gallery(assets, |_| true, most).await,
            (Set::Cutouts, _) => Self::of_gallery(assets, |entry| entry.kind == "cutout", most).await,
            (Set::Image, ImageRef::Scene(index)) => Self::of_scenes(scenes().await?, *index as usize, 1),
            (Set::Image, ImageRef::Gallery(id)) => Self::of_gallery(assets, |entry| entry.id == *id, 1).await,
            (Set::Image, ImageRef::Own(hash)) => match own.filter(|own| own.image == *image) {
                Some(own) => Ok(Self { kind: Kind::Own(own), names: vec![hash.clone()], sha256: hash.clone() }),
                None => Err(missing("your picture", "pictures of your own are not part of a link; give the file with --set F.png")),
            },
        }
    }

    fn of_scenes(pack: Rc<Pack>, first: usize, most: usize) -> Result<Self> {
        let manifest = pack.manifest();
        let count = manifest.images.len();
        if first >= count {
            return Err(missing(&format!("scene {first}"), "the pack has no such scene; choose another"));
        }
        let names = (first..count).take(most).map(|at| format!("scene-{at}")).collect();
        let list = serde_json::to_vec(manifest).map_err(|e| Error::Unreadable { what: "pack".into(), reason: e.to_string() })?;
        Ok(Self { names, sha256: sha256(&list), kind: Kind::Scenes(pack) })
    }

    async fn of_gallery(assets: &dyn Assets, wanted: impl Fn(&Entry) -> bool, most: usize) -> Result<Self> {
        let list = assets.read("gallery/gallery.json", &|_, _| ()).await?;
        let unreadable = |e: serde_json::Error| Error::Unreadable { what: "gallery.json".into(), reason: e.to_string() };
        let gallery: Gallery = serde_json::from_slice(&list).map_err(unreadable)?;
        let entries: Vec<Entry> = gallery.images.into_iter().filter(|entry| wanted(entry)).take(most).collect();
        if entries.is_empty() {
            return Err(missing("the picture", "the gallery has no such picture; choose another"));
        }
        Ok(Self { names: entries.iter().map(|entry| entry.id.clone()).collect(), sha256: sha256(&list), kind: Kind::Gallery(entries) })
    }

    /// A picture by its place.
    pub async fn picture(&self, assets: &dyn Assets, at: usize) -> Result<Rc<Opened>> {
        let beyond = || Error::bad_value("picture", at, &format!("less than {}, the pictures of the sweep", self.names.len()));
        match &self.kind {
            Kind::Own(own) => Ok(own.clone()),
            Kind::Scenes(pack) => {
                let name = self.names.get(at).ok_or_else(beyond)?;
                let index = name.trim_start_matches("scene-").parse().map_err(|_| beyond())?;
                Ok(Rc::new(Opened::scene(pack, index)?))
            }
            Kind::Gallery(entries) => {
                let entry = entries.get(at).ok_or_else(beyond)?;
                let read = async |file: &str| assets.read(&format!("gallery/{file}"), &|_, _| ()).await;
                let mask = match &entry.mask {
                    Some(file) => Some(read(file).await?),
                    None => None,
                };
                let picture = Picture {
                    image: ImageRef::Gallery(entry.id.clone()),
                    bytes: read(&entry.file).await?,
                    name: entry.file.clone(),
                    boxes: entry.boxes.clone(),
                    mask,
                    label: entry.label,
                };
                Ok(Rc::new(Opened::new(picture)?))
            }
        }
    }

    /// Whether their labels are classes of a network that knows the scenes (`true`) or the gallery's photos (`false`).
    pub fn known_to(&self, scenes: bool) -> bool {
        match &self.kind {
            Kind::Scenes(_) => scenes,
            Kind::Gallery(_) => !scenes,
            Kind::Own(_) => false,
        }
    }

    /// The label of a picture, without opening it.
    pub fn label(&self, at: usize) -> Option<usize> {
        match &self.kind {
            Kind::Own(own) => own.label,
            Kind::Scenes(pack) => {
                let index: usize = self.names.get(at)?.trim_start_matches("scene-").parse().ok()?;
                pack.manifest().images.get(index).map(|entry| entry.label)
            }
            Kind::Gallery(entries) => entries.get(at)?.label,
        }
    }
}

fn missing(what: &str, reason: &str) -> Error {
    Error::Missing { what: what.into(), reason: reason.into() }
}
