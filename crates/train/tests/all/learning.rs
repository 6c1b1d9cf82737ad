//! Learning: gradients by parameters and steps of both optimisers against PyTorch (tests/golden/learning.py), and what happens on the way.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use burn::tensor::{Tensor, TensorData};
use pollster::block_on;
use serde_json::Value;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device;
use sweetspot_nn::network::Network;
use sweetspot_nn::parameters::{Parameters, place};
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::golden;
use sweetspot_train::learner::Learner;
use sweetspot_train::optimiser::Rule;

const NETWORKS: [&str; 2] = ["mini_resnet_small", "mini_vit_small"];
const BATCH: usize = 8;
const LABELS: [i32; BATCH] = [0, 1, 2, 3, 4, 5, 6, 7];

/// What the golden script calls a wave.
fn wave(count: usize, offset: usize, scale: f64) -> Vec<f32> {
    (0..count).map(|i| (scale * (0.37 * (7.0 * i as f64 + offset as f64)).sin()) as f32).collect()
}

/// The script's weights.
fn weights(architecture: &'static Architecture) -> Weights {
    let shapes = (architecture.layers)().iter().flat_map(|l| l.tensors()).chain((architecture.extras)()).collect::<Vec<_>>();
    let mut learnt: Vec<_> = shapes.iter().filter(|(name, _)| !name.contains("running_")).collect();
    learnt.sort();
    let statistics = shapes.iter().filter(|(name, _)| name.contains("running_")).map(|(name, shape)| {
        let value = if name.ends_with("running_var") { 1.0 } else { 0.0 };
        (name.clone(), Array { shape: shape.clone(), values: vec![value; shape.iter().product()].into() })
    });
    let learnt = learnt.into_iter().enumerate().map(|(at, (name, shape))| {
        let mut values = wave(shape.iter().product(), at, 0.1);
        if shape.len() == 1 && name.ends_with(".weight") {
            values.iter_mut().for_each(|v| *v += 1.0);
        }
        (name.clone(), Array { shape: shape.clone(), values: values.into() })
    });
    Weights::from_tensors(architecture, "formula", learnt.chain(statistics).collect()).unwrap()
}

fn learner(id: &str, rule: Rule) -> Learner {
    let architecture = architecture(id).unwrap();
    let parameters = place(architecture, &weights(architecture), &device::cpu());
    Learner::new(architecture, parameters, rule, 0.05, &device::cpu())
}

fn images() -> Vec<f32> {
    wave(BATCH * 3 * 64 * 64, 3, 1.0)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn norm(tensor: &Tensor<4>) -> f64 {
    f64::from((tensor.clone() * tensor.clone()).sum().sqrt().into_scalar::<f32>())
}

#[test]
fn gradients_by_every_parameter_are_torchs() {
    for id in NETWORKS {
        let expected = golden("learning.json")[id]["gradients"].clone();
        let learner = learner(id, Rule::Sgd);
        let network = Network::learning(learner.architecture, &learner.parameters, &device::cpu());
        let recorded = network.record_learning(Tensor::from_data(TensorData::new(images(), [BATCH, 3, 64, 64]), &device::cpu()));
        let answer = block_on(sweetspot_train::learner::Answer::of(&recorded.logits(), &LABELS, 0.1)).unwrap();
        let got: Parameters = recorded.parameter_gradients(answer.seed).into_iter().collect();
        let expected = expected.as_object().unwrap();
        assert_eq!(got.len(), expected.len(), "{id}");
        // The largest gradient is the measure: a bias before a normalisation, say, has none, and only rounding is left of it.
        let largest = expected.values().map(|v| v[0].as_f64().unwrap()).fold(0.0, f64::max);
        for (name, values) in expected {
            let tensor = &got[name];
            let values = numbers(values);
            let shown = if tensor.dims()[2] > 1 && tensor.dims()[0] == 1 { tensor.clone().swap_dims(1, 2) } else { tensor.clone() };
            let first = block_on(device::values(shown)).unwrap();
            // Single precision through a dozen layers; torch's numbers are in double precision.
            let bound = 1e-4 * (values[0] + 0.01 * largest);
            assert!((norm(tensor) - values[0]).abs() < bound, "{id} {name}: {} and not {}", norm(tensor), values[0]);
            for (got, expected) in first.iter().zip(&values[1..]) {
                assert!((f64::from(*got) - expected).abs() < bound, "{id} {name}: {got} and not {expected}");
            }
        }
    }
}

#[test]
fn steps_of_both_optimisers_are_torchs() {
    for id in NETWORKS {
        for (rule, name, rate) in [(Rule::Sgd, "sgd", 0.01), (Rule::AdamW, "adamw", 1e-3)] {
            let expected = golden("learning.json")[id][name].clone();
            let mut learner = learner(id, rule);
            for loss in numbers(&expected["losses"]) {
                let answer = block_on(learner.step(images(), &LABELS, 0.1, rate)).unwrap();
                let got = answer.loss / BATCH as f64;
                // AdamW divides by a gradient's own size at first, so that rounding of tiny gradients shows.
                assert!((got - loss).abs() < 2e-3 * loss, "{id} {name}: {got} and not {loss}");
            }
            for (statistic, expected) in expected["statistics"].as_object().unwrap() {
                let (got, expected) = (norm(&learner.parameters[statistic]), expected.as_f64().unwrap());
                assert!((got - expected).abs() < 5e-3 * expected.max(0.1), "{id} {name} {statistic}: {got} and not {expected}");
            }
            let network = Network::new(learner.architecture, &block_on(learner.weights()).unwrap(), &device::cpu());
            let image = Tensor::from_data(TensorData::new(images(), [BATCH, 3, 64, 64]), &device::cpu()).narrow(0, 0, 1);
            let logits = block_on(device::values(network.logits(image))).unwrap();
            let expected = numbers(&expected["logits"]);
            let size = expected.iter().map(|v| v.abs()).fold(0.0, f64::max);
            for (got, expected) in logits.iter().zip(expected) {
                assert!((f64::from(*got) - expected).abs() < 2e-2 * size, "{id} {name}: {got} and not {expected}");
            }
        }
    }
}

#[test]
fn pruned_weights_stay_zero_while_learning() {
    let mut learner = learner("mini_resnet_small", Rule::AdamW);
    let keep = |shape: [usize; 4]| {
        Tensor::from_data(
            TensorData::new((0..shape.iter().product()).map(|i: usize| f32::from(u8::from(i.is_multiple_of(3)))).collect(), shape),
            &device::cpu(),
        )
    };
    let shape = learner.parameters["layer1.0.conv1.weight"].dims();
    learner.prune([("layer1.0.conv1.weight".to_string(), keep(shape))].into());
    for _ in 0..2 {
        block_on(learner.step(images(), &LABELS, 0.0, 1e-2)).unwrap();
    }
    let weights = block_on(learner.weights()).unwrap();
    let values = &weights.get("layer1.0.conv1.weight").values;
    assert!(values.iter().enumerate().all(|(i, w)| (*w != 0.0) == (i % 3 == 0)));
}
