//! Counts and masks against `torch.nn.utils.prune` (`tests/golden/pruning.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use sweetspot_core::error::Error;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Scope;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::pruning::allocation::count;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::device::values;
use sweetspot_testing::at;
use sweetspot_testing::{NETWORKS, difference, golden, golden_input, golden_npy, load, pruned};

#[test]
fn counts_round_as_python_does() {
    for case in golden("pruning.json")["rounding"].as_array().unwrap() {
        let (n, sparsity) = (case["n"].as_u64().unwrap() as usize, case["sparsity"].as_f64().unwrap());
        assert_eq!(count(sparsity, n), case["pruned"].as_u64().unwrap() as usize, "{sparsity} of {n}");
    }
}

#[test]
fn masks_equal_torch() {
    let golden = golden("pruning.json");
    for id in NETWORKS {
        let model = load(id);
        let known = &golden["networks"][id];
        assert_eq!(known["prunable"].as_u64().unwrap() as usize, model.card.prunable);
        for scope in Scope::ALL {
            for record in known[scope.id()].as_array().unwrap() {
                let sparsity = record["sparsity"].as_f64().unwrap();
                let mask =
                    Mask::new(model.architecture, &model.weights, &Pruning { scope, sparsity: at(sparsity), ..Pruning::DENSE }).unwrap();
                let report = mask.report();
                let name = format!("{id}, {}, {sparsity}", scope.id());
                assert_eq!(report.pruned as u64, record["pruned"].as_u64().unwrap(), "{name}");
                assert_eq!(report.mask_sha256, record["sha256_of_bytes"].as_str().unwrap(), "{name}");
                for ((layer, known), facts) in
                    report.layers.iter().zip(record["layers"].as_array().unwrap()).zip(known["layers"].as_array().unwrap())
                {
                    assert_eq!(layer.name, facts["name"].as_str().unwrap(), "{name}");
                    assert_eq!(layer.pruned as u64, known["pruned"].as_u64().unwrap(), "{name}, {}", layer.name);
                }
            }
        }
    }
}

#[test]
fn pruned_networks_answer_as_pytorch() {
    let golden = golden("pruning.json");
    let facts = &golden["pruned_logits"];
    let names: Vec<&str> = facts["inputs"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    for id in NETWORKS {
        let model = load(id);
        let (_, logits) = golden_npy(&format!("pruned_logits_{id}.npy"));
        let mut expected = logits.chunks(1000);
        let mut worst = 0.0_f32;
        for sparsity in facts["sparsities"].as_array().unwrap() {
            let pruning = Pruning { sparsity: at(sparsity.as_f64().unwrap()), ..Pruning::DENSE };
            let network = pruned(&model, &pruning).network;
            for name in &names {
                let got = pollster::block_on(values(network.logits(golden_input(&model, name)))).unwrap();
                worst = worst.max(difference(&got, expected.next().unwrap()));
            }
        }
        println!("{id}: largest difference of a pruned network's logit {worst:e}");
        // As for the dense networks (tests/logits.rs).
        assert!(worst < 1e-4, "{id}: {worst}");
    }
}

#[test]
fn sparser_masks_prune_more_of_the_same() {
    let model = load("squeezenet1_1");
    let mask = |sparsity| Mask::new(model.architecture, &model.weights, &Pruning { sparsity, ..Pruning::DENSE }).unwrap();
    let grid: Vec<Mask> = Sparsity::grid().map(|(_, sparsity)| mask(sparsity)).collect();
    for pair in grid.windows(2) {
        for (less, more) in pair[0].layers.iter().zip(&pair[1].layers) {
            assert!(less.keep.iter().zip(&more.keep).all(|(less, more)| *less || !*more), "{}: a pruned weight came back", less.name);
        }
    }
    assert_eq!(mask(Sparsity::ZERO).apply(&model.weights), model.weights, "sparsity 0 changes nothing");
}

#[test]
fn biases_and_normalisation_stay() {
    let model = load("efficientnet_lite0");
    let pruned = Mask::new(model.architecture, &model.weights, &Pruning { sparsity: Sparsity::new(0.999).unwrap(), ..Pruning::DENSE })
        .unwrap()
        .apply(&model.weights);
    for (name, array) in model.weights.tensors() {
        let conv = array.shape.len() > 1;
        assert_eq!(conv, pruned.get(name) != array, "{name}");
    }
}

#[test]
fn a_network_without_weights_cannot_be_asked_for() {
    let model = load("squeezenet1_1");
    let sparsity = Sparsity::of_weights(7, 7);
    let refused = Mask::new(model.architecture, &model.weights, &Pruning { sparsity, ..Pruning::DENSE });
    assert!(matches!(refused, Err(Error::BadValue { .. })));
}
