//! A pack of scenes: a manifest, all images in one picture, and all masks in another, as tiles row by row.

use serde::{Deserialize, Serialize};

use sweetspot_core::assets::{Assets, check_name};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::{Grey, Rgb, decode, decode_grey};
use sweetspot_nn::weights::sha256;

/// The shipped pack: a folder of `packs/`.
pub const SCENES: &str = "fashion-in-the-wild";
/// The most images of a pack.
pub const MOST: usize = 4096;
/// The longest manifest, in bytes.
const MOST_BYTES: usize = 4 << 20;
/// The largest side of a tile in pixels.
const MOST_SIDE: usize = 512;
/// The value of a mask's pixel that shows the object; the others are 0.
pub const SHOWN: u8 = 255;

/// A file of a pack, beside the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub file: String,
    /// sha256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// Whose work a part of the images is, and under which terms it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// What entries call it.
    pub id: String,
    /// Who made it.
    pub author: String,
    /// Where it is from.
    pub source: String,
    /// The licence's SPDX identifier.
    pub licence: String,
}

/// An image of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which scene of the seed it is.
    pub scene: usize,
    /// Its class, by index.
    pub label: usize,
    /// The bounds of the object's mask in pixels: left, top, right and bottom, the latter two exclusive.
    #[serde(rename = "box")]
    pub bounds: [usize; 4],
    /// Which garment it shows, by its place in the data set's file.
    pub garment: usize,
    /// The background, one of the photos.
    pub photo: String,
}

/// What is known of a pack without its images; `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The pack's name in experiments.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// One plain sentence.
    pub says: String,
    /// The side of a tile in pixels.
    pub side: usize,
    /// Tiles in a row of the pictures.
    pub columns: usize,
    /// The classes' names.
    pub classes: Vec<String>,
    /// The picture of the images.
    pub images_file: File,
    /// The picture of the masks; a pack may have none.
    pub masks_file: Option<File>,
    /// The split that the scenes are from.
    pub split: String,
    /// Their seed.
    pub seed: u64,
    /// The identity of the garments, photos and ranges they were made of.
    pub data: String,
    /// Whose garments they are.
    pub garments: Credit,
    /// Their licence's text, a file beside the manifest.
    pub licence_file: String,
    /// Whose photos are behind them.
    pub photos: Vec<Credit>,
}

/// A manifest: the head, and the images in the order of their tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What is true of all images.
    #[serde(flatten)]
    pub head: Head,
    /// What is true of each.
    pub images: Vec<Entry>,
}

impl Manifest {
    /// Reads and checks a manifest: bounded, every label a class, every box inside its tile, every photo credited.
    pub fn read(json: &[u8]) -> Result<Self> {
        if json.len() > MOST_BYTES {
            return Err(unreadable(format!("the manifest has {} bytes, more than {MOST_BYTES}", json.len())));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(|e| unreadable(e.to_string()))?;
        let Head { side, columns, ref classes, ref photos, .. } = manifest.head;
        let count = manifest.images.len();
        if !(1..=MOST).contains(&count) || !(1..=MOST).contains(&columns) || !(1..=MOST_SIDE).contains(&side) {
            return Err(unreadable(format!(
                "{count} images in {columns} columns of {side} px; at most {MOST}, {MOST} and {MOST_SIDE} are read, and at least one"
            )));
        }
        for (index, entry) in manifest.images.iter().enumerate() {
            let [left, top, right, bottom] = entry.bounds;
            let wrong = match entry {
                _ if entry.label >= classes.len() => format!("label {} of {} classes", entry.label, classes.len()),
                _ if left >= right || top >= bottom || right > side || bottom > side => format!("box {:?} in {side} px", entry.bounds),
                _ if photos.iter().all(|photo| photo.id != entry.photo) => "a photo that is not credited".to_string(),
                _ => continue,
            };
            return Err(unreadable(format!("image {index} has {wrong}")));
        }
        Ok(manifest)
    }

    /// Width and height of the pictures in pixels.
    pub fn size(&self) -> (usize, usize) {
        let Head { side, columns, .. } = self.head;
        (columns * side, self.images.len().div_ceil(columns) * side)
    }

    /// Where a tile's rows begin in a picture, in pixels.
    fn rows(&self, index: usize) -> Result<impl Iterator<Item = usize>> {
        let (&Head { side, columns, .. }, count) = (&self.head, self.images.len());
        if index >= count {
            return Err(Error::bad_value("image", index, &format!("less than {count}, the images of {}", self.head.id)));
        }
        let corner = index / columns * side * columns * side + index % columns * side;
        Ok((0..side).map(move |row| corner + row * columns * side))
    }
}

/// A pack with its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    manifest: Manifest,
    images: Rgb,
    masks: Option<Grey>,
}

impl Pack {
    /// Reads a pack from its files' bytes and checks them: the manifest's hashes, the pictures' sizes, masks of two values, and each
    /// box the bounds of its mask.
    pub fn read(manifest: &[u8], images: &[u8], masks: Option<&[u8]>) -> Result<Self> {
        let manifest = Manifest::read(manifest)?;
        let (width, height) = manifest.size();
        let check = |file: &File, bytes: &[u8]| match sha256(bytes) == file.sha256 {
            true => Ok(()),
            false => Err(unreadable(format!("{} is not the file that the manifest names; fetch it again", file.file))),
        };
        let sized = |file: &File, got: (usize, usize)| match got == (width, height) {
            true => Ok(()),
            false => Err(unreadable(format!("{} has {} x {} pixels, not {width} x {height}", file.file, got.0, got.1))),
        };
        let file = &manifest.head.images_file;
        check(file, images)?;
        let images = decode(&file.file, images)?;
        sized(file, (images.width, images.height))?;
        let masks = match (&manifest.head.masks_file, masks) {
            (None, None) => None,
            (Some(file), Some(bytes)) => {
                check(file, bytes)?;
                let masks = decode_grey(&file.file, bytes)?;
                sized(file, (masks.width, masks.height))?;
                Some(masks)
            }
            _ => return Err(unreadable("masks belong to a pack whose manifest names them, and only to it".into())),
        };
        let pack = Self { manifest, images, masks };
        pack.check_masks()?;
        Ok(pack)
    }

    /// Reads a shipped pack.
    pub async fn load(assets: &dyn Assets, id: &str) -> Result<Self> {
        let read = async |file: &str| assets.read(&format!("packs/{id}/{file}"), &|_, _| ()).await;
        let manifest = read("manifest.json").await?;
        let head = Manifest::read(&manifest)?.head;
        check_name("file of a pack", &head.images_file.file)?;
        let images = read(&head.images_file.file).await?;
        let masks = match &head.masks_file {
            Some(masks) => {
                check_name("file of a pack", &masks.file)?;
                Some(read(&masks.file).await?)
            }
            None => None,
        };
        Self::read(&manifest, &images, masks.as_deref())
    }

    fn check_masks(&self) -> Result<()> {
        if self.masks.as_ref().is_some_and(|masks| masks.bytes.iter().any(|b| ![0, SHOWN].contains(b))) {
            return Err(unreadable("a mask has values between 0 and 255".into()));
        }
        for (index, entry) in self.manifest.images.iter().enumerate() {
            match self.mask(index)?.map(|mask| bounds(&mask, self.manifest.head.side)) {
                Some(bounds) if bounds != entry.bounds => {
                    return Err(unreadable(format!("image {index} has box {:?}, its mask {bounds:?}", entry.bounds)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What is known of the pack and its images.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Image `index`.
    pub fn image(&self, index: usize) -> Result<Rgb> {
        let side = self.manifest.head.side;
        let bytes = self.manifest.rows(index)?.flat_map(|at| &self.images.bytes[3 * at..3 * (at + side)]).copied().collect();
        Ok(Rgb { width: side, height: side, bytes })
    }

    /// Which pixels of image `index` show the object, row by row; none if the pack has no masks.
    pub fn mask(&self, index: usize) -> Result<Option<Vec<bool>>> {
        let (rows, side) = (self.manifest.rows(index)?, self.manifest.head.side);
        Ok(self.masks.as_ref().map(|masks| rows.flat_map(|at| &masks.bytes[at..at + side]).map(|b| *b == SHOWN).collect()))
    }
}

/// Left, top, right and bottom of what is set in a mask with rows of `width`, right and bottom exclusive; zeros if nothing is.
pub fn bounds(mask: &[bool], width: usize) -> [usize; 4] {
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for (at, _) in mask.iter().enumerate().filter(|(_, set)| **set) {
        let (x, y) = (at % width, at / width);
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
    }
    if right == 0 { [0; 4] } else { [left, top, right, bottom] }
}

fn unreadable(reason: String) -> Error {
    Error::Unreadable { what: "pack".into(), reason }
}
