//! Packs of Pascal VOC's tree, native only: `JPEGImages/ID.jpg` with `Annotations/ID.xml` for boxes and `SegmentationClass/ID.png` for masks.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::annotation::{self, CLASSES, objects};
use super::build::{Builder, io};
use super::walk;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_nn::image::{MAX_BYTES, decode};
use sweetspot_packs::manifest::{Class, Head, IGNORED, Manifest, Masks, Picture, Stored};

/// What pack to make of what.
pub struct Order<'a> {
    /// The folder with `JPEGImages`, such as `VOCdevkit/VOC2012`.
    pub root: &'a Path,
    /// The list of pictures, `ImageSets/Segmentation/SPLIT.txt` or `ImageSets/Main/SPLIT.txt`; every picture with an annotation or a mask unless given.
    pub split: Option<&'a str>,
    /// The most pictures, the first of the list.
    pub count: Option<usize>,
    /// Where the pack goes: a folder, or a file that ends in `.zip`.
    pub out: &'a Path,
    /// The pictures' licence.
    pub licence: &'a str,
    /// Where they are from.
    pub source: &'a str,
}

/// Makes the pack. `progress` is told how many pictures are done, of how many.
pub fn make(order: &Order<'_>, progress: &dyn Fn(u64, u64)) -> Result<(Manifest, Report)> {
    let mut said = Report::default();
    let ids = ids(order, &mut said)?;
    let mut builder = Builder::create(order.out)?;
    builder.report = said;
    let palette = palette();
    let count = order.count.unwrap_or(usize::MAX).min(ids.len());
    if count < ids.len() {
        builder.report.note(format!("the first {count} of {} pictures, as asked for", ids.len()));
    }
    for (done, id) in ids.iter().take(count).enumerate() {
        progress(done as u64, count as u64);
        match read(order.root, id, &palette) {
            Err(error) => builder.report.refuse("a picture with a file that cannot be used", format!("{id}: {error}")),
            Ok(found) if found.objects.is_empty() && found.mask.is_none() => {
                builder.report.refuse("a picture with neither an object nor a mask", id);
            }
            Ok(Found { jpeg, objects, mask }) => builder.add(&format!("{id}.jpg"), &jpeg, mask.as_deref(), |image: Stored| Picture {
                name: id.clone(),
                image,
                category: None,
                label: None,
                condition: None,
                objects,
                mask: None,
                licence: None,
            })?,
        }
    }
    let name = walk::name(order.root);
    builder.finish(Head {
        format: String::new(),
        id: match order.split {
            Some(split) => format!("{name}-{split}"),
            None => name.clone(),
        },
        title: format!("Pascal VOC: {name}"),
        source: order.source.into(),
        licence: order.licence.into(),
        data_set: None,
        classes: CLASSES.iter().map(|class| Class { name: class.to_string(), imagenet: None }).collect(),
        masks: Some(Masks::Classes),
        trials: Vec::new(),
    })
}

/// What the tree has of a picture.
struct Found {
    jpeg: Vec<u8>,
    objects: Vec<sweetspot_packs::manifest::Object>,
    mask: Option<Vec<u8>>,
}

fn read(root: &Path, id: &str, palette: &HashMap<[u8; 3], u8>) -> Result<Found> {
    let jpeg = walk::read(&root.join(format!("JPEGImages/{id}.jpg")), MAX_BYTES)?;
    let there = |path: PathBuf| path.exists().then_some(path);
    let unreadable = |reason: String| Error::Unreadable { what: "its annotation".into(), reason };
    let objects = match there(root.join(format!("Annotations/{id}.xml"))) {
        Some(path) => objects(&String::from_utf8_lossy(&walk::read(&path, annotation::MAX_BYTES)?)).map_err(unreadable)?,
        None => Vec::new(),
    };
    let mask = match there(root.join(format!("SegmentationClass/{id}.png"))) {
        Some(path) => {
            let picture = decode(id, &jpeg)?;
            Some(mask(&walk::read(&path, MAX_BYTES)?, (picture.width, picture.height), palette)?)
        }
        None => None,
    };
    Ok(Found { jpeg, objects, mask })
}

/// A mask in VOC's colours, or already in grey values, as a PNG of the classes' numbers. It must have the picture's size.
fn mask(png: &[u8], size: (usize, usize), palette: &HashMap<[u8; 3], u8>) -> Result<Vec<u8>> {
    let wrong = |reason: String| Error::Unreadable { what: "its mask".into(), reason };
    let colours = decode("its mask", png)?;
    if (colours.width, colours.height) != size {
        return Err(wrong(format!("it has {} x {} pixels, the picture {} x {}", colours.width, colours.height, size.0, size.1)));
    }
    let (pixels, _) = colours.bytes.as_chunks::<3>();
    let grey = |[r, g, b]: [u8; 3]| (r == g && g == b && (usize::from(r) <= CLASSES.len() || r == IGNORED)).then_some(r);
    // Black is background either way; a mask of greys only was written by a program that keeps numbers.
    let numbers = pixels.iter().all(|pixel| grey(*pixel).is_some());
    let class = |pixel: [u8; 3]| if numbers { grey(pixel) } else { palette.get(&pixel).copied() };
    let classes: Vec<u8> = pixels
        .iter()
        .map(|pixel| class(*pixel).ok_or_else(|| wrong(format!("the colour {pixel:?} is none of VOC's"))))
        .collect::<Result<_>>()?;
    let mut file = Vec::new();
    let written = PngEncoder::new(&mut file).write_image(&classes, size.0 as u32, size.1 as u32, ExtendedColorType::L8);
    written.map_err(|e| wrong(e.to_string())).map(|()| file)
}

/// The colours of VOC's masks (the development kit's `VOClabelcolormap`): a class's bits, the lowest first, become the highest bits of red, green and
/// blue in turn.
fn palette() -> HashMap<[u8; 3], u8> {
    let colour = |class: u8| {
        let mut colour = [0u8; 3];
        for bit in 0..8 {
            colour[bit % 3] |= ((class >> bit) & 1) << (7 - bit / 3);
        }
        colour
    };
    (0..=CLASSES.len() as u8).chain([IGNORED]).map(|class| (colour(class), class)).collect()
}

/// The names of the pictures, in the list's order.
fn ids(order: &Order<'_>, report: &mut Report) -> Result<Vec<String>> {
    let good = |id: &str| !id.is_empty() && id.len() <= 60 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let mut found: Vec<String> = Vec::new();
    match order.split {
        Some(split) if !good(split) => return Err(Error::bad_value("--split", split, "the name of a list, such as val")),
        Some(split) => {
            let lists = ["Segmentation", "Main"].map(|kind| order.root.join(format!("ImageSets/{kind}/{split}.txt")));
            let Some(path) = lists.iter().find(|path| path.exists()) else {
                return Err(io(&lists[0], "there is no such list, nor one of this name in ImageSets/Main"));
            };
            let text = walk::read(path, MAX_BYTES)?;
            let text = String::from_utf8_lossy(&text);
            // Lists of a class have a second column, which says whether the picture shows it.
            found.extend(text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_string));
        }
        None => {
            let mut stems = BTreeSet::new();
            for folder in ["Annotations", "SegmentationClass"] {
                let folder = order.root.join(folder);
                if folder.is_dir() {
                    let files = walk::files(&folder, report)?;
                    stems.extend(files.iter().filter_map(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned()));
                }
            }
            found.extend(stems);
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|id| {
        let why = match () {
            () if !good(id) => "a name that is none of a picture",
            () if !seen.insert(id.clone()) => "a name that is in the list twice",
            () => return true,
        };
        report.refuse(why, id);
        false
    });
    match found.is_empty() {
        true => Err(io(
            order.root,
            "it has neither Annotations nor SegmentationClass; name the folder that has them, such as VOCdevkit/VOC2012",
        )),
        false => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_development_kit() {
        let palette = palette();
        for (colour, class) in
            [([0, 0, 0], 0), ([128, 0, 0], 1), ([64, 0, 0], 8), ([192, 128, 128], 15), ([0, 64, 128], 20), ([224, 224, 192], 255)]
        {
            assert_eq!(palette.get(&colour), Some(&class));
        }
        assert_eq!(palette.len(), 22);
    }
}
