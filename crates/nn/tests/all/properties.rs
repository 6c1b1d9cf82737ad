//! What must hold of attribution methods, whatever other implementations say.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::experiment::Attribution;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::pass::Pass;
use sweetspot_nn::tape::Value;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::audit::{Subject, property};
use sweetspot_testing::{NETWORKS, attribute, difference, golden_input, likeness, load, method};

const PANDA: usize = 388;

fn map(id: &str, parameters: &Attribution) -> (sweetspot_core::attribution::map::ChannelMap, f32) {
    let model = load(id);
    let input = golden_input(&model, "giant-panda");
    let score = pollster::block_on(values(model.dense.logits(input.clone()))).unwrap()[PANDA];
    (attribute(&model.dense, &input, PANDA, parameters, model.architecture.default_tap, 5), score)
}

fn sum(values: &[f32]) -> f64 {
    values.iter().map(|v| f64::from(*v)).sum()
}

#[test]
fn deeplift_shares_the_difference_out() {
    for id in NETWORKS {
        for baseline in ["zero", "blur", "black"] {
            let (map, _) = map(id, &method(Method::DeepLift, &[("baseline", baseline)]));
            let (sum, total) = (sum(&map.values), f64::from(map.total.unwrap()));
            println!("{id}, {baseline}: {sum:.5} of {total:.5}");
            // Exact but for single precision over some 50 layers; where image and baseline hardly differ, quotients lose digits.
            assert!((sum - total).abs() < 2e-3 * total.abs().max(1.0), "{id}, {baseline}: {sum} of {total}");
        }
    }
    property(Subject::Method(Method::DeepLift), "adds up to the difference of the score between image and baseline");
}

#[test]
fn lrp_conserves_the_score_when_biases_keep_nothing() {
    for id in NETWORKS {
        for rule in ["epsilon-plus", "epsilon-plus-flat", "epsilon-gamma-box", "gamma", "alpha1-beta0"] {
            let (map, score) = map(id, &method(Method::Lrp, &[("rule", rule), ("bias", "share")]));
            let (sum, score) = (sum(&map.values), f64::from(score));
            println!("{id}, {rule}: {sum:.4} of {score:.4}");
            if id == "squeezenet1_1" {
                // But for the stabilisers' share and single precision.
                assert!((sum - score).abs() < 1e-3 * score.abs(), "{id}, {rule}: {sum} of {score}");
            } else {
                // A depthwise kernel sees few inputs: often none of them contributed to an output that a folded bias made positive, and then
                // there is nobody to hand its share to.
                assert!(sum > 0.0 && sum < 1.001 * score, "{id}, {rule}: {sum} of {score}");
            }
        }
        let (kept, score) = map(id, &method(Method::Lrp, &[]));
        assert_eq!(kept.total, Some(score));
        assert!(sum(&kept.values) < f64::from(score), "biases keep a share");
    }
    property(
        Subject::Method(Method::Lrp),
        "conserves the score when biases keep no share (SqueezeNet; in EfficientNet-Lite0 some outputs have no contribution but their bias)",
    );
}

#[test]
fn maps_of_positive_influence_are_never_negative() {
    for id in NETWORKS {
        for (one, settings) in [
            (Method::GradCam, &[][..]),
            (Method::GradCamPlusPlus, &[]),
            (Method::HiResCam, &[]),
            (Method::LayerCam, &[]),
            (Method::ScoreCam, &[("channels", "4")]),
            (Method::SmoothGrad, &[("samples", "2")]),
            (Method::SmoothGradSquared, &[("samples", "2")]),
            (Method::VarGrad, &[("samples", "2")]),
            (Method::Rise, &[("masks", "4")]),
        ] {
            let (map, _) = map(id, &method(one, settings));
            assert_eq!(map.reduced().len(), 224 * 224);
            assert!(map.values.iter().all(|v| *v >= 0.0 && v.is_finite()) && sum(&map.values) > 0.0, "{id}, {}", one.id());
            assert!(!map.signed && !one.info().signed);
            property(Subject::Method(one), "never negative");
        }
    }
}

#[test]
fn a_seed_says_what_is_drawn() {
    for (one, settings) in [
        (Method::SmoothGrad, &[("samples", "2")][..]),
        (Method::VarGrad, &[("samples", "2")]),
        (Method::SmoothGradIg, &[("samples", "1"), ("steps", "2")]),
        (Method::IntegratedGradients, &[("steps", "2"), ("baseline", "noise")]),
        (Method::DeepLift, &[("baseline", "noise")]),
        (Method::Rise, &[("masks", "5")]),
        (Method::Lime, &[("coalitions", "8"), ("segments", "9")]),
        (Method::KernelShap, &[("coalitions", "8"), ("segments", "9")]),
    ] {
        let with = |seed: &str| map("squeezenet1_1", &method(one, &[settings, &[("seed", seed)]].concat())).0.values;
        let (first, again, other) = (with("3"), with("3"), with("4"));
        assert_eq!(first, again, "{}", one.id());
        assert!(likeness(&first, &other).1 > 1e-3, "{}: another seed draws other numbers", one.id());
        property(Subject::Method(one), "the same seed gives the same map");
    }
}

#[test]
fn a_batch_changes_nothing() {
    let model = load("squeezenet1_1");
    let input = golden_input(&model, "giant-panda");
    for (one, settings) in [
        (Method::SmoothGrad, &[("samples", "5")][..]),
        (Method::Rise, &[("masks", "5")]),
        (Method::Occlusion, &[("window", "64"), ("stride", "64")]),
        (Method::ScoreCam, &[("channels", "5")]),
        (Method::KernelShap, &[("coalitions", "10"), ("segments", "9")]),
    ] {
        let with = |batch| attribute(&model.dense, &input, PANDA, &method(one, settings), model.architecture.default_tap, batch).values;
        let (alone, together) = (with(1), with(3));
        assert!(likeness(&alone, &together).1 < 1e-4, "{}: {:?}", one.id(), likeness(&alone, &together));
    }
}

#[test]
fn one_square_over_everything_costs_the_whole_score() {
    let model = load("squeezenet1_1");
    let input = golden_input(&model, "giant-panda");
    let map = attribute(&model.dense, &input, PANDA, &method(Method::Occlusion, &[("window", "224"), ("stride", "1")]), "", 1);
    let score = |x: Tensor<4>| pollster::block_on(values(model.dense.logits(x))).unwrap()[PANDA];
    let lost = score(input.clone()) - score(input.zeros_like());
    assert!(map.values.iter().all(|v| (v - lost).abs() < 1e-5), "{} against {lost}", map.values[0]);
    property(Subject::Method(Method::Occlusion), "a square over the whole image costs the score's whole difference");
}

#[test]
fn kernel_shap_shares_the_difference_out() {
    let (map, _) = map("squeezenet1_1", &method(Method::KernelShap, &[("segments", "6"), ("coalitions", "100")]));
    // Each superpixel's value once: pixels of a piece share it.
    let mut pieces: Vec<u32> = map.values.iter().map(|v| v.to_bits()).collect();
    pieces.sort_unstable();
    pieces.dedup();
    let sum: f64 = pieces.iter().map(|bits| f64::from(f32::from_bits(*bits))).sum();
    let model = load("squeezenet1_1");
    let input = golden_input(&model, "giant-panda");
    let score = |x: Tensor<4>| f64::from(pollster::block_on(values(model.dense.logits(x))).unwrap()[PANDA]);
    let change = score(input.clone()) - score(input.zeros_like());
    assert!((sum - change).abs() < 1e-3 * change.abs(), "{sum} of {change}");
    property(Subject::Method(Method::KernelShap), "superpixels' values add up to the difference of the score");
}

/// A network of one convolution: every method that shares the score out must give the same shares.
static LINEAR: Architecture = Architecture {
    id: "linear",
    layers: linear_layers,
    extras: Vec::new,
    forward: linear_forward,
    taps: || vec![],
    head: None,
    attention: AttentionKind::None,
    default_tap: "",
};

fn linear_layers() -> Vec<Layer> {
    vec![Layer::conv("fc", 3, 2, 4)]
}

fn linear_forward(pass: &mut Pass<'_, '_>, x: Value) -> Value {
    pass.conv("fc", &x)
}

#[test]
fn on_a_linear_network_all_shares_are_the_product() {
    let waves = |n: usize, step: f32| -> Vec<f32> { (0..n).map(|i| (i as f32 * step).sin()).collect() };
    let array = |name: &str, shape: &[usize], values: Vec<f32>| (name.to_string(), Array { shape: shape.into(), values: values.into() });
    let tensors = BTreeMap::from([array("fc.weight", &[2, 3, 4, 4], waves(96, 0.7)), array("fc.bias", &[2], vec![0.3, -0.2])]);
    let network = Network::new(&LINEAR, &Weights::from_tensors(&LINEAR, "linear", tensors).unwrap(), &cpu());
    let input = |scale: f32| Tensor::<4>::from_data(TensorData::new(waves(48, 1.3), [1, 3, 4, 4]), &cpu()) * scale;
    let with = |one: Method, scale: f32| attribute(&network, &input(scale), 1, &Attribution::new(one), "", 1).values;
    let product = with(Method::InputXGradient, 1.0);
    let score = pollster::block_on(values(network.logits(input(1.0)))).unwrap()[1];
    // 48 products of numbers below 1 in single precision.
    assert!((sum(&product) - f64::from(score + 0.2)).abs() < 1e-5, "the product adds up to the score without its bias");
    for one in [Method::IntegratedGradients, Method::DeepLift] {
        assert!(difference(&with(one, 1.0), &product) < 1e-6, "{}", one.id());
    }
    let epsilon = method(Method::Lrp, &[("rule", "epsilon"), ("bias", "share"), ("epsilon", "1e-12")]);
    let shares = attribute(&network, &input(1.0), 1, &epsilon, "", 1).values;
    let scaled: Vec<f32> = product.iter().map(|v| v * score / (score + 0.2)).collect();
    assert!(difference(&shares, &scaled) < 1e-5, "LRP shares the score out in proportion to the products");
    let doubled: Vec<f32> = product.iter().map(|v| 2.0 * v).collect();
    assert!(difference(&with(Method::InputXGradient, 2.0), &doubled) < 1e-6, "twice the image has twice the product");
    for one in [Method::InputXGradient, Method::IntegratedGradients] {
        property(Subject::Method(one), "on a linear network, adds up to the score without its bias");
    }
}

#[test]
fn sizes_that_do_not_fit_are_errors() {
    let model = load("squeezenet1_1");
    let input = golden_input(&model, "giant-panda");
    for (one, settings, part) in [
        (Method::Occlusion, &[("window", "225")][..], "window is 225"),
        (Method::Occlusion, &[("window", "8"), ("stride", "9")], "stride is 9"),
        (Method::GradCam, &[], "unknown layer"),
    ] {
        let error = sweetspot_testing::try_attribute(&model.dense, &input, 0, &method(one, settings), "nowhere", 1).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}
