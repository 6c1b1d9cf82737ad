//! Sets of pictures whose objects' places are known.

use std::path::{Path, PathBuf};

use super::output::Context;
use sweetspot_core::assets::check_name;
use sweetspot_core::discovery::Box4;
use sweetspot_core::error::{Error, Result};
use sweetspot_engine::stored::Folder;
use sweetspot_nn::image::{Rgb, decode, decode_grey};
use sweetspot_packs::gallery;
use sweetspot_packs::gallery::Listed;
use sweetspot_packs::scenes::{Pack, SCENES, bounds};
use sweetspot_train::files::{io, read};

/// A picture with the boxes of its objects, in pixels.
pub struct Truth {
    /// What it is called.
    pub name: String,
    /// The picture.
    pub picture: Rgb,
    /// The boxes.
    pub boxes: Vec<Box4>,
}

/// A set of them, each read when it is asked for.
pub enum Truths {
    /// Photos or composites of the gallery.
    Gallery { folder: PathBuf, entries: Vec<Listed> },
    /// A pack of scenes.
    Scenes(Box<Pack>),
}

/// Names of the shipped sets.
const GALLERY: &str = "gallery";
const CUTOUTS: &str = "cutouts";
const SHIPPED: &str = "scenes";
const CALIBRATION: &str = "calibration";

impl Truths {
    /// A set by its name or its folder: `gallery` (photos with checked boxes), `cutouts` (composites with exact masks), `scenes` (the shipped test
    /// pack), `calibration` (training scenes), or a folder with a pack's `manifest.json`.
    pub async fn open(context: &Context, name: &str) -> Result<Self> {
        let assets = &context.assets;
        match name {
            GALLERY => Self::gallery(assets, "photo"),
            CUTOUTS => Self::gallery(assets, "cutout"),
            SHIPPED => Ok(Self::Scenes(Box::new(Pack::load(&Folder(assets.clone()), SCENES).await?))),
            CALIBRATION => {
                let file = |ending: &str| read(&assets.join(CALIBRATION).join(format!("{SCENES}.{ending}")));
                Ok(Self::Scenes(Box::new(Pack::read(&file("json")?, &file("png")?, None)?)))
            }
            folder if Path::new(folder).is_dir() => Self::folder(Path::new(folder)),
            other => Err(Error::unknown("pack", other, [GALLERY, CUTOUTS, SHIPPED, CALIBRATION, "or a folder with a manifest.json"])),
        }
    }

    fn gallery(assets: &Path, kind: &str) -> Result<Self> {
        let folder = assets.join("gallery");
        let mut entries = gallery::read("gallery.json", &read(&folder.join("gallery.json"))?)?;
        entries.retain(|entry| entry.kind == kind);
        Ok(Self::Gallery { folder, entries })
    }

    fn folder(folder: &Path) -> Result<Self> {
        let manifest = read(&folder.join("manifest.json"))?;
        let head = sweetspot_packs::scenes::Manifest::read(&manifest)?.head;
        let file = |name: &str| {
            check_name("file of a pack", name)?;
            read(&folder.join(name))
        };
        let masks = head.masks_file.as_ref().map(|masks| file(&masks.file)).transpose()?;
        Ok(Self::Scenes(Box::new(Pack::read(&manifest, &file(&head.images_file.file)?, masks.as_deref())?)))
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Gallery { entries, .. } => entries.len(),
            Self::Scenes(pack) => pack.manifest().images.len(),
        }
    }

    /// What a report calls it.
    pub fn title(&self) -> String {
        match self {
            Self::Gallery { entries, .. } if entries.iter().all(|entry| entry.mask.is_some()) => {
                "composites of the gallery, boxes of exact masks".into()
            }
            Self::Gallery { .. } => "photos of the gallery, boxes checked by hand".into(),
            Self::Scenes(pack) => format!("{} scenes of {} ({} split)", self.len(), pack.manifest().head.id, pack.manifest().head.split),
        }
    }

    /// A picture.
    pub fn get(&self, index: usize) -> Result<Truth> {
        match self {
            Self::Gallery { folder, entries } => {
                let entry = &entries[index];
                let file = |name: &str| std::fs::read(folder.join(name)).map_err(|e| io(name, e));
                let picture = decode(&entry.file, &file(&entry.file)?)?;
                let boxes = match &entry.mask {
                    Some(name) => {
                        let mask = decode_grey(name, &file(name)?)?;
                        let set: Vec<bool> = mask.bytes.iter().map(|v| *v >= 128).collect();
                        vec![bounds(&set, mask.width).map(|v| v as f32)]
                    }
                    None => entry.boxes.clone(),
                };
                Ok(Truth { name: entry.id.clone(), picture, boxes })
            }
            Self::Scenes(pack) => {
                let entry = &pack.manifest().images[index];
                Ok(Truth { name: entry.scene.to_string(), picture: pack.image(index)?, boxes: vec![entry.bounds.map(|v| v as f32)] })
            }
        }
    }
}
