//! Backgrounds: square pieces of the gallery's photos.

use std::path::Path;

use fast_image_resize::images::{Image as Plane, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::Split;
use super::scene::SIDE;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::{Rgb, decode};
use sweetspot_nn::weights::sha256;
use sweetspot_packs as packs;
use sweetspot_packs::gallery::Listed;

/// Of the free photos, in the order of their ids, one in so many is for testing.
const TESTS: usize = 3;

/// A photo at full size and halved again and again, so that a large piece need not be read at full size.
#[derive(Debug, Clone)]
pub struct Photo {
    /// Where it is from.
    pub origin: Listed,
    /// sha256 of its file, hexadecimal.
    pub sha256: String,
    levels: Vec<Rgb>,
}

/// A split's photos in the order of their ids. Test scenes are shipped, so their photos are free ones: every third of these. All others are
/// for training.
pub(crate) fn read(gallery: &Path, split: Split) -> Result<Vec<Photo>> {
    let bytes = |path: &Path| std::fs::read(path).map_err(|e| Error::Io { path: path.display().to_string(), reason: e.to_string() });
    let list = packs::gallery::read("gallery.json", &bytes(&gallery.join("gallery.json"))?)?;
    let mut origins: Vec<Listed> = list.into_iter().filter(|image| image.kind == "photo").collect();
    origins.sort_by(|a, b| a.id.cmp(&b.id));
    let mut free = 0;
    origins.retain(|origin| {
        free += usize::from(origin.free());
        let test = origin.free() && free % TESTS == 0;
        test == (split == Split::Test)
    });
    if origins.is_empty() {
        return Err(Error::Missing { what: format!("a {split:?} photo"), reason: format!("too few in {}", gallery.display()) });
    }
    let photo = |origin: Listed| {
        let path = gallery.join(&origin.file);
        let file = bytes(&path)?;
        let levels = levels(decode(&path.display().to_string(), &file)?);
        Ok(Photo { origin, sha256: sha256(&file), levels })
    };
    origins.into_iter().map(photo).collect()
}

/// The photo, then each time half as wide and high, as long as its short side allows for a scene.
fn levels(photo: Rgb) -> Vec<Rgb> {
    let mut levels = vec![photo];
    while let Some(last) = levels.last().filter(|l| l.width.min(l.height) >= 2 * SIDE) {
        levels.push(halved(last));
    }
    levels
}

/// Means of 2 x 2 pixels, halves rounded up; an odd last row or column is left out.
fn halved(picture: &Rgb) -> Rgb {
    let (width, height) = (picture.width / 2, picture.height / 2);
    let at = |x: usize, y: usize, c: usize| u32::from(picture.bytes[(y * picture.width + x) * 3 + c]);
    let mean = |x: usize, y: usize, c: usize| {
        (at(2 * x, 2 * y, c) + at(2 * x + 1, 2 * y, c) + at(2 * x, 2 * y + 1, c) + at(2 * x + 1, 2 * y + 1, c) + 2) / 4
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Rgb { width, height, bytes: pixels.flat_map(|(x, y)| (0..3).map(move |c| mean(x, y, c) as u8)).collect() }
}

impl Photo {
    /// A square piece as 64 x 64 red, green and blue bytes: its side is `share` of the short side, and it lies at `place` of the room there is
    /// (0 left or top, 1 right or bottom). Scaled with an antialiased bilinear filter from the smallest level on which it has at least
    /// 128 pixels, else from the photo itself.
    pub fn piece(&self, share: f64, place: (f64, f64)) -> Result<Vec<u8>> {
        let wide = |level: &&Rgb| share * level.width.min(level.height) as f64 >= 2.0 * SIDE as f64;
        let level = self.levels.iter().rev().find(wide).unwrap_or(&self.levels[0]);
        // In steps of 1/256 pixel sums are exact, so the piece never reaches over the border.
        let step = |length: f64| (length * 256.0).floor() / 256.0;
        let side = step(share * level.width.min(level.height) as f64);
        let (left, top) = (step(place.0 * (level.width as f64 - side)), step(place.1 * (level.height as f64 - side)));
        let failed = |e: &dyn std::fmt::Display| Error::Unreadable { what: self.origin.file.clone(), reason: e.to_string() };
        let source = ImageRef::new(level.width as u32, level.height as u32, &level.bytes, PixelType::U8x3).map_err(|e| failed(&e))?;
        let mut target = Plane::new(SIDE as u32, SIDE as u32, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(left, top, side, side);
        Resizer::new().resize(&source, &mut target, &options).map_err(|e| failed(&e))?;
        Ok(target.into_vec())
    }
}
