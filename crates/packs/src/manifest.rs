//! What is known of a pack's images; `manifest.json`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::link::is_sha256;
use sweetspot_nn::image::MAX_BYTES;
use sweetspot_nn::weights::sha256;

/// What a manifest says it is.
pub const FORMAT: &str = "sweetspot-pack-1";
/// Its name in the pack.
pub const MANIFEST: &str = "manifest.json";
/// The longest manifest, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;
/// The most images of a pack: room for ImageNet's 50 000 of validation.
pub const MOST_IMAGES: usize = 65_536;
/// The most files of observers' trials.
pub const MOST_TRIAL_FILES: usize = 64;
/// The most objects of an image.
pub const MOST_OBJECTS: usize = 1000;
/// The longest name, in bytes.
const MOST_NAME: usize = 200;
/// The value of a mask's pixel that counts as neither object nor background.
pub const IGNORED: u8 = 255;

/// A file of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its path in the pack, with `/` between folders.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// sha256 of its bytes, hexadecimal.
    pub sha256: String,
}

impl Stored {
    /// What the manifest says of a file with these bytes.
    pub fn of(file: String, bytes: &[u8]) -> Self {
        Self { file, bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

/// A class of a pack's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Which of ImageNet's classes it is, if it is one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imagenet: Option<usize>,
}

/// An object in an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its class, by index.
    pub class: usize,
    /// Left, top, right and bottom in pixels, the latter two exclusive.
    #[serde(rename = "box")]
    pub bounds: [u32; 4],
    /// Whether the annotators called it hard to recognise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub difficult: bool,
}

/// What a mask's values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Masks {
    /// 0 is background, 255 the object.
    Object,
    /// 0 is background, 1 the first class and so on, [`IGNORED`] neither.
    Classes,
}

/// An image of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its name in trials; no other image of its condition has it.
    pub name: String,
    /// Its file.
    #[serde(flatten)]
    pub image: Stored,
    /// Which of the 16 categories it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Its class, by index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<usize>,
    /// How it was changed: a level of the data set's manipulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The objects in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Object>,
    /// Where they are, pixel by pixel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Stored>,
    /// Its own licence, where it is not the pack's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// What is true of all images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// The pack's name.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// Where the images are from.
    pub source: String,
    /// Their licence, an SPDX identifier where it has one.
    pub licence: String,
    /// Which published data set it is, by its name in [`references`](sweetspot_core::alignment::references).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_set: Option<String>,
    /// The classes of labels and objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Class>,
    /// What masks' values mean, where there are masks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masks: Option<Masks>,
    /// Files of what observers answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trials: Vec<Stored>,
}

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The pack's identity: sha256 of the manifest with this text empty, [compact](Self::identity). It covers every file through its hash.
    pub sha256: String,
    /// What is true of all images.
    #[serde(flatten)]
    pub head: Head,
    /// The images.
    pub images: Vec<Picture>,
}

impl Manifest {
    /// A manifest with its identity.
    pub fn new(head: Head, images: Vec<Picture>) -> Result<Self> {
        let mut manifest = Self { sha256: String::new(), head, images };
        manifest.sha256 = manifest.identity()?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Reads and checks a manifest.
    pub fn read(json: &[u8]) -> Result<Self> {
        if json.len() as u64 > MOST_BYTES {
            return Err(unreadable(format!("the manifest has {} bytes, more than {MOST_BYTES}", json.len())));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(|e| unreadable(format!("{MANIFEST}: {e}")))?;
        manifest.check()?;
        let identity = manifest.identity()?;
        match manifest.sha256 == identity {
            true => Ok(manifest),
            false => Err(unreadable(format!(
                "{MANIFEST} was changed after the pack was made: its sha256 is {identity}, it says {}; make the pack anew",
                shortened(&manifest.sha256)
            ))),
        }
    }

    /// The manifest as a file, an image a line.
    pub fn text(&self) -> Result<String> {
        #[derive(Serialize)]
        struct Top<'a> {
            sha256: &'a str,
            #[serde(flatten)]
            head: &'a Head,
        }
        let failed = |e: serde_json::Error| unreadable(e.to_string());
        let top = serde_json::to_string_pretty(&Top { sha256: &self.sha256, head: &self.head }).map_err(failed)?;
        let lines: Vec<String> = self
            .images
            .iter()
            .map(|image| serde_json::to_string(image).map(|line| format!("    {line}")))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        Ok(format!("{},\n  \"images\": [\n{}\n  ]\n}}\n", top.trim_end_matches("\n}"), lines.join(",\n")))
    }

    /// sha256 of the manifest as compact JSON, fields in the order they are written here, with an empty `sha256`.
    pub fn identity(&self) -> Result<String> {
        let nameless = Self { sha256: String::new(), ..self.clone() };
        serde_json::to_string(&nameless).map(|text| sha256(text.as_bytes())).map_err(|e| unreadable(e.to_string()))
    }

    /// Whether the published means of its data set leave a condition out.
    pub fn excludes(&self, condition: &str) -> bool {
        self.head.data_set.as_deref().and_then(DataSet::of).is_some_and(|set| set.excludes(condition))
    }

    /// Which of ImageNet's classes image `index` shows, if that is known.
    pub fn imagenet(&self, index: usize) -> Option<usize> {
        self.head.classes.get(self.images.get(index)?.label?)?.imagenet
    }

    /// Every file beside the manifest.
    pub fn files(&self) -> impl Iterator<Item = &Stored> {
        let of_images = self.images.iter().flat_map(|image| std::iter::once(&image.image).chain(&image.mask));
        self.head.trials.iter().chain(of_images)
    }

    fn check(&self) -> Result<()> {
        let head = &self.head;
        if head.format != FORMAT {
            return Err(unreadable(format!("its format is '{}'; '{FORMAT}' is known", shortened(&head.format))));
        }
        if !(1..=MOST_IMAGES).contains(&self.images.len()) {
            return Err(unreadable(format!("it has {} images; between 1 and {MOST_IMAGES} are read, so split it", self.images.len())));
        }
        if head.trials.len() > MOST_TRIAL_FILES {
            return Err(unreadable(format!("it has {} files of trials, more than {MOST_TRIAL_FILES}", head.trials.len())));
        }
        let long = [&head.id, &head.title, &head.source, &head.licence].into_iter().any(|text| text.len() > 10 * MOST_NAME);
        if long || head.classes.iter().any(|class| class.name.len() > MOST_NAME) {
            return Err(unreadable(format!("a text of it has more than {} bytes", 10 * MOST_NAME)));
        }
        let mut seen = HashSet::new();
        for file in self.files() {
            check_path(&file.file).map_err(unreadable)?;
            if file.bytes > MAX_BYTES as u64 {
                return Err(unreadable(format!("{} has {} bytes, more than {MAX_BYTES}", shortened(&file.file), file.bytes)));
            }
            if !is_sha256(&file.sha256) {
                return Err(unreadable(format!("{} has no sha256", shortened(&file.file))));
            }
        }
        for image in &self.images {
            let named = !image.name.is_empty() && image.name.len() <= MOST_NAME;
            let condition = image.condition.as_deref();
            let wrong = match image {
                _ if !named || condition.is_some_and(|c| c.is_empty() || c.len() > MOST_NAME) => {
                    format!("a name or condition that is empty or has more than {MOST_NAME} bytes")
                }
                _ if !seen.insert((condition, image.name.as_str())) => "the name of another one in its condition".into(),
                _ if image.label.is_some_and(|label| label >= head.classes.len()) => {
                    format!("a label beyond the {} classes", head.classes.len())
                }
                _ if image.objects.len() > MOST_OBJECTS => format!("more than {MOST_OBJECTS} objects"),
                _ if image.objects.iter().any(|object| object.class >= head.classes.len()) => "an object of no class".into(),
                _ if image.objects.iter().any(|Object { bounds: [l, t, r, b], .. }| l >= r || t >= b) => "a box without an inside".into(),
                _ if image.mask.is_some() && head.masks.is_none() => "a mask, and nothing says what its values mean".into(),
                _ => continue,
            };
            return Err(unreadable(format!("image '{}' has {wrong}", shortened(&image.name))));
        }
        Ok(())
    }
}

/// Checks that a path stays in the pack: folders and a name, each of them not empty, nothing that leads out or names a drive or a device.
pub fn check_path(path: &str) -> Result<(), String> {
    let part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.chars().any(|c| c.is_control() || "\\:*?\"<>|".contains(c));
    match path.len() <= MOST_NAME && path.split('/').count() <= 8 && path.split('/').all(part) {
        true => Ok(()),
        false => Err(format!("the path '{}' is not one that stays in the pack", shortened(path))),
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// An [`Error::Unreadable`] of a pack.
pub fn unreadable(reason: String) -> Error {
    Error::Unreadable { what: "pack".into(), reason }
}
