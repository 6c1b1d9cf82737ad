//! Training scenes: the same everywhere, exact about where the garment is, and as drawn.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use sweetspot_core::error::Error;
use sweetspot_nn::image::{decode, decode_grey, normalise};
use sweetspot_nn::weights::sha256;
use sweetspot_testing::root;
use sweetspot_train::Split;
use sweetspot_train::data::Scenes;
use sweetspot_train::fashion;
use sweetspot_train::fashion::{CLASSES, Garments};
use sweetspot_train::scene::{Draws, PIXELS, Recipe, SIDE, Scene, WILD, compose};

const SEED: u64 = 7;

/// Thirty garments that are kept with the tests.
fn few() -> PathBuf {
    root().join("tests/golden/fashion")
}

fn scenes() -> Scenes {
    Scenes::open(Some(&few()), &root().join("www")).unwrap()
}

/// The scenes of all of Fashion-MNIST, where it is installed.
fn all() -> Option<&'static Scenes> {
    static ALL: OnceLock<Option<Scenes>> = OnceLock::new();
    ALL.get_or_init(|| {
        let present = Path::new(fashion::DEBIAN).exists();
        present.then(|| Scenes::open(None, &root().join("www")).unwrap())
    })
    .as_ref()
}

fn first(scenes: &Scenes, split: Split, count: usize) -> Vec<Scene> {
    (0..count).map(|index| scenes.scene(split, SEED, index).unwrap()).collect()
}

/// sha256 over pixels, masks and labels.
fn hash(scenes: &[Scene]) -> String {
    let bytes = scenes.iter().flat_map(|s| s.rgb.bytes.iter().copied().chain(s.mask.iter().map(|&m| u8::from(m))).chain([s.label]));
    sha256(&bytes.collect::<Vec<u8>>())
}

#[test]
fn scenes_are_those_of_an_independent_implementation() {
    let scenes = scenes();
    let case = |(split, index): (Split, usize)| {
        let (draws, garment) = (scenes.draws(split, SEED, index), scenes.garment(split, SEED, index));
        let (file, label) = (&scenes.photos(split)[draws.photo].origin.file, scenes.garments(split).labels()[garment]);
        json!({ "split": split, "index": index, "garment": garment, "label": label, "file": file, "draws": draws })
    };
    let cases = [(Split::Train, 0), (Split::Train, 1), (Split::Train, 2), (Split::Test, 0), (Split::Test, 1), (Split::Test, 2)];
    // Both ways round, and both from full-size and from halved photos.
    let draws = cases.map(|(split, index)| scenes.draws(split, SEED, index));
    for of in [|d: &Draws| d.mirrored, |d: &Draws| d.photo_mirrored, |d: &Draws| d.share > 0.75, |d: &Draws| d.share < 0.3] {
        assert!(draws.iter().any(of) && !draws.iter().all(of));
    }
    let text = serde_json::to_string_pretty(&cases.map(case)).unwrap() + "\n";
    let path = root().join("tests/golden/scene_draws.json");
    if std::env::var_os("SWEETSPOT_WRITE_DRAWS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());

    let read = |name: &str| std::fs::read(root().join("tests/golden").join(name)).unwrap();
    let pictures = decode("scenes.png", &read("scenes.png")).unwrap();
    let alphas = decode_grey("scene_alphas.png", &read("scene_alphas.png")).unwrap();
    assert_eq!((pictures.width, pictures.height, alphas.height), (SIDE, cases.len() * SIDE, cases.len() * SIDE));
    let (mut most, mut sum) = (0, 0);
    for ((split, index), (picture, alpha)) in
        cases.into_iter().zip(pictures.bytes.chunks_exact(3 * PIXELS).zip(alphas.bytes.chunks_exact(PIXELS)))
    {
        let scene = scenes.scene(split, SEED, index).unwrap();
        for (a, b) in scene.rgb.bytes.iter().zip(picture) {
            most = most.max(a.abs_diff(*b));
            sum += usize::from(a.abs_diff(*b));
        }
        for (shown, alpha) in scene.mask.iter().zip(alpha) {
            assert_eq!(*shown, *alpha > 127, "{split:?} {index}");
        }
    }
    let mean = sum as f64 / (cases.len() * 3 * PIXELS) as f64;
    println!("largest difference {most}, mean {mean:.4}");
    // One step between the decoders of JPEG, one in scaling, which rounds after each axis; rarely both.
    assert!(most <= 3 && mean < 0.3, "largest difference {most}, mean {mean}");
}

#[test]
fn scenes_are_the_same_everywhere() {
    let scenes = scenes();
    let hashes = Split::ALL.map(|split| hash(&first(&scenes, split, 16)));
    let expected = [
        "65383af11a8ade400097000cb441e197fe434e6b00c34b482bab47f2f3dabefa",
        "5bb0fdca299de01d14cf4695da1e3813ed524aea19ded7dc143853868cba9c88",
    ];
    assert_eq!(hashes, expected);
    // In another order, and by several threads at once.
    let order = first(&scenes, Split::Train, 16);
    let threads: Vec<Scene> = std::thread::scope(|scope| {
        let part = |start: usize| {
            let scenes = &scenes;
            scope.spawn(move || (start..start + 4).rev().map(|i| scenes.scene(Split::Train, SEED, i).unwrap()).collect::<Vec<_>>())
        };
        let parts: Vec<_> = [0, 4, 8, 12].map(part).into_iter().collect();
        parts.into_iter().flat_map(|part| part.join().unwrap().into_iter().rev()).collect()
    });
    assert_eq!(threads, order);
    assert_ne!(scenes.scene(Split::Train, SEED + 1, 0).unwrap(), order[0]);
}

#[test]
fn a_batch_is_its_scenes_normalised() {
    let scenes = scenes();
    let (values, labels) = scenes.batch(Split::Test, SEED, [5, 2]).unwrap();
    let expected = [5, 2].map(|index| scenes.scene(Split::Test, SEED, index).unwrap());
    assert_eq!(values, expected.iter().flat_map(|scene| normalise(&scene.rgb, &scenes.input())).collect::<Vec<_>>());
    assert_eq!(labels, expected.map(|scene| i32::from(scene.label)));
}

#[test]
fn mask_and_bounds_are_exact() {
    let scenes = scenes();
    for split in Split::ALL {
        for (index, scene) in first(&scenes, split, 200).iter().enumerate() {
            let draws = scenes.draws(split, SEED, index);
            let garment = scenes.garments(split).pixels(scenes.garment(split, SEED, index));
            let piece = || scenes.photos(split)[draws.photo].piece(draws.share, draws.place).unwrap();
            let (_, alpha) = compose(scenes.recipe(), &draws, garment, vec![0; 3 * PIXELS]);
            let [left, top, right, bottom] = scene.bounds;
            let mut touched = [false; 4];
            for (at, shown) in scene.mask.iter().enumerate() {
                let (x, y) = (at % SIDE, at / SIDE);
                let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
                assert!(inside || !shown);
                if *shown {
                    let sides = [x == left, y == top, x + 1 == right, y + 1 == bottom];
                    touched = [0, 1, 2, 3].map(|i| touched[i] || sides[i]);
                }
                assert_eq!(*shown, alpha[at] >= 0.5);
                let square = (draws.x..draws.x + draws.size).contains(&x) && (draws.y..draws.y + draws.size).contains(&y);
                assert!(square || alpha[at] == 0.0);
                // Where nothing covers the background it is untouched.
                let behind = if draws.photo_mirrored { y * SIDE + SIDE - 1 - x } else { at };
                if alpha[at] == 0.0 && index < 20 {
                    assert_eq!(scene.rgb.bytes[3 * at..3 * at + 3], piece()[3 * behind..3 * behind + 3]);
                }
            }
            assert_eq!(touched, [true; 4], "{split:?} {index}: the box is loose");
        }
    }
}

#[test]
fn every_epoch_shows_every_garment_once() {
    for scenes in [Some(&scenes()), all()].into_iter().flatten() {
        for split in Split::ALL {
            let count = scenes.epoch(split);
            let order = |epoch: usize| (epoch * count..(epoch + 1) * count).map(|i| scenes.garment(split, SEED, i)).collect::<Vec<_>>();
            let [first, second] = [order(0), order(1)];
            for epoch in [&first, &second] {
                assert_eq!(epoch.iter().collect::<BTreeSet<_>>().len(), count);
            }
            assert_ne!(first, second);
            assert_ne!(first, (0..count).map(|i| scenes.garment(split, SEED + 1, i)).collect::<Vec<_>>());
            // So classes are as balanced as the files are.
            let labels = scenes.garments(split).labels();
            let each: Vec<usize> = (0..CLASSES.len()).map(|c| labels.iter().filter(|l| usize::from(**l) == c).count()).collect();
            assert_eq!(each, [count / CLASSES.len(); 10]);
        }
    }
}

#[test]
#[cfg_attr(not(fashion), ignore = "needs Fashion-MNIST; scripts/setup --for test installs it on Debian")]
fn the_order_of_garments_is_shuffled_well() {
    let scenes = all().unwrap();
    let order: Vec<f64> = (0..60_000).map(|i| scenes.garment(Split::Train, SEED, i) as f64).collect();
    let mean = order.iter().sum::<f64>() / 60_000.0;
    let spread: f64 = order.iter().map(|v| (v - mean).powi(2)).sum();
    for lag in [1, 2, 256] {
        let product: f64 = order.iter().zip(&order[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
        // Four standard deviations of the correlation of 60 000 independent pairs.
        assert!((product / spread).abs() < 4.0 / 60_000f64.sqrt(), "lag {lag}: {}", product / spread);
    }
}

#[test]
fn draws_keep_to_their_ranges_and_fill_them() {
    let scenes = scenes();
    let draws: Vec<_> = (0..4000).map(|index| scenes.draws(Split::Train, SEED, index)).collect();
    let range = |values: &dyn Fn(usize) -> f64, low: f64, high: f64| {
        let values: Vec<f64> = (0..draws.len()).map(values).collect();
        let (least, most) = (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(f64::MIN, f64::max));
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!(low <= least && most <= high, "{least} to {most}, not {low} to {high}");
        // The mean of 4000 even numbers lies within 0.005 ranges of the middle with a probability of 73 %, within 0.025 practically always.
        assert!((mean - (low + high) / 2.0).abs() < 0.025 * (high - low), "mean {mean} of {low} to {high}");
        assert!(least < low + 0.03 * (high - low) && most > high - 0.03 * (high - low));
    };
    range(&|i| draws[i].share, 0.2, 1.0);
    range(&|i| draws[i].place.0, 0.0, 1.0);
    range(&|i| draws[i].place.1, 0.0, 1.0);
    range(&|i| draws[i].size as f64, (WILD.scale.0 * 28.0).round(), (WILD.scale.1 * 28.0).round());
    range(&|i| draws[i].photo as f64, 0.0, scenes.photos(Split::Train).len() as f64 - 1.0);
    range(&|i| draws[i].x as f64 / (SIDE - draws[i].size) as f64, 0.0, 1.0);
    range(&|i| draws[i].y as f64 / (SIDE - draws[i].size) as f64, 0.0, 1.0);
    range(&|i| f64::from(u8::from(draws[i].mirrored)), 0.0, 1.0);
    range(&|i| f64::from(u8::from(draws[i].photo_mirrored)), 0.0, 1.0);
    range(&|i| draws[i].light[0], 0.0, 1.0);
    range(&|i| draws[i].dark[0], 0.0, 1.0);
    range(&|i| draws[i].light[1], 0.2, 0.9);
    range(&|i| draws[i].light[2], 0.6, 1.0);
}

#[test]
fn splits_share_neither_photos_nor_garments() {
    for scenes in [Some(&scenes()), all()].into_iter().flatten() {
        let photos = |split| scenes.photos(split).iter().map(|p| p.sha256.as_str()).collect::<BTreeSet<_>>();
        assert!(photos(Split::Train).is_disjoint(&photos(Split::Test)));
        let gallery: Value = serde_json::from_slice(&std::fs::read(root().join("www/gallery/gallery.json")).unwrap()).unwrap();
        let known = gallery["images"].as_array().unwrap().iter().filter(|image| image["kind"] == "photo").count();
        assert_eq!(photos(Split::Train).len() + photos(Split::Test).len(), known);
        // Test scenes are shipped.
        assert!(scenes.photos(Split::Test).len() >= 10 && scenes.photos(Split::Test).iter().all(|photo| photo.origin.free()));
        let garments = |split| (0..scenes.epoch(split)).map(|i| scenes.garments(split).pixels(i).to_vec()).collect::<BTreeSet<_>>();
        assert!(garments(Split::Train).is_disjoint(&garments(Split::Test)));
    }
}

#[test]
#[cfg_attr(not(fashion), ignore = "needs Fashion-MNIST; scripts/setup --for test installs it on Debian")]
fn moments_are_those_of_training_scenes() {
    let scenes = all().unwrap();
    let (values, _) = scenes.batch(Split::Train, SEED, 0..2000).unwrap();
    for c in 0..3 {
        let channel = || values.chunks_exact(PIXELS).skip(c).step_by(3).flatten().map(|v| f64::from(*v));
        let count = (values.len() / 3) as f64;
        let mean = channel().sum::<f64>() / count;
        let deviation = (channel().map(|v| v * v).sum::<f64>() / count - mean * mean).sqrt();
        println!("channel {c}: mean {mean:.4}, deviation {deviation:.4}");
        assert!(mean.abs() < 0.03 && (deviation - 1.0).abs() < 0.03, "channel {c}: mean {mean}, deviation {deviation}");
    }
}

#[test]
fn ranges_that_do_not_fit_are_refused() {
    let open = |recipe| Scenes::with_recipe(recipe, Some(&few()), &root().join("www")).map(|_| ());
    for scale in [(0.8, 2.3), (0.0, 1.0), (1.2, 1.0), (f64::NAN, 1.0)] {
        assert!(matches!(open(Recipe { scale, ..WILD }), Err(Error::BadValue { .. })), "{scale:?}");
    }
    for piece in [(0.5, 1.1), (0.0, 1.0), (0.9, 0.2)] {
        assert!(matches!(open(Recipe { piece, ..WILD }), Err(Error::BadValue { .. })), "{piece:?}");
    }
    assert_eq!(open(Recipe { scale: (2.0, 64.0 / 28.0), piece: (1.0, 1.0), ..WILD }), Ok(()));
}

/// The training files kept with the tests, unpacked: pictures and labels.
fn unpacked() -> [Vec<u8>; 2] {
    ["images-idx3", "labels-idx1"].map(|kind| {
        let file = std::fs::File::open(few().join(format!("train-{kind}-ubyte.gz"))).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes).unwrap();
        bytes
    })
}

fn read(pictures: &[u8], labels: &[u8]) -> Result<Garments, Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("train-images-idx3-ubyte"), pictures).unwrap();
    std::fs::write(folder.path().join("train-labels-idx1-ubyte"), labels).unwrap();
    Garments::read(folder.path(), Split::Train)
}

#[test]
fn bad_data_files_are_refused() {
    let [pictures, labels] = unpacked();
    assert_eq!(read(&pictures, &labels).unwrap(), Garments::read(&few(), Split::Train).unwrap());

    let refused = |pictures: &[u8], labels: &[u8], word: &str| match read(pictures, labels) {
        Err(error @ Error::Unreadable { .. }) => assert!(error.to_string().contains(word), "{error}"),
        other => panic!("{word}: {other:?}"),
    };
    let changed = |bytes: &[u8], at: usize, byte: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] = byte;
        bytes
    };
    refused(&[], &labels, "cut off");
    refused(&pictures[..10], &labels, "cut off");
    refused(&pictures[..pictures.len() - 1], &labels, "promises");
    refused(&[&pictures[..], b"!"].concat(), &labels, "promises");
    refused(&labels, &labels, "idx file");
    refused(&pictures, &pictures, "idx file");
    refused(&changed(&pictures, 4, 0xff), &labels, "items");
    refused(&changed(&pictures, 7, 0), &labels, "items");
    refused(&changed(&pictures, 11, 27), &labels, "length 27");
    refused(&pictures, &changed(&labels, 8, 10), "label 10");
    refused(&pictures, &changed(&labels[..labels.len() - 1], 7, labels[7] - 1), "labels for");
    let mut empty = pictures.clone();
    empty[16 + 784..16 + 2 * 784].fill(0);
    refused(&empty, &labels, "picture 1 is empty");
    // A file that would not fit into memory is not read to its end.
    refused(&pictures, &vec![0; 1 << 20], "more than");
}

#[test]
fn cut_archives_and_absent_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Garments::read(folder.path(), Split::Test).unwrap_err();
    assert!(matches!(error, Error::Missing { .. }) && error.to_string().contains("dataset-fashion-mnist"), "{error}");
    for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
        let whole = std::fs::read(few().join(name)).unwrap();
        std::fs::write(folder.path().join(name), &whole[..whole.len() / 2]).unwrap();
    }
    assert!(matches!(Garments::read(folder.path(), Split::Train), Err(Error::Unreadable { .. })));
    assert!(matches!(Scenes::open(Some(&few()), folder.path()), Err(Error::Io { .. })));
}

/// How many scenes a second, and the moments to put in the recipe: `cargo test --release -p sweetspot-train --test all scenes:: -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let scenes = all().unwrap();
    let began = std::time::Instant::now();
    for index in 0..100 {
        std::hint::black_box(scenes.batch(Split::Train, 1, index * 128..(index + 1) * 128).unwrap());
    }
    println!("{:.0} scenes/s", 12_800.0 / began.elapsed().as_secs_f64());
}
