//! Makes a pack of scenes, native only.

use std::collections::BTreeSet;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use sweetspot_core::error::{Error, Result};
use sweetspot_nn::weights::sha256;
use sweetspot_packs::scenes::{Credit, Entry, File, Head, MOST, Manifest, SHOWN};
use sweetspot_train::Split;
use sweetspot_train::data::Scenes;
use sweetspot_train::fashion::{CLASSES, LICENCE};
use sweetspot_train::scene::{SIDE, Scene};

/// The file of the garments' licence.
const LICENCE_FILE: &str = "FASHION-MNIST.LICENSE";

/// What pack to make.
pub struct Order<'a> {
    /// Its name.
    pub id: &'a str,
    /// What to call it.
    pub title: &'a str,
    /// One plain sentence.
    pub says: &'a str,
    /// Which split's scenes.
    pub split: Split,
    /// Their seed.
    pub seed: u64,
    /// How many.
    pub count: usize,
    /// The names of the manifest, of the picture of the images and of that of the masks, if it is to have one.
    pub files: (&'a str, &'a str, Option<&'a str>),
}

/// The files of a pack, names and bytes: the first scenes of the seed whose photos anybody may use, so many that no class has more than its share,
/// rounded up.
pub fn files(scenes: &Scenes, order: &Order<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let &Order { split, seed, count, .. } = order;
    if !(1..=MOST).contains(&count) {
        return Err(Error::bad_value("count", count, &format!("between 1 and {MOST}")));
    }
    let share = count.div_ceil(CLASSES.len());
    let mut room = [share; CLASSES.len()];
    let (mut images, mut chosen) = (Vec::new(), Vec::new());
    // Each garment comes up in every epoch: twenty find every class on free photos, if there are such.
    for index in 0..20 * scenes.epoch(split).max(MOST) {
        if chosen.len() == count {
            break;
        }
        let origin = &scenes.photos(split)[scenes.draws(split, seed, index).photo].origin;
        let garment = scenes.garment(split, seed, index);
        let label = usize::from(scenes.garments(split).labels()[garment]);
        if origin.free() && room[label] > 0 {
            room[label] -= 1;
            let scene = scenes.scene(split, seed, index)?;
            images.push(Entry { scene: index, label, bounds: scene.bounds, garment, photo: origin.id.clone() });
            chosen.push(scene);
        }
    }
    if chosen.len() < count {
        return Err(Error::Missing { what: format!("{count} scenes"), reason: "a class has no garment, or no photo is free".into() });
    }

    let (name, images_name, masks_name) = order.files;
    // As wide as high in the shape of a screen.
    let columns = (count as f64 * 1.25).sqrt().ceil() as usize;
    let rgb = encode(images_name, &tiles(&chosen, columns, 3, |scene| scene.rgb.bytes.clone()), columns, ExtendedColorType::Rgb8)?;
    let mask = |scene: &Scene| scene.mask.iter().map(|&shown| if shown { SHOWN } else { 0 }).collect();
    let masks = match masks_name {
        Some(name) => Some((name, encode(name, &tiles(&chosen, columns, 1, mask), columns, ExtendedColorType::L8)?)),
        None => None,
    };
    let used: BTreeSet<&str> = images.iter().map(|entry| entry.photo.as_str()).collect();
    let photos = scenes.photos(split).iter().map(|photo| &photo.origin).filter(|origin| used.contains(origin.id.as_str()));
    let credit = |id: &str, author: &str, source: &str, licence: &str| Credit {
        id: id.into(),
        author: author.into(),
        source: source.into(),
        licence: licence.into(),
    };
    let head = Head {
        id: order.id.into(),
        title: order.title.into(),
        says: order.says.into(),
        side: SIDE,
        columns,
        classes: CLASSES.map(str::to_string).into(),
        images_file: File { file: images_name.into(), sha256: sha256(&rgb) },
        masks_file: masks.as_ref().map(|(name, bytes)| File { file: (*name).into(), sha256: sha256(bytes) }),
        split: format!("{split:?}").to_lowercase(),
        seed,
        data: scenes.identity(),
        garments: credit("fashion-mnist", "Zalando SE", "https://github.com/zalandoresearch/fashion-mnist", "MIT"),
        licence_file: LICENCE_FILE.into(),
        photos: photos.map(|o| credit(&o.id, &o.author, &o.source, &o.licence)).collect(),
    };
    let mut files = vec![(name.to_string(), text(&Manifest { head, images })?.into_bytes()), (images_name.to_string(), rgb)];
    files.extend(masks.map(|(name, bytes)| (name.to_string(), bytes)));
    files.push((LICENCE_FILE.into(), LICENCE.as_bytes().to_vec()));
    Ok(files)
}

/// The manifest with an image a line.
fn text(manifest: &Manifest) -> Result<String> {
    let failed = |e: serde_json::Error| Error::Unreadable { what: "pack".into(), reason: e.to_string() };
    let head = serde_json::to_string_pretty(&manifest.head).map_err(failed)?;
    let lines = manifest.images.iter().map(|entry| Ok(format!("    {}", serde_json::to_string(entry).map_err(failed)?)));
    let lines = lines.collect::<Result<Vec<_>>>()?.join(",\n");
    Ok(format!("{},\n  \"images\": [\n{lines}\n  ]\n}}\n", head.trim_end_matches("\n}")))
}

/// Scenes' bytes as tiles of one picture, black where there is no scene.
fn tiles(scenes: &[Scene], columns: usize, channels: usize, bytes: impl Fn(&Scene) -> Vec<u8>) -> Vec<u8> {
    let row = SIDE * channels;
    let mut picture = vec![0; scenes.len().div_ceil(columns) * SIDE * columns * row];
    for (index, scene) in scenes.iter().enumerate() {
        for (y, line) in bytes(scene).chunks_exact(row).enumerate() {
            let at = ((index / columns * SIDE + y) * columns + index % columns) * row;
            picture[at..at + row].copy_from_slice(line);
        }
    }
    picture
}

/// A picture without loss: WebP if its file is to be called so, a tenth shorter for photos, else PNG.
fn encode(name: &str, picture: &[u8], columns: usize, colour: ExtendedColorType) -> Result<Vec<u8>> {
    let width = columns * SIDE;
    let height = picture.len() / (width * usize::from(colour.channel_count()));
    let (width, height) = (width as u32, height as u32);
    let mut file = Vec::new();
    let written = match name.ends_with(".webp") {
        true => WebPEncoder::new_lossless(&mut file).write_image(picture, width, height, colour),
        false => {
            let png = PngEncoder::new_with_quality(&mut file, CompressionType::Best, FilterType::Adaptive);
            png.write_image(picture, width, height, colour)
        }
    };
    written.map_err(|e| Error::Unreadable { what: "pack".into(), reason: e.to_string() })?;
    Ok(file)
}
