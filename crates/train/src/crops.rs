//! Pieces of the calibration photos, for networks that are taught what another one answers: each piece a function of seed and index.

use std::path::Path;

use fast_image_resize::PixelType;
use rand::RngExt;
use serde::Deserialize;

use crate::files::read;
use sweetspot_core::card::Recipe;
use sweetspot_core::draw::{Random, random};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::{Rgb, decode, normalise, resize};
use sweetspot_nn::weights::sha256;

/// The least share of a photo's area that a piece shows.
const LEAST: f64 = 0.2;
/// How much wider than high a piece may be, and the other way round.
const STRETCH: f64 = 4.0 / 3.0;
/// How far brightness may go from 1.
const BRIGHTNESS: f64 = 0.3;
/// Share of the pieces that another one is mixed into.
const MIXED: f64 = 0.5;

/// The photos, decoded once.
pub struct Crops {
    photos: Vec<Rgb>,
    recipe: Recipe,
    identity: String,
}

impl Crops {
    /// Reads the photos of the calibration set under `assets`: all of them, and nothing that a score is computed on.
    pub fn open(assets: &Path, recipe: &Recipe) -> Result<Self> {
        #[derive(Deserialize)]
        struct Index {
            images: Vec<Entry>,
        }
        #[derive(Deserialize)]
        struct Entry {
            file: String,
        }
        let folder = assets.join("calibration");
        let bytes = read(&folder.join("calibration.json"))?;
        let unreadable = |e: serde_json::Error| Error::Unreadable { what: "list of calibration pictures".into(), reason: e.to_string() };
        let index: Index = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let photo = |entry: &Entry| decode(&entry.file, &read(&folder.join(&entry.file))?);
        let photos = index.images.iter().map(photo).collect::<Result<Vec<_>>>()?;
        if photos.is_empty() {
            return Err(Error::Missing { what: "calibration pictures".into(), reason: "the list names none".into() });
        }
        let all: Vec<u8> = photos.iter().flat_map(|photo| sha256(&photo.bytes).into_bytes()).collect();
        Ok(Self { photos, recipe: recipe.clone(), identity: sha256(&all) })
    }

    /// How many photos there are.
    pub fn photos(&self) -> usize {
        self.photos.len()
    }

    /// sha256 of all photos.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Pieces as inputs [n, 3, side, side] row by row.
    pub fn batch(&self, seed: u64, indices: impl IntoIterator<Item = usize>) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        for index in indices {
            values.extend(self.piece(seed, index)?);
        }
        Ok(values)
    }

    /// A piece, half the time with another one mixed in (mixup; Zhang et al., 2018): what the dense network says of such pictures tells more of
    /// it than photos alone, of which there are few.
    pub fn piece(&self, seed: u64, index: usize) -> Result<Vec<f32>> {
        let mut random = random(seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut piece = self.cut(&mut random)?;
        if random.random::<f64>() < MIXED {
            let share = random.random::<f32>() * 0.5;
            let other = self.cut(&mut random)?;
            piece.iter_mut().zip(other).for_each(|(a, b)| *a += (b - *a) * share);
        }
        Ok(piece)
    }

    /// A rectangle of a photo, scaled to the input's side, half of them mirrored, a little brighter or darker.
    fn cut(&self, random: &mut Random) -> Result<Vec<f32>> {
        let photo = &self.photos[random.random_range(0..self.photos.len())];
        let mut drawn = || random.random::<f64>();
        let area = (LEAST + (1.0 - LEAST) * drawn()) * (photo.width * photo.height) as f64;
        let stretch = ((2.0 * drawn() - 1.0) * STRETCH.ln()).exp();
        let length = |wanted: f64, most: usize| (wanted.round() as usize).clamp(1, most);
        let width = length((area * stretch).sqrt(), photo.width);
        let height = length((area / stretch).sqrt(), photo.height);
        let left = (drawn() * (photo.width - width + 1) as f64) as usize;
        let top = (drawn() * (photo.height - height + 1) as f64) as usize;
        let (mirrored, light) = (drawn() < 0.5, 1.0 + BRIGHTNESS * (2.0 * drawn() - 1.0));
        let rows = photo.bytes.chunks_exact(3 * photo.width).skip(top).take(height);
        let cut: Vec<u8> = rows.flat_map(|row| &row[3 * left..3 * (left + width)]).copied().collect();
        let side = self.recipe.side;
        let mut bytes = resize(&cut, PixelType::U8x3, (width, height), (side, side))?;
        if mirrored {
            bytes.chunks_exact_mut(3 * side).for_each(|row| {
                (0..side / 2).for_each(|x| (0..3).for_each(|c| row.swap(3 * x + c, 3 * (side - 1 - x) + c)));
            });
        }
        bytes.iter_mut().for_each(|byte| *byte = (f64::from(*byte) * light).round().clamp(0.0, 255.0) as u8);
        Ok(normalise(&Rgb { width: side, height: side, bytes }, &self.recipe))
    }
}
