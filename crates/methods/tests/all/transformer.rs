//! A vision transformer against timm, captum and pytorch-grad-cam (`tests/golden/vit.py`), and against what must hold of attention.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::method::{AttentionKind, Needs};
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Attribution, Pruning};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::attribution::attention::{relevance, rollout};
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::vit::{Sizes, Transformer, architecture};
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::audit::{self, Check, Subject};
use sweetspot_testing::{difference, floats, golden, golden_npy, golden_npz, likeness, load, method, try_attribute};

struct Test;

impl Transformer for Test {
    const SIZES: Sizes = Sizes { depth: 3, width: 24, heads: 3, patch: 8, stem: &[], side: 32, classes: 10, ratio: 4 };
}

static VIT_TEST: Architecture = architecture::<Test>("vit_test");

fn tensors() -> BTreeMap<String, Array> {
    let layers = (VIT_TEST.layers)();
    let names = layers.iter().flat_map(Layer::tensors).chain((VIT_TEST.extras)()).map(|(name, _)| name);
    let array = |name: &str| {
        let (shape, values) = golden_npz("vit.npz", name);
        Array { shape: shape.into_iter().map(|n| n as usize).collect(), values: values.into() }
    };
    names.map(|name| (name.clone(), array(&name))).collect()
}

fn weights() -> Weights {
    Weights::from_tensors(&VIT_TEST, "vit_test", tensors()).unwrap()
}

fn network() -> Network {
    Network::new(&VIT_TEST, &weights(), &cpu())
}

fn input() -> Tensor<4> {
    Tensor::from_data(TensorData::new(golden_npz("vit.npz", "input").1, [1, 3, 32, 32]), &cpu())
}

fn read(tensor: Tensor<4>) -> Vec<f32> {
    pollster::block_on(values(tensor)).unwrap()
}

fn attribute(parameters: &Attribution, target: usize, tap: &str) -> ChannelMap {
    sweetspot_testing::attribute(&network(), &input(), target, parameters, tap, 7)
}

fn targets() -> Vec<usize> {
    floats(&golden("vit.json")["targets"]).into_iter().map(|target| target as usize).collect()
}

#[test]
fn the_networks_parts_are_timms() {
    let golden = golden("vit.json");
    let names: Vec<String> = (VIT_TEST.layers)().into_iter().map(|layer| layer.name).collect();
    assert_eq!(golden["layers"], serde_json::json!(names), "what can be pruned, in the network's order");
    assert_eq!(VIT_TEST.default_tap, golden["layer"]);
    assert!((VIT_TEST.taps)().iter().any(|tap| tap == VIT_TEST.default_tap));
    let features: Vec<String> = network().features(input()).into_iter().map(|(tap, _)| tap).collect();
    assert_eq!(features, (VIT_TEST.taps)(), "every tap is passed, in order");
    // timm counts as many: 3 (4 (24^2 + 24) + 2 * 4 * 24^2 + 5 * 24 + 4 * 24) + 24 * (3 * 8^2 + 1) + (1 + 17) * 24 + 2 * 24 + 250.
    assert_eq!(weights().parameters(), 27_034);
}

#[test]
fn logits_are_timms() {
    let logits = pollster::block_on(values(network().logits(input()))).unwrap();
    let expected = floats(&golden("vit.json")["logits"]);
    let apart = difference(&logits, &expected);
    println!("logits differ by {apart:.1e}");
    // Ours are in single precision. Between input and logits lie 20 sums of at most 192 products of numbers around 1, whose roundings
    // (6e-8 each) add up like a random walk to some 1e-6; the bound leaves room for another order of summation.
    assert!(apart < 1e-5, "{logits:?}");
}

#[test]
fn maps_are_captums_and_grad_cams() {
    let golden = golden("vit.json");
    let (shape, maps) = golden_npy("vit_maps.npy");
    let ids: Vec<&str> = golden["maps"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(shape, [2, ids.len() as u64, 32, 32]);
    let expected = |case: usize, at: usize| &maps[(case * ids.len() + at) * 1024..][..1024];
    for (at, id) in ids.iter().enumerate() {
        for (case, target) in targets().into_iter().enumerate() {
            let one = Method::from_id(id).unwrap();
            let map = attribute(&Attribution::new(one), target, VIT_TEST.default_tap).reduced();
            let expected = expected(case, at);
            if expected.iter().all(|v| *v == 0.0) {
                assert!(map.iter().all(|v| *v == 0.0), "{id} of class {target}");
                continue;
            }
            let (correlation, distance) = likeness(&map, expected);
            println!("{id} of class {target}: correlation {correlation:.8}, relative L2 distance {distance:.1e}");
            // Single against double precision, and no kinks on the way that would enlarge a rounding error.
            assert!(correlation > 0.999_999, "{id} of class {target}: {correlation}");
            let against = match one.info().needs {
                Needs::Attention => "the formulas in PyTorch, on timm's attention",
                _ if one.info().layer => "pytorch-grad-cam on tokens as a grid",
                _ => "captum 0.9.0",
            };
            let on = format!("a small vision transformer with random weights, class {target}");
            let kind = "relative L2 distance";
            audit::check(Subject::Method(one), &Check { against, on: &on, kind, value: distance, bound: 1e-5, file: "vit.json" });
        }
    }
}

#[test]
fn every_token_shares_out_one_whole() {
    let (network, input) = (network(), input());
    let attentions = network.record(input).attentions();
    let expected = golden("vit.json")["class_token_rows"].clone();
    assert_eq!(attentions.len(), 3);
    for (block, attention) in attentions.iter().enumerate() {
        assert_eq!(attention.dims(), [1, 3, 17, 17]);
        let sums = read(attention.clone().sum_dim(3));
        assert!(difference(&sums, &vec![1.0; 51]) < 1e-6, "block {block}");
        let rows = read(attention.clone().narrow(2, 0, 1));
        assert!(difference(&rows, &floats(&expected[block])) < 1e-5, "block {block}");
    }
    let rolled = rollout(attentions).unwrap();
    assert!(difference(&read(rolled.sum_dim(3)), &[1.0; 17]) < 1e-6);
}

#[test]
fn attention_has_a_gradient_where_it_reaches_the_answer() {
    // What other tokens attend to in the last block reaches no answer; in the blocks before it does.
    let (network, input) = (network(), input());
    let recorded = network.record(input);
    let pairs = recorded.attentions_with_gradients(targets()[0]);
    let others = |gradient: &Tensor<4>| read(gradient.clone().narrow(2, 1, 16).abs().max_dim(3)).into_iter().fold(0.0, f32::max);
    assert_eq!(others(&pairs[2].1), 0.0);
    assert!(others(&pairs[0].1) > 0.0 && others(&pairs[1].1) > 0.0);
    for ((attention, gradient), plain) in pairs.iter().zip(recorded.attentions()) {
        assert_eq!(attention.dims(), gradient.dims());
        assert_eq!(read(attention.clone()), read(plain));
    }
    assert!(read(relevance(pairs).unwrap()).iter().all(|v| *v >= 0.0));
}

#[test]
fn only_maps_that_ask_for_the_class_differ_between_classes() {
    let targets = targets();
    for (method, differs) in [(Method::Attention, false), (Method::AttentionRollout, false), (Method::TransformerAttribution, true)] {
        let [first, second] = [0, 1].map(|case| attribute(&Attribution::new(method), targets[case], ""));
        assert_eq!(first.values != second.values, differs, "{}", method.id());
        assert_eq!((first.channels, first.height, first.width, first.signed), (1, 32, 32, false));
    }
}

#[test]
fn integrated_gradients_are_complete() {
    let map = attribute(&Attribution::new(Method::IntegratedGradients), targets()[0], "");
    let sum: f32 = map.values.iter().sum();
    let score = |x: Tensor<4>| pollster::block_on(values(network().logits(x))).unwrap()[targets()[0]];
    let change = score(input()) - score(input().zeros_like());
    println!("sum {sum}, change of the score {change}");
    assert!((sum - change).abs() < 1e-3 * change.abs(), "a smooth network leaves nothing over: {sum} of {change}");
}

#[test]
fn layers_are_seen_as_grids_without_the_class_token() {
    let network = network();
    for (tap, features) in network.features(input()) {
        let grid = network.grid(features.clone());
        assert_eq!(grid.dims(), [1, 24, 4, 4], "{tap}");
        if tap != "patch_embed" {
            assert_eq!(features.dims(), [1, 24, 17, 1], "{tap}");
            assert_eq!(read(grid.narrow(2, 1, 1).narrow(3, 2, 1)), read(features.narrow(2, 1 + 6, 1)), "{tap}: row 1, column 2");
        }
    }
}

#[test]
fn grad_cam_works_at_every_tap_and_is_empty_behind_the_last_attention() {
    for tap in (VIT_TEST.taps)() {
        for method in [Method::GradCam, Method::GradCamPlusPlus, Method::HiResCam, Method::LayerCam] {
            let map = attribute(&Attribution::new(method), targets()[0], &tap);
            assert!(map.values.iter().all(|v| *v >= 0.0 && v.is_finite()), "{tap}, {}", method.id());
            // Only the class token's output reaches the answer.
            assert!(tap != "blocks.2" || map.values.iter().all(|v| *v == 0.0), "{tap}, {}", method.id());
        }
    }
}

#[test]
fn methods_made_for_rectifiers_are_absent_and_all_others_work() {
    let absent: Vec<Method> = Method::all().filter(|m| m.absent(AttentionKind::Global).is_some()).collect();
    assert_eq!(absent, [Method::GuidedBackprop, Method::GuidedGradCam, Method::Deconvolution, Method::Lrp, Method::DeepLift]);
    for known in Method::all().filter(|m| !absent.contains(m)) {
        let few =
            [("samples", "2"), ("steps", "3"), ("masks", "8"), ("segments", "6"), ("coalitions", "16"), ("window", "8"), ("stride", "8")];
        let taken = known.info().settings;
        let settings: Vec<_> = few.into_iter().filter(|(id, _)| taken.iter().any(|setting| setting.id == *id)).collect();
        let map = attribute(&method(known, &settings), targets()[0], VIT_TEST.default_tap);
        assert_eq!(map.reduced().len(), 32 * 32, "{}", known.id());
        assert!(map.values.iter().all(|v| v.is_finite()), "{}", known.id());
        assert!(map.values.iter().any(|v| *v != 0.0), "{}", known.id());
    }
}

#[test]
fn a_network_without_attention_has_no_map_of_it() {
    let model = load("squeezenet1_1");
    let input = Tensor::<4>::zeros([1, 3, 64, 64], &cpu());
    for method in [Method::Attention, Method::AttentionRollout, Method::TransformerAttribution] {
        assert!(method.absent(AttentionKind::None).is_some());
        let map = try_attribute(&model.dense, &input, 0, &Attribution::new(method), "", 1);
        assert!(matches!(map, Err(Error::BadValue { .. })));
    }
}

#[test]
fn images_in_a_batch_do_not_meet() {
    let network = network();
    let other = input().flip([2]);
    let class = targets()[0];
    let both = network.record(Tensor::cat(vec![input(), other.clone()], 0));
    for (at, alone) in [input(), other].into_iter().map(|image| network.record(image)).enumerate() {
        let of = |x: Tensor<4>| read(x.narrow(0, at, 1));
        assert!(difference(&of(both.gradient(class)), &read(alone.gradient(class))) < 1e-6);
        for (many, one) in both.attentions_with_gradients(class).into_iter().zip(alone.attentions_with_gradients(class)) {
            assert!(difference(&of(many.0), &read(one.0)) < 1e-6 && difference(&of(many.1), &read(one.1)) < 1e-6);
        }
    }
}

#[test]
fn pruning_takes_from_queries_keys_and_values_and_leaves_norms_and_tokens() {
    let dense = weights();
    let pruned = Mask::new(&VIT_TEST, &dense, &Pruning { sparsity: Sparsity::new(0.5).unwrap(), ..Pruning::DENSE }).unwrap().apply(&dense);
    let zeros = |name: &str| pruned.get(name).values.iter().filter(|v| **v == 0.0).count();
    for part in ["q", "k", "v", "proj"] {
        assert!(zeros(&format!("blocks.1.attn.{part}.weight")) > 0, "{part}");
    }
    for (name, _) in (VIT_TEST.extras)() {
        assert_eq!(pruned.get(&name), dense.get(&name), "{name}");
    }
    let logits = |weights: &Weights| pollster::block_on(values(Network::new(&VIT_TEST, weights, &cpu()).logits(input()))).unwrap();
    assert!(difference(&logits(&dense), &logits(&pruned)) > 1e-2);
}

#[test]
fn parameters_that_are_no_layers_are_checked_too() {
    let mut missing = tensors();
    missing.remove("cls_token");
    let error = Weights::from_tensors(&VIT_TEST, "vit_test", missing).unwrap_err();
    assert!(matches!(&error, Error::Tensors { missing, .. } if missing == "'cls_token'"), "{error}");
    let mut wrong = tensors();
    wrong.get_mut("pos_embed").unwrap().shape = vec![17, 24];
    let error = Weights::from_tensors(&VIT_TEST, "vit_test", wrong).unwrap_err();
    assert!(matches!(&error, Error::Tensors { misshapen, .. } if misshapen.contains("pos_embed [17, 24]")), "{error}");
}
