//! The command line as a user types it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use crate::typed::{json, refused, sweetspot};
use npyz::NpyFile;
use sweetspot_testing::{difference, golden_npy, root};

fn npy(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let bytes = std::fs::read(path).unwrap();
    let file = NpyFile::new(&bytes[..]).unwrap();
    (file.shape().to_vec(), file.into_vec().unwrap())
}

const KOALA: &str = "tests/golden/inputs/koala.png";

#[test]
fn models_lists_the_cards() {
    let models = json(&["models"]);
    for (model, prunable) in models.as_array().unwrap().iter().zip([1_231_552, 4_608_992]) {
        assert_eq!(model["prunable"], prunable);
        assert_eq!(model["sha256"].as_str().unwrap().len(), 64);
        assert!(model["taps"].as_array().unwrap().contains(&model["default_tap"]));
        for key in ["id", "classes", "licence", "parameters", "input_size", "accuracy", "methods"] {
            assert!(!model[key].is_null(), "{key}");
        }
    }
    assert!(String::from_utf8(sweetspot(&["models"]).stdout).unwrap().contains("efficientnet_lite0"));
}

#[test]
fn predict_writes_pytorchs_logits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logits.npy");
    let said = json(&["predict", "--model", "squeezenet1_1", "--image", KOALA, "--preprocess", "raw", "--logits", path.to_str().unwrap()]);
    assert_eq!(said["top"][0]["index"], 105);
    assert_eq!(said["top"][0]["label"], "koala");
    assert_eq!(said["top"].as_array().unwrap().len(), 5);
    let (shape, logits) = npy(&path);
    assert_eq!(shape, [1000]);
    let (_, golden) = golden_npy("logits_squeezenet1_1.npy");
    // Input 1, variant 1: half-precision weights. The tolerance is the one of tests/logits.rs.
    assert!(difference(&logits, &golden[3000..4000]) < 1e-4);
    let bytes: Vec<u8> = logits.iter().flat_map(|v| v.to_le_bytes()).collect();
    assert_eq!(said["logits_sha256"], sweetspot_nn::weights::sha256(&bytes));
}

#[test]
fn own_weights_take_the_place_of_shipped_ones() {
    let shipped = "www/models/squeezenet1_1.safetensors";
    let image = ["--image", KOALA, "--preprocess", "raw"];
    let of = |words: &[&str]| json(&[&["predict"], words, &image[..]].concat())["logits_sha256"].clone();
    let expected = of(&["--model", "squeezenet1_1"]);
    assert_eq!(of(&["--weights", shipped]), expected, "the architecture is guessed");
    assert_eq!(of(&["--weights", shipped, "--model", "squeezenet1_1"]), expected);
    let inside = json(&["models", "--weights", shipped]);
    assert_eq!(inside["architecture"], "squeezenet1_1");
    assert_eq!(inside["classes"], 1000);
    assert_eq!(inside["sparsity"]["prunable"], 1_231_552);
    assert!(inside["sparsity"]["layers"].as_array().unwrap().len() > 20);
    for (words, said) in [
        (vec!["--model", "resnet18"], "torch.save"),
        (vec!["--weights", shipped, "--model", "resnet18"], "missing tensors: 'bn1.bias'"),
        (vec!["--weights", "tests/files/weights/plain.pth"], "no architecture fits"),
        (vec!["--weights", "tests/files/weights/evil.pth"], "never run"),
        (vec!["--weights", shipped, "--model", "resnet19"], "resnet18"),
        (vec![], "--model"),
    ] {
        refused(&[&["predict"], &words[..], &image[..]].concat(), said);
    }
    // 5 GB of nothing, which no disk has to hold.
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.pth");
    std::fs::File::create(&large).unwrap().set_len(5 << 30).unwrap();
    refused(&[&["predict", "--weights", large.to_str().unwrap()], &image[..]].concat(), "5368709120 bytes, more than");
    let listed = String::from_utf8(sweetspot(&["models"]).stdout).unwrap();
    assert!(listed.contains("swin_v2_t") && listed.contains("bring --weights"));
    assert_eq!(json(&["models", "--architectures"]).as_array().unwrap().len(), 9);
}

#[test]
fn pruning_flags_change_the_answer_reproducibly() {
    let run =
        |more: &[&str]| json(&[&["predict", "--model", "squeezenet1_1", "--image", KOALA][..], more].concat())["logits_sha256"].clone();
    let dense = run(&[]);
    let pruned = run(&["--prune", "magnitude", "--sparsity", "0.488"]);
    assert_ne!(dense, pruned);
    assert_eq!(pruned, run(&["--prune", "magnitude", "--sparsity", "0.488", "--scope", "global"]));
    assert_ne!(pruned, run(&["--prune", "magnitude", "--sparsity", "0.488", "--scope", "layer"]));
    assert_eq!(dense, run(&["--prune", "magnitude", "--sparsity", "0"]));
}

#[test]
fn attribute_then_score() {
    let folder = tempfile::tempdir().unwrap();
    let (map, png) = (folder.path().join("map.npy"), folder.path().join("map.png"));
    let (map, png) = (map.to_str().unwrap(), png.to_str().unwrap());
    let said = json(&[
        "attribute",
        "--model",
        "squeezenet1_1",
        "--image",
        KOALA,
        "--preprocess",
        "raw",
        "--method",
        "grad-cam",
        "--out",
        map,
        "--png",
        png,
    ]);
    assert_eq!((said["target"].as_u64(), npy(Path::new(map)).0), (Some(105), vec![224, 224]));
    assert_eq!(image::open(png).unwrap().width(), 224);
    let scores = json(&["score", "--map", map, "--box", "0,0,224,224"]);
    assert_eq!(scores["relevance_mass_accuracy"], 1.0);
    let scores = json(&["score", "--map", map, "--box", "30,20,200,210"]);
    assert!((0.0..=1.0).contains(&scores["relevance_rank_accuracy"].as_f64().unwrap()));

    let common = ["attribute", "--model", "squeezenet1_1", "--image", KOALA, "--preprocess", "raw", "--target", "7", "--out", map];
    json(&[&common[..], &["--method", "input-x-gradient", "--channels"]].concat());
    assert_eq!(npy(Path::new(map)).0, [3, 224, 224]);
    json(&[&common[..], &["--method", "integrated-gradients", "--set", "steps=2"]].concat());
    json(&[&common[..], &["--method", "grad-cam", "--set", "tap=features.3"]].concat());
}

#[test]
fn score_takes_a_mask_and_measures_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (map, mask) = (folder.path().join("map.npy"), folder.path().join("mask.png"));
    let (map, mask) = (map.to_str().unwrap(), mask.to_str().unwrap());
    let values: Vec<f32> = (0..400).map(|i| i as f32).collect();
    sweetspot_cli::write_npy(Path::new(map), &[20, 20], &values).unwrap();
    image::GrayImage::from_fn(20, 20, |_, y| image::Luma([if y >= 10 { 255 } else { 0 }])).save(mask).unwrap();
    let scores = json(&["score", "--map", map, "--mask", mask]);
    // The lower half holds the 200 largest values: 200 + ... + 399 of 0 + ... + 399.
    assert_eq!(scores["relevance_rank_accuracy"], 1.0);
    assert!((scores["relevance_mass_accuracy"].as_f64().unwrap() - 59_900.0 / 79_800.0).abs() < 1e-6);
    for measure in sweetspot_core::metrics::Measure::all().filter(|m| !m.needs_network()) {
        assert!(scores[measure.id()].is_number(), "{}", measure.id());
    }
    assert_eq!(scores["undefined"], serde_json::json!({}));
    let full = json(&["score", "--map", map, "--box", "0,0,20,20"]);
    assert!(full["auc"].is_null() && full["undefined"]["auc"].as_str().unwrap().contains("fills"));
    let table = String::from_utf8(sweetspot(&["score", "--map", map, "--mask", mask]).stdout).unwrap();
    assert!(
        table.lines().any(|line| line.contains("auc") && line.contains("1.000000") && line.contains("0 to 1") && line.contains("higher"))
    );
    refused(&["score", "--map", map, "--box", "0,0,21,20"], "--box");
    refused(&["score", "--map", map, "--box", "a"], "--box");
    refused(&["score", "--map", map], "--mask");
    refused(&["score", "--map", mask, "--box", "0,0,1,1"], "not a float .npy array");
    refused(&["score", "--map", map, "--mask", "www/gallery/masks/zebra.png"], "20 x 20");
    sweetspot_cli::write_npy(Path::new(map), &[20, 20], &[0.0; 400]).unwrap();
    refused(&["score", "--map", map, "--mask", mask], "zero everywhere");
}

#[test]
fn evaluate_measures_on_the_network() {
    let folder = tempfile::tempdir().unwrap();
    let frames = folder.path().join("frames");
    let common = ["evaluate", "--model", "squeezenet1_1", "--image", KOALA, "--preprocess", "raw", "--method"];
    let grad_cam = [&common[..], &["grad-cam", "--measure", "road", "--measure", "pixel-flipping"]].concat();
    let said = json(&[&grad_cam[..], &["--frames", frames.to_str().unwrap()]].concat());
    assert_eq!((said["target"].as_u64(), said["undefined"].as_object().map(|o| o.len())), (Some(105), Some(0)));
    assert!(said.get("deletion").is_none(), "only what is asked for");
    let flipping = &said["pixel_flipping"];
    let curve: Vec<f64> = flipping["curve"].as_array().unwrap().iter().map(|p| p["value"].as_f64().unwrap()).collect();
    assert!(flipping["note"].as_str().unwrap().contains("49 steps") && curve.len() == 50);
    let aopc = curve.iter().map(|p| curve[0] - p).sum::<f64>() / 50.0;
    assert!((flipping["value"].as_f64().unwrap() - aopc).abs() < 1e-6);
    // The last frame of pixel flipping is the mean colour, the first of ROAD the image.
    let open = |name: &str| image::open(frames.join(name)).unwrap().into_rgb8();
    let last = open("pixel_flipping-049.png");
    assert!(last.pixels().all(|p| p == last.get_pixel(0, 0)));
    assert_eq!(open("road-000.png"), image::open(root().join(KOALA)).unwrap().into_rgb8());
    assert_eq!(std::fs::read_dir(&frames).unwrap().count(), 57);

    let pruned = [&common[..], &["grad-cam", "--measure", "random_logit", "--sparsity", "0.5", "--target", "7"]].concat();
    let table = String::from_utf8(sweetspot(&pruned).stdout).unwrap();
    assert!(table.contains("random_logit") && table.contains("-1 to 1") && table.contains("The other class"), "{table}");
    refused(&[&common[..], &["grad-cam", "--measure", "gini"]].concat(), "unknown measure that needs the network 'gini'");
    refused(&[&common[..], &["magic"]].concat(), "unknown method");
}

#[test]
fn bad_input_is_one_line_and_exit_code_2() {
    let predict = ["predict", "--image", KOALA, "--model"];
    let with = |more: &'static [&'static str]| [&predict[..], more].concat();
    refused(&with(&["resnet51"]), "unknown model 'resnet51'");
    refused(&with(&["resnet50"]), "give --weights FILE");
    refused(&with(&["../../etc/passwd"]), "unknown model");
    refused(&with(&["squeezenet1_1", "--prune", "magic", "--sparsity", "0.5"]), "unknown criterion 'magic'");
    refused(&with(&["squeezenet1_1", "--prune", "magnitude", "--sparsity", "1.5"]), "sparsity is 1.5");
    refused(&with(&["squeezenet1_1", "--prune", "magnitude"]), "--sparsity");
    refused(&with(&["squeezenet1_1", "--prune", "filter-bn-scale", "--sparsity", "0.3"]), "no batch normalisation");
    refused(&with(&["squeezenet1_1", "--sparsity", "0.5", "--scope", "both"]), "unknown scope");
    refused(&with(&["squeezenet1_1", "--device", "abacus"]), "unknown device");
    refused(&with(&["squeezenet1_1", "--weights", "Cargo.toml"]), "safetensors");
    refused(&["predict", "--model", "squeezenet1_1", "--image", "Cargo.toml"], "not a picture");
    refused(&["predict", "--model", "squeezenet1_1", "--image", "nowhere.png"], "nowhere.png");
    refused(&["predict", "--model", "squeezenet1_1", "--image", "www/gallery/cutouts/zebra.jpg", "--preprocess", "raw"], "224 x 224");
    let attribute = ["attribute", "--model", "squeezenet1_1", "--image", KOALA, "--out", "/tmp/never.npy", "--method"];
    let with = |more: &'static [&'static str]| [&attribute[..], more].concat();
    refused(&with(&["magic"]), "unknown method 'magic'");
    refused(&with(&["saliency", "--target", "1000"]), "target is 1000");
    refused(&with(&["saliency", "--set", "steps=5"]), "parameter of saliency");
    refused(&with(&["grad-cam", "--set", "tap=nowhere"]), "unknown layer 'nowhere'");
    refused(&with(&["integrated-gradients", "--set", "steps=0"]), "steps is 0");
    refused(&["fly"], "fly");
    assert_eq!(sweetspot(&["--help"]).status.code(), Some(0));
    assert_eq!(sweetspot(&["--version"]).status.code(), Some(0));
}

#[test]
fn bench_times_every_method() {
    let said = json(&["bench", "attribution", "--model", "squeezenet1_1", "--runs", "1"]);
    let timings = said["timings"].as_array().unwrap();
    let there = sweetspot_core::attribution::Method::all()
        .filter(|method| method.absent(sweetspot_core::attribution::method::AttentionKind::None).is_none());
    assert_eq!(timings.len(), 1 + there.count());
    refused(&["bench", "everything"], "unknown group of timings");
    assert!(timings.iter().all(|t| t["median_ms"].as_f64().unwrap() > 0.0));
}

#[test]
fn it_works_from_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let image = root().join(KOALA);
    let output = Command::new(env!("CARGO_BIN_EXE_sweetspot"))
        .current_dir(folder.path())
        .args(["predict", "--model", "squeezenet1_1", "--json", "--image"])
        .arg(&image)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn discover_answers_in_pixels_of_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.npy");
    let words = ["discover", "--model", "squeezenet1_1", "--image", KOALA, "--preprocess", "raw", "--tap", "features.12"];
    let out = ["--out", path.to_str().unwrap()];
    let said = json(&[&words[..], &["--method", "lost", "--set", "normalisation=usual", "--set", "patches=100"], &out].concat());
    let golden = sweetspot_testing::golden("discovery.json");
    let mut cases = golden["cases"].as_array().unwrap().iter();
    let known = cases
        .find(|c| c["network"] == "squeezenet1_1" && c["sparsity"] == 0.0 && c["tap"] == "features.12" && c["picture"] == "koala")
        .unwrap();
    assert_eq!(said["seed"], known["lost"]["seed"]);
    let corner = |at: usize| (said["box"][at].as_f64().unwrap(), known["lost"]["box"][at].as_f64().unwrap());
    assert!((0..4).map(corner).all(|(ours, theirs)| (ours - theirs).abs() < 1e-3), "{said}");
    let (shape, affinity) = npy(&path);
    assert_eq!(shape, [13, 13]);
    let seed = said["seed"].as_u64().unwrap() as usize;
    let similar: Vec<usize> = said["similar"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
    assert!(similar.contains(&seed) && similar.iter().all(|token| affinity[*token] > 0.0));

    let cut = json(&[&words[..], &["--method", "tokencut", "--what", "eigenvector"], &out].concat());
    let (_, eigenvector) = npy(&path);
    let foreground: Vec<usize> = cut["foreground"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
    let mean = eigenvector.iter().sum::<f32>() / eigenvector.len() as f32;
    assert!(foreground.iter().all(|token| eigenvector[*token] > mean) && !foreground.is_empty());
    json(&[&words[..], &["--method", "lost", "--what", "degree"], &out].concat());
    assert!(npy(&path).1.iter().all(|degree| degree.fract() == 0.0));

    // The photo is 512 x 415 pixels, and shown whole.
    let photo = "www/gallery/photos/giant-panda.jpg";
    let whole = json(&["discover", "--model", "squeezenet1_1", "--image", photo, "--method", "whole-image", "--size", "full"]);
    assert_eq!(whole["box"], serde_json::json!([0.0, 0.0, 512.0, 415.0]));
    let pruned = ["discover", "--model", "squeezenet1_1", "--image", photo, "--method", "maskcut", "--size", "full", "--sparsity", "0.36"];
    let found = json(&pruned);
    assert!(!found["boxes"].as_array().unwrap().is_empty());
    for (more, part) in [
        (vec!["--method", "lots"], "maskcut"),
        (vec!["--method", "lost", "--tap", "features.99"], "features.12"),
        (vec!["--method", "lost", "--facet", "key"], "token"),
        (vec!["--method", "lost", "--facet", "soul"], "query"),
        (vec!["--method", "lost", "--size", "huge"], "full"),
        (vec!["--method", "lost", "--set", "threshold=0.1"], "patches"),
        (vec!["--method", "tokencut", "--set", "threshold=2"], "between"),
        (vec!["--method", "lost", "--set", "patches"], "name=value"),
        (vec!["--method", "lost", "--tap", "features.1"], "deeper layer"),
        (vec!["--method", "lost", "--what", "eigenvector", "--out", path.to_str().unwrap()], "solves for none"),
        (vec!["--method", "centre-box", "--out", path.to_str().unwrap()], "tokencut"),
        (vec!["--method", "lost", "--token", "5000", "--out", path.to_str().unwrap()], "less than"),
    ] {
        refused(&[&["discover", "--model", "squeezenet1_1", "--image", photo][..], &more].concat(), part);
    }
    refused(&["discover", "--model", "squeezenet1_1", "--method", "lost"], "--image");
    refused(&["discover", "--model", "squeezenet1_1", "--method", "lost", "--pack", "nowhere"], "cutouts");
}

#[test]
fn discover_counts_right_boxes_of_a_pack() {
    let said = json(&["discover", "--model", "squeezenet1_1", "--method", "whole-image", "--pack", "cutouts"]);
    let images = said["images"].as_array().unwrap();
    assert_eq!((said["of"].as_u64().unwrap(), images.len()), (29, 29));
    let right = images.iter().filter(|image| image["iou"].as_f64().unwrap() >= 0.5).count() as u64;
    assert_eq!(said["right"].as_u64().unwrap(), right);
    let [low, high] = [0, 1].map(|at| said["interval"][at].as_f64().unwrap());
    assert!(low <= said["corloc"].as_f64().unwrap() && said["corloc"].as_f64().unwrap() <= high);
    let folder = json(&["discover", "--model", "mini_resnet_small", "--method", "centre-box", "--pack", "www/packs/fashion-in-the-wild"]);
    let named = json(&["discover", "--model", "mini_resnet_small", "--method", "centre-box", "--pack", "scenes"]);
    assert_eq!((&folder["right"], folder["of"].as_u64()), (&named["right"], Some(500)));
}
