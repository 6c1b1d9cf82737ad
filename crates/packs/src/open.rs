//! A pack, opened: its manifest checked, its images read one at a time when they are asked for.

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::manifest::{Manifest, Masks, Picture, unreadable};
use super::store::Store;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::{Trial, settle};
use sweetspot_core::alignment::trials_json;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_nn::image::{Grey, Rgb, decode, decode_grey};

/// The condition of images that have none, as the published trials write it.
pub const NO_CONDITION: &str = "0";

/// A pack.
pub struct Pack {
    manifest: Manifest,
    store: Store,
}

impl Pack {
    /// Opens the pack in an archive, which is read as pictures are asked for.
    pub fn of_archive(name: &str, archive: impl Read + Seek + 'static) -> Result<Self> {
        Self::of(Store::of_archive(name, archive)?)
    }

    /// Opens a pack: a folder with a manifest, or an archive of one.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open(path: &std::path::Path) -> Result<Self> {
        Self::of(Store::open(path)?)
    }

    fn of(store: Store) -> Result<Self> {
        let named = |error: Error| match error {
            Error::Unreadable { reason, .. } => Error::Unreadable { what: store.name().into(), reason },
            other => other,
        };
        let manifest = Manifest::read(&store.manifest()?).map_err(named)?;
        Ok(Self { manifest, store })
    }

    /// What is known of the pack and its images.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The condition of an image.
    pub fn condition(image: &Picture) -> &str {
        image.condition.as_deref().unwrap_or(NO_CONDITION)
    }

    /// Image `index`, if its file is the one that the manifest names.
    pub fn picture(&self, index: usize) -> Result<Rgb> {
        let image = self.image(index)?;
        decode(&image.image.file, &self.store.read(&image.image)?)
    }

    /// The mask of image `index`, one value a pixel; none if it has none.
    pub fn mask(&self, index: usize) -> Result<Option<Grey>> {
        let Some(file) = &self.image(index)?.mask else { return Ok(None) };
        let mask = decode_grey(&file.file, &self.store.read(file)?)?;
        let wrong = |value: u8| match self.manifest.head.masks {
            Some(Masks::Classes) => value != super::manifest::IGNORED && usize::from(value) > self.manifest.head.classes.len(),
            _ => ![0, 255].contains(&value),
        };
        match mask.bytes.iter().find(|value| wrong(**value)) {
            Some(value) => Err(unreadable(format!("{} has a pixel of {value}, which means nothing", file.file))),
            None => Ok(Some(mask)),
        }
    }

    fn image(&self, index: usize) -> Result<&Picture> {
        let count = self.manifest.images.len();
        self.manifest
            .images
            .get(index)
            .ok_or_else(|| Error::bad_value("image", index, &format!("less than {count}, the images of the pack")))
    }

    /// What observers answered to the pack's images, one trial for each of them. What belongs to no image of the pack, or contradicts it, is refused.
    pub fn trials(&self) -> Result<(Vec<Trial>, Report)> {
        let (mut all, mut report) = (Vec::new(), Report::default());
        for file in &self.manifest.head.trials {
            let bytes = self.store.read(file)?;
            let (read, said) = match file.file.ends_with(".json") {
                true => trials_json::read(&file.file, &bytes)?,
                false => trials::read(&file.file, &bytes)?,
            };
            all.extend(read);
            report.add(said);
        }
        let matched = belonging(all, &self.manifest.images, &mut report);
        Ok((settle(matched, &mut report), report))
    }

    /// Reads every file once, one at a time, and says which are there and right. `progress` is told how many are done, of how many.
    pub fn check(&self, progress: &dyn Fn(u64, u64)) -> Report {
        let mut report = Report::default();
        let total = self.manifest.images.len() as u64;
        for (index, image) in self.manifest.images.iter().enumerate() {
            progress(index as u64, total);
            match self.picture(index).and_then(|picture| Ok((picture, self.mask(index)?))) {
                Err(error) => report.refuse("an image that cannot be read", error.to_string()),
                Ok((picture, Some(mask))) if (mask.width, mask.height) != (picture.width, picture.height) => {
                    report.refuse("an image whose mask has another size", &image.name);
                }
                Ok((picture, _))
                    if image.objects.iter().any(|o| o.bounds[2] as usize > picture.width || o.bounds[3] as usize > picture.height) =>
                {
                    report.refuse("an image with a box that reaches beyond it", &image.name);
                }
                Ok(_) => report.used += 1,
            }
        }
        report
    }

    /// How many images have no file.
    pub fn absent(&self) -> Report {
        let mut report = Report::default();
        for image in &self.manifest.images {
            match self.store.has(&image.image.file) {
                true => report.used += 1,
                false => report.refuse("an image whose file is not in the pack", &image.image.file),
            }
        }
        report
    }
}

/// The trials that belong to these images: by condition and name, with the image's category.
pub fn belonging(trials: Vec<Trial>, images: &[Picture], report: &mut Report) -> Vec<Trial> {
    let shown: HashMap<(&str, &str), Option<Category>> =
        images.iter().map(|image| ((Pack::condition(image), image.name.as_str()), image.category)).collect();
    let mut kept = Vec::with_capacity(trials.len());
    for trial in trials {
        let why = match shown.get(&(trial.condition.as_str(), trial.stimulus())) {
            None => "a trial whose image is not in the pack",
            Some(Some(category)) if *category != trial.category => "a trial that names another category than the pack does for its image",
            Some(None) => "a trial of an image without a category",
            Some(_) => {
                kept.push(trial);
                continue;
            }
        };
        report.used = report.used.saturating_sub(1);
        report.refuse(why, format!("{}, {}, {}", trial.subject, trial.condition, trial.stimulus()));
    }
    kept
}
