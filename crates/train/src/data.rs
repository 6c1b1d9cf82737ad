//! The scenes of both splits. Scene `index` is a function of the seed, the split and the index alone.

use std::array::from_fn;
use std::path::Path;

use super::fashion::Garments;
use super::photos::{self, Photo};
use super::scene::{Draws, PIXELS, Recipe, SIDE, Scene, WILD, compose};
use super::{Split, fashion};
use sweetspot_core::card;
use sweetspot_core::draw::random;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::statistics::resampling::mix;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::weights::sha256;
use sweetspot_packs::scenes::bounds;

/// A split's garments and photos.
#[derive(Debug, Clone)]
struct SplitData {
    garments: Garments,
    photos: Vec<Photo>,
}

/// Both splits' garments and photos, and how scenes are made of them.
#[derive(Debug, Clone)]
pub struct Scenes {
    recipe: Recipe,
    train: SplitData,
    test: SplitData,
}

impl Scenes {
    /// Reads the garments from `data` (where Debian's package puts them unless given) and the photos from `gallery/` of the assets.
    pub fn open(data: Option<&Path>, assets: &Path) -> Result<Self> {
        Self::with_recipe(WILD, data, assets)
    }

    /// The same with other ranges.
    pub fn with_recipe(recipe: Recipe, data: Option<&Path>, assets: &Path) -> Result<Self> {
        let most = SIDE as f64 / fashion::SIDE as f64;
        if !(recipe.scale.0 > 0.0 && recipe.scale.0 <= recipe.scale.1 && recipe.scale.1 <= most) {
            return Err(Error::bad_value("scale", format!("{:?}", recipe.scale), &format!("a range between 0 and {most:.2}")));
        }
        if !(recipe.piece.0 > 0.0 && recipe.piece.0 <= recipe.piece.1 && recipe.piece.1 <= 1.0) {
            return Err(Error::bad_value("piece", format!("{:?}", recipe.piece), "a range between 0 and 1"));
        }
        let folder = data.unwrap_or(Path::new(fashion::DEBIAN));
        let source =
            |split| Ok(SplitData { garments: Garments::read(folder, split)?, photos: photos::read(&assets.join("gallery"), split)? });
        Ok(Self { recipe, train: source(Split::Train)?, test: source(Split::Test)? })
    }

    fn source(&self, split: Split) -> &SplitData {
        match split {
            Split::Train => &self.train,
            Split::Test => &self.test,
        }
    }

    /// The ranges that scenes are drawn from.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// How a network eats a scene.
    pub fn input(&self) -> card::Recipe {
        card::Recipe { side: SIDE, resize: SIDE, mean: self.recipe.mean, deviation: self.recipe.deviation }
    }

    /// Garments of a split: after so many scenes each of them was shown once.
    pub fn epoch(&self, split: Split) -> usize {
        self.source(split).garments.count()
    }

    /// The photos of a split.
    pub fn photos(&self, split: Split) -> &[Photo] {
        &self.source(split).photos
    }

    /// The garments of a split.
    pub fn garments(&self, split: Split) -> &Garments {
        &self.source(split).garments
    }

    /// sha256 over the recipe, the garments and the photos of both splits, hexadecimal: what a training log names.
    pub fn identity(&self) -> String {
        let mut bytes = format!("{:?}", self.recipe).into_bytes();
        for source in [&self.train, &self.test] {
            bytes.extend(source.garments.labels());
            (0..source.garments.count()).for_each(|i| bytes.extend(source.garments.pixels(i)));
            source.photos.iter().for_each(|photo| bytes.extend(photo.sha256.as_bytes()));
        }
        sha256(&bytes)
    }

    /// Which garment scene `index` shows: every epoch in an order of its own.
    pub fn garment(&self, split: Split, seed: u64, index: usize) -> usize {
        let count = self.epoch(split);
        permuted(index % count, count, key(seed, split, Stream::Order, (index / count) as u64))
    }

    /// What chance decides for scene `index`.
    pub fn draws(&self, split: Split, seed: u64, index: usize) -> Draws {
        Draws::new(&self.recipe, &mut random(key(seed, split, Stream::Scene, index as u64)), self.photos(split).len())
    }

    /// Scene `index` of a seed.
    pub fn scene(&self, split: Split, seed: u64, index: usize) -> Result<Scene> {
        let (garment, draws) = (self.garment(split, seed, index), self.draws(split, seed, index));
        let source = self.source(split);
        let background = source.photos[draws.photo].piece(draws.share, draws.place)?;
        let (bytes, alpha) = compose(&self.recipe, &draws, source.garments.pixels(garment), background);
        let mask: Vec<bool> = alpha.iter().map(|a| *a >= 0.5).collect();
        let bounds = bounds(&mask, SIDE);
        Ok(Scene { rgb: Rgb { width: SIDE, height: SIDE, bytes }, label: source.garments.labels()[garment], mask, bounds })
    }

    /// Scenes as network input, [n, 3, 64, 64] values normalised by the recipe's mean and deviation, and their labels.
    pub fn batch(&self, split: Split, seed: u64, indices: impl IntoIterator<Item = usize>) -> Result<(Vec<f32>, Vec<i32>)> {
        let indices = indices.into_iter();
        let mut values = Vec::with_capacity(indices.size_hint().0 * 3 * PIXELS);
        let mut labels = Vec::with_capacity(indices.size_hint().0);
        // What each byte becomes, a channel.
        let Recipe { mean, deviation, .. } = self.recipe;
        let tables: [[f32; 256]; 3] = from_fn(|c| from_fn(|byte| (byte as f32 - mean[c]) / deviation[c]));
        for index in indices {
            let scene = self.scene(split, seed, index)?;
            let (pixels, _) = scene.rgb.bytes.as_chunks::<3>();
            tables.iter().enumerate().for_each(|(c, table)| values.extend(pixels.iter().map(|pixel| table[usize::from(pixel[c])])));
            labels.push(i32::from(scene.label));
        }
        Ok((values, labels))
    }
}

/// What a stream of chance is for.
#[derive(Clone, Copy)]
enum Stream {
    Order = 1,
    Scene = 2,
}

/// The seed of a stream: mixed, so that neighbouring indices have unrelated streams.
fn key(seed: u64, split: Split, stream: Stream, index: u64) -> u64 {
    let kind = 2 * stream as u64 + split as u64;
    mix(mix(mix(seed).wrapping_add(kind)).wrapping_add(index))
}

/// Where a permutation of `0..count` takes `at`: a Feistel network on the least even number of bits, walked on while it leads outside.
fn permuted(at: usize, count: usize, key: u64) -> usize {
    let half = (usize::BITS - (count - 1).leading_zeros()).div_ceil(2).max(1);
    let low = (1u64 << half) - 1;
    let mut value = at as u64;
    loop {
        for round in 0..6 {
            let (left, right) = (value >> half, value & low);
            value = right << half | (left ^ (mix(key ^ mix(round) ^ right) & low));
        }
        if value < count as u64 {
            return value as usize;
        }
    }
}
