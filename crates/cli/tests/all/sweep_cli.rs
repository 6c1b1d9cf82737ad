//! `sweetspot sweep` as a user types it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

use crate::typed::{json, refused, sweetspot};
use serde_json::Value;

/// Twelve pictures at three sparsities: a few seconds.
const SMALL: [&str; 12] = [
    "sweep",
    "--experiment",
    "v=1&m=mini_resnet_small&c=lrr",
    "--images",
    "40",
    "--sparsities",
    "0.36,0.914",
    "--measures",
    "relevance-mass,auc,cost",
    "--method",
    "grad-cam",
    "--out",
];

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Files of cells without what differs from run to run: times.
fn cells(path: &Path) -> Value {
    let mut value = read(path);
    for cell in value["cells"].as_array_mut().unwrap() {
        cell["values"].as_object_mut().unwrap().remove("pass_time");
    }
    value
}

#[test]
fn a_sweep_is_computed_gone_on_with_shared_out_and_put_together() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let words = |name: &str, more: &[&str]| -> Vec<String> {
        let out = at(name).display().to_string();
        SMALL.iter().map(|word| word.to_string()).chain([out]).chain(more.iter().map(|word| word.to_string())).collect()
    };
    let run = |name: &str, more: &[&str]| {
        let words = words(name, more);
        json(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let whole = run("whole", &["--threads", "2"]);
    assert_eq!((whole["pictures"].as_u64(), whole["done"].as_u64()), (Some(40), Some(9)));
    for file in whole["files"].as_array().unwrap() {
        assert!(at("whole").join(file.as_str().unwrap()).metadata().unwrap().len() > 0, "{file}");
    }
    let csv = std::fs::read_to_string(at("whole/sweep.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    // Two measures of maps, accuracy, agreement and three costs at three sparsities, and the heads.
    assert_eq!(lines.len(), 1 + 7 * 3, "{csv}");
    let columns = lines[0].split(',').count();
    assert!(lines.iter().all(|line| line.split(',').count() == columns));
    let svg = std::fs::read_to_string(at("whole/relevance_mass_accuracy.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Relevance mass accuracy against sparsity"));
    let results = read(&at("whole/results.json"));
    assert!(results["command"].as_str().unwrap().contains("sweep --experiment") && results["networks"].as_array().unwrap().len() == 3);
    assert_eq!(results["date"].as_str().unwrap().len(), 20);

    // One thread computes the same.
    run("single", &["--threads", "1"]);
    assert_eq!(cells(&at("single/cells.json")), cells(&at("whole/cells.json")));

    // What an interruption left is gone on with: nothing is computed twice, and the end is the same.
    std::fs::create_dir(at("part")).unwrap();
    let mut part = read(&at("whole/cells.json"));
    part["cells"].as_array_mut().unwrap().truncate(4);
    std::fs::write(at("part/cells.json"), part.to_string()).unwrap();
    let out = words("part", &[]);
    let output = sweetspot(&out.iter().map(String::as_str).collect::<Vec<_>>());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("going on: 4 of 9 steps are done"), "{said}");
    assert!(said.contains("sweet spot"), "{said}");
    assert_eq!(cells(&at("part/cells.json")), cells(&at("whole/cells.json")));

    // Two shards put together are the whole.
    for shard in ["1/2", "2/2"] {
        run(&format!("shard-{}", &shard[..1]), &["--shard", shard]);
    }
    let files = ["shard-1/cells.json", "shard-2/results.json"].map(|name| at(name).display().to_string());
    let merged = json(&["sweep", "--merge", &files[0], &files[1], "--out", at("merged").to_str().unwrap()]);
    assert_eq!(cells(&at("merged/cells.json")), cells(&at("whole/cells.json")));
    assert_eq!(merged["spots"], whole["spots"]);

    // Another sweep does not go into the same folder, and results that were changed are not put together.
    let mut other: Vec<String> = words("whole", &["--prune", "magnitude"]);
    other.retain(|word| word != "--json");
    refused(&other.iter().map(String::as_str).collect::<Vec<_>>(), "choose another folder");
    let mut changed = read(&at("whole/cells.json"));
    changed["cells"][0]["values"]["relevance_mass_accuracy"][5] = 0.123.into();
    std::fs::write(at("changed.json"), changed.to_string()).unwrap();
    let (whole, changed) = (at("whole/cells.json").display().to_string(), at("changed.json").display().to_string());
    refused(&["sweep", "--merge", &whole, &changed, "--out", at("never").to_str().unwrap()], "relevance_mass_accuracy of picture 5");
    assert!(!at("never").exists());

    // The sweep's own file asks for the same again.
    std::fs::write(at("sweep.json"), results["state"]["sweep"].to_string()).unwrap();
    let again = json(&["sweep", "--experiment", at("sweep.json").to_str().unwrap(), "--out", at("whole").to_str().unwrap()]);
    assert_eq!(again["id"], results["id"]);
}

#[test]
fn a_picture_of_ones_own_has_answers_but_no_place() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let said = json(&[
        "sweep",
        "--experiment",
        "https://example.org/page/#v=1&m=squeezenet1_1",
        "--set",
        "tests/golden/inputs/koala.png",
        "--sparsities",
        "0.3",
        "--measures",
        "relevance-mass,gini",
        "--out",
        out,
    ]);
    assert_eq!(said["pictures"], 1);
    assert_eq!(said["spots"].as_array().unwrap().len(), 0);
    let line = |measure: &str| said["lines"].as_array().unwrap().iter().find(|line| line["measure"] == measure).unwrap().clone();
    assert!(line("relevance_mass_accuracy")["value"].is_null() && line("gini")["value"].is_number() && line("gini")["low"].is_null());
    assert!(said["notes"].to_string().contains("One picture"));
}

#[test]
fn bad_sweeps_are_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let with = |more: &[&str], part: &str| refused(&[&["sweep", "--out", out.to_str().unwrap()], more].concat(), part);
    with(&["--experiment", "nonsense"], "--experiment is nonsense");
    with(&["--experiment", "v=1&s=7"], "sparsity is 7");
    with(&["--experiment", "Cargo.toml"], "sweep cannot be read");
    with(&["--sparsities", "0.1,x"], "--sparsities is 'x'");
    with(&["--sparsities", "1.0"], "a sparsity of the sweep is 1");
    with(&["--measures", "magic"], "unknown measure 'magic'");
    with(&["--measures", ","], "list of measures");
    with(&["--set", "nowhere"], "unknown set 'nowhere'");
    with(&["--model", "resnet51"], "unknown model");
    with(&["--shard", "3/2"], "--shard is 3/2");
    with(&["--threads", "0"], "--threads is 0");
    with(&["--drop", "-1"], "--drop");
    with(&["--axis", "up"], "unknown axis");
    with(&["--pareto", "gini,accuracy", "--sparsities", "0", "--images", "1", "--model", "mini_resnet_small"], "this one describes");
    with(&["--model", "mini_resnet_small", "--prune", "lrr", "--seeds", "5"], "a seed of the sweep is 5");
    with(&["--merge", "nowhere.json"], "nowhere.json");
    with(&["--merge", "Cargo.toml"], "Cargo.toml cannot be read");
    with(&["--images", "0"], "at least 1");
}
