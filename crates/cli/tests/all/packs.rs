//! Packs of scenes: what is shipped is what the verb makes, and what is read is checked.
#![allow(missing_docs, clippy::unwrap_used)]

use crate::typed::json;
use proptest::prelude::*;
use serde_json::Value;
use sweetspot_cli::pack::write::Order;
use sweetspot_cli::pack::write::files;
use sweetspot_core::error::Error;
use sweetspot_nn::weights::sha256;
use sweetspot_packs::scenes::Manifest;
use sweetspot_packs::scenes::Pack;
use sweetspot_packs::scenes::bounds;
use sweetspot_testing::root;
use sweetspot_train::Split;
use sweetspot_train::data::Scenes;

fn www(path: &str) -> Vec<u8> {
    std::fs::read(root().join("www").join(path)).unwrap()
}

fn shipped() -> Pack {
    let file = |name: &str| www(&format!("packs/fashion-in-the-wild/{name}"));
    Pack::read(&file("manifest.json"), &file("images.webp"), Some(&file("masks.png"))).unwrap()
}

fn calibration() -> Pack {
    Pack::read(&www("calibration/fashion-in-the-wild.json"), &www("calibration/fashion-in-the-wild.png"), None).unwrap()
}

#[test]
fn shipped_packs_are_whole_and_balanced() {
    for (pack, count, each, masks) in [(shipped(), 500, 50..=50, true), (calibration(), 128, 1..=13, false)] {
        let manifest = pack.manifest();
        assert_eq!(manifest.images.len(), count);
        for class in 0..10 {
            assert!(each.contains(&manifest.images.iter().filter(|entry| entry.label == class).count()), "class {class}");
        }
        assert_eq!(pack.mask(count - 1).unwrap().is_some(), masks);
        // Anybody may use what is shipped; garments need their licence's text.
        assert!(manifest.head.photos.iter().all(|photo| ["LicenseRef-Public-Domain", "CC0-1.0"].contains(&photo.licence.as_str())));
        assert!(manifest.head.photos.iter().all(|photo| !photo.author.is_empty() && photo.source.starts_with("https://")));
        let folder = if masks { "packs/fashion-in-the-wild" } else { "calibration" };
        let licence = String::from_utf8(www(&format!("{folder}/{}", manifest.head.licence_file))).unwrap();
        assert!(licence.contains("Zalando SE") && licence.contains("Permission is hereby granted"));
    }
    assert_eq!([shipped().manifest().head.split.as_str(), calibration().manifest().head.split.as_str()], ["test", "train"]);
}

#[test]
#[cfg_attr(not(fashion), ignore = "needs Fashion-MNIST; scripts/setup --for test installs it on Debian")]
fn shipped_packs_are_what_the_verb_makes() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, shipped) in [("scenes", "packs/fashion-in-the-wild"), ("calibration", "calibration")] {
        let out = folder.path().join(kind);
        let written = json(&["pack", kind, "--out", out.to_str().unwrap()]);
        for file in written.as_array().unwrap() {
            let name = file["file"].as_str().unwrap();
            let (made, kept) = (std::fs::read(out.join(name)).unwrap(), www(&format!("{shipped}/{name}")));
            assert_eq!(made.len(), file["bytes"].as_u64().unwrap() as usize);
            assert!(made == kept, "www/{shipped}/{name} is not what `sweetspot pack {kind}` writes");
        }
    }

    // And they read as the scenes themselves.
    let scenes = Scenes::open(None, &root().join("www")).unwrap();
    for (pack, split) in [(shipped(), Split::Test), (calibration(), Split::Train)] {
        let manifest = pack.manifest();
        assert_eq!(manifest.head.data, scenes.identity());
        for (index, entry) in manifest.images.iter().enumerate() {
            let scene = scenes.scene(split, manifest.head.seed, entry.scene).unwrap();
            assert_eq!(pack.image(index).unwrap(), scene.rgb);
            assert_eq!((entry.label, entry.bounds), (usize::from(scene.label), scene.bounds));
            assert!(pack.mask(index).unwrap().is_none_or(|mask| mask == scene.mask));
        }
    }
}

/// A pack of a few scenes of the garments kept with the tests: manifest, images, masks.
fn few(count: usize) -> Result<[Vec<u8>; 3], Error> {
    let scenes = Scenes::open(Some(&root().join("tests/golden/fashion")), &root().join("www"))?;
    let order = Order { id: "few", title: "", says: "", split: Split::Test, seed: 1, count, files: ("m", "i", Some("k")) };
    let files = files(&scenes, &order)?;
    Ok([0, 1, 2].map(|i| files[i].1.clone()))
}

#[test]
fn a_pack_needs_scenes() {
    for count in [0, 5000] {
        assert!(matches!(few(count), Err(Error::BadValue { .. })), "{count}");
    }
    let [manifest, images, masks] = few(12).unwrap();
    let pack = Pack::read(&manifest, &images, Some(&masks)).unwrap();
    assert_eq!((pack.manifest().size(), pack.manifest().images.len()), ((4 * 64, 3 * 64), 12));
    for result in [pack.image(12).map(|_| ()), pack.mask(12).map(|_| ())] {
        assert!(matches!(result, Err(Error::BadValue { .. })));
    }
}

fn png(picture: &image::DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn hostile_packs_are_refused() {
    let [manifest, images, masks] = few(12).unwrap();
    let value: Value = serde_json::from_slice(&manifest).unwrap();
    let refused = |manifest: &Value, images: &[u8], masks: Option<&[u8]>, words: &str| {
        let error = Pack::read(manifest.to_string().as_bytes(), images, masks).map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. } | Error::NotAPicture { .. }) && error.to_string().contains(words), "{error}");
    };
    let with = |pointer: &str, new: Value| {
        let mut value = value.clone();
        *value.pointer_mut(pointer).unwrap() = new;
        value
    };
    let all = |value: Value, words: &str| refused(&value, &images, Some(&masks), words);
    all(with("/images", serde_json::json!([])), "0 images");
    all(with("/columns", 0.into()), "0 columns");
    all(with("/side", 0.into()), "0 px");
    all(with("/side", 100_000.into()), "100000 px");
    all(with("/columns", 5.into()), "pixels, not 320 x 192");
    all(with("/images/3/label", 10.into()), "image 3 has label 10 of 10 classes");
    all(with("/images/3/box", serde_json::json!([0, 0, 65, 3])), "image 3 has box");
    all(with("/images/3/box", serde_json::json!([5, 5, 5, 9])), "image 3 has box");
    all(with("/images/3/photo", "nobody".into()), "not credited");
    all(with("/images/3/label", (-1).into()), "cannot be read");
    all(with("/masks_file", Value::Null), "masks belong");
    refused(&value, &images, None, "masks belong");
    refused(&value, &images[1..], Some(&masks), "is not the file");
    let mut box_of_another = value.clone();
    let right = value["images"][3]["box"][2].as_u64().unwrap();
    box_of_another["images"][3]["box"][2] = (right - 1).into();
    all(box_of_another, "its mask");

    // Files whose hashes are right and that are wrong all the same.
    let cut = &images[..images.len() / 2];
    refused(&with("/images_file/sha256", sha256(cut).into()), cut, Some(&masks), "not a picture");
    let soft = png(&image::DynamicImage::ImageLuma8(image::GrayImage::from_pixel(256, 192, image::Luma([7]))));
    refused(&with("/masks_file/sha256", sha256(&soft).into()), &images, Some(&soft), "between 0 and 255");
    let small = png(&image::DynamicImage::ImageRgb8(image::RgbImage::new(64, 64)));
    refused(&with("/images_file/sha256", sha256(&small).into()), &small, Some(&masks), "64 x 64 pixels, not 256 x 192");
    let long = vec![b' '; (4 << 20) + 1];
    assert!(Manifest::read(&long).unwrap_err().to_string().contains("more than"));
}

proptest! {
    #[test]
    fn bounds_are_tight(set in prop::collection::btree_set(0usize..96, 0..8)) {
        let mask: Vec<bool> = (0..96).map(|at| set.contains(&at)).collect();
        let [left, top, right, bottom] = bounds(&mask, 12);
        if set.is_empty() {
            prop_assert_eq!([left, top, right, bottom], [0; 4]);
        } else {
            let (columns, rows) = (|| set.iter().map(|at| at % 12), || set.iter().map(|at| at / 12));
            prop_assert_eq!([left, right], [columns().min().unwrap(), columns().max().unwrap() + 1]);
            prop_assert_eq!([top, bottom], [rows().min().unwrap(), rows().max().unwrap() + 1]);
        }
    }
}
