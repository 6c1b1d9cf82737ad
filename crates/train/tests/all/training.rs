//! The trainer: it can be interrupted anywhere, prunes exactly, and refuses a folder of another training.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::path::Path;

use pollster::block_on;
use sweetspot_core::error::Error;
use sweetspot_methods::pruning::allocation::count;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device;
use sweetspot_nn::weights::Weights;
use sweetspot_testing::root;
use sweetspot_train::data::Scenes;
use sweetspot_train::optimiser::Rule;
use sweetspot_train::plan::{Plan, TrainingMethod};
use sweetspot_train::schedule::Schedule;
use sweetspot_train::trainer::Trainer;

/// Thirty garments are enough to see whether a training is repeated.
fn scenes() -> Scenes {
    Scenes::open(Some(&root().join("tests/golden/fashion")), &root().join("www")).unwrap()
}

fn plan(kind: TrainingMethod, scenes: &Scenes) -> Plan {
    Plan {
        network: "mini_resnet_small".into(),
        kind,
        seed: 7,
        rule: Rule::AdamW,
        rate: 2e-3,
        round_rate: 1e-3,
        schedule: Schedule::Cosine,
        warm_up: 0.1,
        decay: 0.05,
        smoothing: 0.0,
        batch: 4,
        epoch: 8,
        epochs: 2,
        round_epochs: 1,
        rounds: 2,
        sparsity: 0.672,
        data: scenes.identity(),
    }
}

fn small() -> &'static Architecture {
    architecture("mini_resnet_small").unwrap()
}

/// Trains in a folder, at most so many epochs at a time, until it is done.
fn train(plan: &Plan, scenes: &Scenes, folder: &Path, at_once: usize) {
    for _ in 0..20 {
        let mut left = at_once;
        let go = || {
            left = left.wrapping_sub(1);
            left != usize::MAX
        };
        let mut trainer = Trainer::new(plan, scenes, small(), &device::cpu(), folder).unwrap();
        if block_on(trainer.run(|_| (), go)).unwrap() {
            return;
        }
    }
    panic!("it never ends");
}

fn stage(folder: &Path, stage: usize) -> Weights {
    let bytes = std::fs::read(folder.join(format!("stage-{stage:02}.safetensors"))).unwrap();
    Weights::read(small(), "trained", &bytes).unwrap()
}

/// Which prunable weights are zero, in network order.
fn zeros(weights: &Weights) -> Vec<bool> {
    let layers = (small().layers)();
    layers.iter().flat_map(|layer| weights.get(&layer.weight_name()).values.iter().map(|w| *w == 0.0)).collect()
}

#[test]
fn an_interrupted_training_ends_in_the_same_networks() {
    let (scenes, folders) = (scenes(), [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]);
    let plan = plan(TrainingMethod::Lrr, &scenes);
    let [whole, parts] = folders.each_ref().map(|folder| folder.path());
    train(&plan, &scenes, whole, usize::MAX - 1);
    train(&plan, &scenes, parts, 1);
    for at in 0..3 {
        assert_eq!(stage(whole, at), stage(parts, at), "stage {at}");
    }
    // Every line but for the seconds, which are the last field.
    let log = |folder: &Path| -> Vec<String> {
        let text = std::fs::read_to_string(folder.join("log.csv")).unwrap();
        text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_string()).collect()
    };
    assert_eq!(log(whole), log(parts));
    // The heads, four epochs and three stages.
    assert_eq!(log(whole).len(), 1 + 4 + 3);
}

#[test]
fn rounds_take_a_fifth_of_what_is_left_and_never_give_back() {
    let (scenes, folder) = (scenes(), tempfile::tempdir().unwrap());
    train(&plan(TrainingMethod::Lrr, &scenes), &scenes, folder.path(), usize::MAX - 1);
    let [dense, first, second] = [0, 1, 2].map(|at| zeros(&stage(folder.path(), at)));
    let pruned = |zeros: &[bool]| zeros.iter().filter(|zero| **zero).count();
    let all = dense.len();
    let once = count(0.2, all);
    assert_eq!(pruned(&dense), 0);
    assert_eq!(pruned(&first), once);
    assert_eq!(pruned(&second), once + count(0.2, all - once));
    assert!(first.iter().zip(&second).all(|(first, second)| !first || *second), "what is pruned stays pruned");
}

#[test]
fn snip_prunes_before_learning_to_the_exact_count() {
    let (scenes, folder) = (scenes(), tempfile::tempdir().unwrap());
    train(&plan(TrainingMethod::Snip, &scenes), &scenes, folder.path(), usize::MAX - 1);
    let zeros = zeros(&stage(folder.path(), 0));
    assert_eq!(zeros.iter().filter(|zero| **zero).count(), count(0.672, zeros.len()));
    assert!(!folder.path().join("stage-01.safetensors").exists());
}

#[test]
fn a_folder_of_another_training_is_refused() {
    let (scenes, folder) = (scenes(), tempfile::tempdir().unwrap());
    let first = plan(TrainingMethod::Snip, &scenes);
    train(&first, &scenes, folder.path(), usize::MAX - 1);
    let other = Plan { seed: 8, ..first };
    let error = Trainer::new(&other, &scenes, small(), &device::cpu(), folder.path()).err().unwrap();
    assert!(matches!(&error, Error::Unreadable { .. }) && error.to_string().contains("other settings"), "{error}");
    let state = folder.path().join("state.safetensors");
    let bytes = std::fs::read(&state).unwrap();
    std::fs::write(&state, &bytes[..bytes.len() / 2]).unwrap();
    assert!(Trainer::new(&other, &scenes, small(), &device::cpu(), folder.path()).is_err());
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let scenes = scenes();
    let good = plan(TrainingMethod::Lrr, &scenes);
    assert!(good.check().is_ok());
    let bad = [
        Plan { batch: 1, ..good.clone() },
        Plan { epoch: 3, ..good.clone() },
        Plan { epochs: 0, ..good.clone() },
        Plan { rate: f64::NAN, ..good.clone() },
        Plan { sparsity: 1.0, ..good.clone() },
        Plan { rounds: 41, ..good.clone() },
    ];
    for plan in bad {
        assert!(plan.check().unwrap_err().is_bad_input(), "{plan:?}");
    }
}
