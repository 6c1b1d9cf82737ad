//! Criteria against PyTorch (`tests/golden/criteria.py`), and what must hold of them.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};
use serde_json::Value as Json;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::compare::largest;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::pruning::allocation::count;
use sweetspot_methods::pruning::calibration::{Calibration, own_classes};
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_methods::pruning::prune::{Known, Outcome, Subject, prune};
use sweetspot_methods::pruning::second_order::{BLOCK, DAMPING, Hessian, Progress, hessians, prune_layer, relative_error};
use sweetspot_methods::pruning::{erk, file, grasp, lamp, snip, synflow, taylor, wanda};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::cpu;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::layer::{Layer, Norm, Padding};
use sweetspot_nn::network::Network;
use sweetspot_nn::pass::Pass;
use sweetspot_nn::tape::Value;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::at;
use sweetspot_testing::{NETWORKS, difference, floats, golden, golden_input, golden_npz_floats, load};

/// The small network of `criteria.py`: everything a criterion meets.
static MIXED: Architecture = Architecture {
    id: "mixed",
    layers: mixed_layers,
    extras: Vec::new,
    forward: mixed_forward,
    taps: || vec!["grouped".into()],
    attention: AttentionKind::None,
    head: None,
    default_tap: "grouped",
};

fn mixed_layers() -> Vec<Layer> {
    let normed = |layer: Layer, norm: &str| Layer { bias: false, norm: Some(Norm { name: norm.into(), epsilon: 1e-3 }), ..layer };
    let padded = |layer: Layer| Layer { padding: Padding::Each(1), ..layer };
    vec![
        normed(padded(Layer { stride: 2, ..Layer::conv("stem", 3, 8, 3) }), "bn1"),
        normed(padded(Layer { groups: 8, ..Layer::conv("depthwise", 1, 8, 3) }), "bn2"),
        normed(Layer::conv("pointwise", 8, 12, 1), "bn3"),
        padded(Layer { groups: 2, ..Layer::conv("grouped", 6, 8, 3) }),
        Layer::linear("fc", 8, 5),
    ]
}

fn mixed_forward(pass: &mut Pass<'_, '_>, x: Value) -> Value {
    let x = pass.conv("stem", &x);
    let x = pass.relu6(x);
    let x = pass.conv("depthwise", &x);
    let x = pass.relu6(x);
    let x = pass.conv("pointwise", &x);
    let x = pass.conv("grouped", &x);
    let x = pass.relu(x);
    let x = pass.tap("grouped", x);
    let x = pass.average(&x);
    pass.conv("fc", &x)
}

/// The small network with its pictures and golden numbers.
struct Small {
    golden: Json,
    weights: Weights,
    network: Network,
    calibration: Calibration,
    known: Known,
}

fn array(name: &str) -> Vec<f32> {
    golden_npz_floats("criteria.npz", name).1
}

fn small() -> Small {
    let tensor = |(name, shape): (String, Vec<usize>)| {
        let values = array(&format!("weights.{name}")).into();
        (name, Array { shape, values })
    };
    let tensors: BTreeMap<String, Array> = mixed_layers().iter().flat_map(Layer::tensors).map(tensor).collect();
    let weights = Weights::from_tensors(&MIXED, "mixed", tensors).unwrap();
    let network = Network::new(&MIXED, &weights, &cpu());
    let pictures = array("pictures");
    let images = pictures.chunks(3 * 144).map(|p| Tensor::from_data(TensorData::new(p.to_vec(), [1, 3, 12, 12]), &cpu())).collect();
    let golden = golden("criteria.json")["small"].clone();
    let targets = golden["targets"].as_array().unwrap().iter().map(|t| t.as_u64().unwrap() as usize).collect();
    Small { golden, weights, network, calibration: Calibration { images, targets }, known: Known::default() }
}

impl Small {
    fn subject(&self) -> Subject<'_> {
        let calibration = Some(&self.calibration);
        Subject { architecture: &MIXED, weights: &self.weights, network: &self.network, side: 12, calibration, known: &self.known }
    }

    fn prune(&self, pruning: Pruning) -> Outcome {
        pollster::block_on(prune(&self.subject(), &pruning, &Job::quiet())).unwrap()
    }

    fn layers_of(&self, values: &[f32]) -> Vec<Vec<f32>> {
        let mut rest = values;
        let mut take = |layer: &Layer| {
            let (own, others) = rest.split_at(layer.shape.iter().product());
            rest = others;
            own.to_vec()
        };
        mixed_layers().iter().map(&mut take).collect()
    }
}

/// A pruning by a criterion in its usual scope.
fn by(criterion: Criterion, sparsity: f64) -> Pruning {
    Pruning { criterion, scope: criterion.usual_scope(), sparsity: at(sparsity), ..Pruning::DENSE }
}

/// The largest difference of scores, as a share of the largest score.
fn apart(got: &[Vec<f64>], expected: &[f32]) -> f32 {
    let got: Vec<f32> = got.iter().flatten().map(|v| *v as f32).collect();
    difference(&got, expected) / expected.iter().fold(0.0_f32, |most, v| most.max(v.abs()))
}

#[test]
fn the_networks_own_classes_stand_for_labels() {
    let small = small();
    let classes = pollster::block_on(own_classes(&small.network, &small.calibration.images, &Job::quiet())).unwrap();
    assert_eq!(classes, small.calibration.targets);
}

#[test]
fn scores_by_gradients_equal_torch() {
    let Small { weights, network, calibration, .. } = small();
    let (layers, job) = (mixed_layers(), Job::quiet());
    let check = |what: &str, got: &[Vec<f64>], bound: f32| {
        let apart = apart(got, &array(&format!("scores.{what}")));
        println!("{what}: {apart:e}");
        assert!(apart < bound, "{what}: {apart}");
    };
    pollster::block_on(async {
        // Sums of some hundred products in single precision against double.
        check("snip", &snip::scores(&network, &weights, &layers, &calibration, &job).await.unwrap(), 1e-5);
        check("taylor", &taylor::scores(&network, &weights, &layers, &calibration, &job).await.unwrap(), 1e-5);
        // A difference of gradients over a short step: their rounding weighs a hundred thousand times as much.
        check("grasp", &grasp::scores(&MIXED, &network, &weights, &calibration, &job).await.unwrap(), 5e-3);
    });
}

#[test]
fn wanda_orders_each_output_as_torch() {
    let Small { weights, network, calibration, .. } = small();
    let layers = mixed_layers();
    let got = pollster::block_on(wanda::scores(&network, &weights, &layers, &calibration.images, &Job::quiet())).unwrap();
    let mut expected = &array("scores.wanda")[..];
    for (layer, got) in layers.iter().zip(&got) {
        let row = got.len() / layer.shape[0];
        for (output, got) in got.chunks(row).enumerate() {
            let (own, rest) = expected.split_at(row);
            expected = rest;
            // Folding scales a whole output, which leaves shares of its largest score; through a channel that is never on comes nothing to share.
            let share = |values: &[f64]| {
                let most = largest(values.iter().copied()).unwrap();
                values.iter().map(|v| if most > 0.0 { (v / most) as f32 } else { 0.0 }).collect::<Vec<f32>>()
            };
            let own: Vec<f64> = own.iter().map(|v| f64::from(*v)).collect();
            assert!(difference(&share(got), &share(&own)) < 1e-5, "{}, output {output}", layer.name);
        }
    }
    for layer in wanda::keep(&layers, &got, 0.5).iter().zip(&layers).flat_map(|(keep, layer)| keep.chunks(keep.len() / layer.shape[0])) {
        assert_eq!(layer.iter().filter(|keep| !**keep).count(), count(0.5, layer.len()));
    }
}

#[test]
fn lamp_equals_torch_and_magnitude_within_a_layer() {
    let small = small();
    let scores: Vec<Vec<f64>> = mixed_layers().iter().map(|layer| lamp::scores(&small.weights.get(&layer.weight_name()).values)).collect();
    assert!(apart(&scores, &array("scores.lamp")) < 1e-6);
    for (layer, scores) in mixed_layers().iter().zip(&scores) {
        let weights = &small.weights.get(&layer.weight_name()).values;
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()));
        assert!(order.windows(2).all(|pair| scores[pair[0]] <= scores[pair[1]]), "{}", layer.name);
    }
}

#[test]
fn allocations_equal_torch_and_spend_the_budget() {
    let small = small();
    let layers = mixed_layers();
    let shapes: Vec<&[usize]> = layers.iter().map(|layer| &*layer.shape).collect();
    for record in small.golden["erk"].as_array().unwrap() {
        let sparsity = record["sparsity"].as_f64().unwrap();
        let got: Vec<f32> = erk::densities(&shapes, sparsity).into_iter().map(|d| d as f32).collect();
        assert!(difference(&got, &floats(&record["densities"])) < 1e-6);
    }
    for criterion in [Criterion::Erk, Criterion::UniformPlus] {
        let mask = small.prune(by(criterion, 0.5)).mask.report();
        assert_eq!(mask.pruned, count(0.5, mask.prunable));
    }
    let spared = small.prune(by(Criterion::UniformPlus, 0.5)).mask.report();
    assert_eq!(spared.layers[0].pruned, 0);
    let refused = pollster::block_on(prune(&small.subject(), &by(Criterion::UniformPlus, 0.9), &Job::quiet()));
    assert!(matches!(refused, Err(Error::BadValue { .. })), "what has to stay is more than a tenth");
}

#[test]
fn patterns_equal_torch_and_hold_everywhere() {
    let small = small();
    for (criterion, n, m) in [(Criterion::TwoOfFour, 2, 4), (Criterion::FourOfEight, 4, 8), (Criterion::OneOfFour, 1, 4)] {
        let outcome = small.prune(by(criterion, 0.3));
        let known = &small.golden["patterns"][criterion.id()];
        assert_eq!(outcome.mask.sha256(), known["sha256"].as_str().unwrap());
        let whole: Vec<&str> = known["whole"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        for layer in &outcome.mask.layers {
            let name = layer.name.trim_end_matches(".weight");
            if whole.contains(&name) {
                assert!(layer.keep.iter().all(|keep| *keep), "{name} has no groups of {m}");
                continue;
            }
            let places: usize = layer.shape[2..].iter().product();
            for group in layer.keep.chunks(m * places) {
                for place in 0..places {
                    assert_eq!((0..m).filter(|i| group[i * places + place]).count(), n, "{name}");
                }
            }
        }
        assert!(outcome.note.contains("whole"), "{}", outcome.note);
    }
}

#[test]
fn synflow_equals_torch_needs_no_data_and_empties_no_layer() {
    let small = small();
    for record in small.golden["synflow"].as_array().unwrap() {
        let subject = Subject { calibration: None, ..small.subject() };
        let pruning = by(Criterion::SynFlow, record["sparsity"].as_f64().unwrap());
        let outcome = pollster::block_on(prune(&subject, &pruning, &Job::quiet())).unwrap();
        // Where a unit has one way in and one out, both have the same score, and rounding settles which goes: of few weights left, not all hashes
        // agree, but every layer's count does.
        let report = outcome.mask.report();
        let pruned: Vec<u64> = report.layers.iter().map(|layer| layer.pruned as u64).collect();
        let expected: Vec<u64> = record["pruned"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        assert_eq!(pruned, expected, "{}", pruning.sparsity);
        assert!(pruning.sparsity.get() > 0.5 || report.mask_sha256 == record["sha256"].as_str().unwrap(), "{}", pruning.sparsity);
    }
    for layer in small.prune(by(Criterion::SynFlow, 0.97)).mask.layers {
        assert!(layer.keep.contains(&true), "{}", layer.name);
    }
}

#[test]
fn second_order_equals_an_explicit_inverse() {
    let small = small();
    let pruning = Pruning { scope: Scope::Layer, ..by(Criterion::SecondOrder, 0.5) };
    let outcome = small.prune(pruning);
    let expected = small.layers_of(&array("second-order"));
    for (layer, expected) in mixed_layers().iter().zip(&expected) {
        let got = &outcome.weights.get(&layer.weight_name()).values;
        let size = expected.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let apart = difference(got, expected) / size;
        println!("{}: {apart:e}", layer.name);
        // Layer after layer, single precision against double; a wrong column or group would be of order 1.
        assert!(apart < 2e-4, "{}: {apart}", layer.name);
    }
    assert_eq!(outcome.mask, Mask::of_zeros(&MIXED, &outcome.weights), "the mask is the zeros");
}

#[test]
fn second_order_without_correlations_is_magnitude() {
    let weights: Vec<f32> = (0..24).map(|i| ((i * 7 + 3) as f32).sin()).collect();
    let unit = |side: usize| (0..side * side).map(|i| if i % (side + 1) == 0 { 1.0 } else { 0.0 }).collect();
    let hessian = Hessian { groups: 1, side: 6, places: 6, values: unit(6) };
    let (updated, keep) = prune_layer(&weights, &hessian.factors(DAMPING), &[1.0; 4], 12, BLOCK);
    let mut order: Vec<usize> = (0..24).collect();
    order.sort_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()));
    assert!(order[..12].iter().all(|&at| !keep[at]) && order[12..].iter().all(|&at| keep[at]));
    assert!(weights.iter().zip(&updated).zip(&keep).all(|((w, u), keep)| *u == if *keep { *w } else { 0.0 }));
}

#[test]
fn second_order_changes_a_layers_answer_less_than_magnitude() {
    let small = small();
    let layers = mixed_layers();
    let job = Job::quiet();
    let progress = Progress::new(&job, 0);
    let found = pollster::block_on(hessians(&small.network, &layers, &small.calibration.images, &progress)).unwrap();
    for (layer, hessian) in layers.iter().zip(&found) {
        let weights = &small.weights.get(&layer.weight_name()).values;
        let scales = vec![1.0; layer.shape[0]];
        let gone = weights.len() / 2;
        let (updated, _) = prune_layer(weights, &hessian.factors(DAMPING), &scales, gone, BLOCK);
        let scores = sweetspot_methods::pruning::magnitude::scores(weights);
        let keep = sweetspot_methods::pruning::mask::keep_all_but(&[scores], gone).concat();
        let magnitude: Vec<f32> = weights.iter().zip(&keep).map(|(w, keep)| if *keep { *w } else { 0.0 }).collect();
        let [ours, theirs] = [&updated, &magnitude].map(|pruned| relative_error(weights, pruned, hessian, &scales));
        assert!(ours <= theirs, "{}: {ours} against {theirs}", layer.name);
    }
}

#[test]
fn re_estimated_statistics_equal_torch() {
    let small = small();
    // Nothing pruned by much: the least sparsity that prunes a weight, so that statistics are those of nearly the dense network.
    let dense = pollster::block_on(sweetspot_methods::pruning::re_estimate::re_estimate(
        &MIXED,
        &small.weights,
        &small.calibration.images,
        &cpu(),
        &Job::quiet(),
    ))
    .unwrap();
    for layer in mixed_layers() {
        let Some(norm) = layer.norm else { continue };
        for part in ["running_mean", "running_var"] {
            let name = format!("{}.{part}", norm.name);
            let apart = difference(&dense.get(&name).values, &array(&format!("re-estimated.{name}")));
            assert!(apart < 1e-5, "{name}: {apart}");
        }
    }
    let outcome = small.prune(Pruning { re_estimate: true, ..by(Criterion::Magnitude, 0.5) });
    assert_ne!(outcome.weights.get("bn1.running_mean"), small.weights.get("bn1.running_mean"));
    assert_eq!(outcome.weights.get("bn1.weight"), small.weights.get("bn1.weight"), "no parameter changes");
}

#[test]
fn every_criterion_prunes_exactly_as_many() {
    let small = small();
    for criterion in Criterion::all().filter(|c| c.info().kind == Kind::Weights) {
        for &scope in criterion.info().scopes {
            for sparsity in [0.0, 0.25, 0.5] {
                let mask = small.prune(Pruning { scope, ..by(criterion, sparsity) }).mask.report();
                let shares = [Criterion::Erk, Criterion::UniformPlus].contains(&criterion);
                let expected: usize = match (scope, shares) {
                    _ if criterion == Criterion::Wanda => {
                        mixed_layers().iter().map(|l| l.shape[0] * count(sparsity, l.shape[1..].iter().product())).sum()
                    }
                    (Scope::Layer, true) | (Scope::Global, _) => count(sparsity, mask.prunable),
                    (Scope::Layer, false) => mask.layers.iter().map(|layer| count(sparsity, layer.total)).sum(),
                };
                assert_eq!(mask.pruned, expected, "{}, {}, {sparsity}", criterion.id(), scope.id());
            }
        }
    }
}

#[test]
fn chance_follows_the_seed() {
    let small = small();
    let mask = |seed| small.prune(Pruning { seed, ..by(Criterion::Random, 0.5) }).mask.sha256();
    assert_eq!(mask(1), mask(1));
    assert_ne!(mask(1), mask(2));
}

#[test]
fn bad_input_is_refused() {
    let small = small();
    let refused = |subject: &Subject<'_>, pruning: Pruning| pollster::block_on(prune(subject, &pruning, &Job::quiet())).err();
    // Numbers outside 0 to 1 are no sparsities; one that leaves no weight is a checkpoint's only.
    let whole = Pruning { sparsity: Sparsity::of_weights(7, 7), ..by(Criterion::Lamp, 0.5) };
    assert!(matches!(refused(&small.subject(), whole), Some(Error::BadValue { .. })));
    let blind = Subject { calibration: None, ..small.subject() };
    for criterion in Criterion::all().filter(|c| c.info().calibrated) {
        assert!(matches!(refused(&blind, by(criterion, 0.5)), Some(Error::Missing { .. })), "{}", criterion.id());
    }
    let again = Pruning { re_estimate: true, ..by(Criterion::Magnitude, 0.5) };
    assert!(matches!(refused(&blind, again), Some(Error::Missing { .. })));
    let scoped = Pruning { scope: Scope::Layer, ..by(Criterion::Lamp, 0.5) };
    assert!(matches!(refused(&small.subject(), scoped), Some(Error::BadValue { .. })));
    for criterion in Criterion::all().filter(|c| c.info().kind == Kind::Trained) {
        assert!(matches!(refused(&small.subject(), by(criterion, 0.5)), Some(Error::Absent { .. })), "{}", criterion.id());
    }
    let stop = Stop::default();
    stop.stop();
    for criterion in [Criterion::SynFlow, Criterion::SecondOrder, Criterion::Taylor] {
        let job = Job::new(stop.clone(), |_, _| {});
        let ended = pollster::block_on(prune(&small.subject(), &by(criterion, 0.5), &job)).err();
        assert_eq!(ended, Some(Error::Cancelled), "{}", criterion.id());
    }
}

#[test]
fn masks_survive_a_file() {
    let small = small();
    let mask = small.prune(by(Criterion::Lamp, 0.5)).mask;
    let bytes = file::write(&mask, "mixed").unwrap();
    assert_eq!(file::read(&bytes, "mixed", &mixed_layers()).unwrap(), mask);
    assert!(matches!(file::read(&bytes, "squeezenet1_1", &mixed_layers()), Err(Error::BadValue { .. })));
    assert!(matches!(file::read(&bytes[..100], "mixed", &mixed_layers()), Err(Error::Unreadable { .. })));
    let other = load("squeezenet1_1");
    assert!(matches!(
        file::read(&file::write(&mask, "squeezenet1_1").unwrap(), "squeezenet1_1", &(other.architecture.layers)()),
        Err(Error::Unreadable { .. })
    ));
    let mut broken = bytes.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert!(matches!(file::read(&broken, "mixed", &mixed_layers()), Err(Error::Hash { .. })), "a flipped bit is noticed");
}

/// Counts a layer that may differ: weights whose scores lie next to the threshold, in single precision and in double.
fn close(got: &[usize], expected: &Json, sizes: &[usize], what: &str) {
    let expected = expected.as_array().unwrap();
    assert_eq!(got.len(), expected.len());
    for ((got, expected), size) in got.iter().zip(expected).zip(sizes) {
        let apart = got.abs_diff(expected.as_u64().unwrap() as usize);
        assert!(apart <= 2 + size / 1000, "{what}: {got} and {expected} of {size}");
    }
}

#[test]
fn imagenet_networks_are_judged_as_by_torch() {
    let golden = golden("criteria.json");
    for id in NETWORKS {
        let model = load(id);
        let known = &golden["networks"][id];
        let layers = (model.architecture.layers)();
        let sizes: Vec<usize> = layers.iter().map(|layer| layer.shape.iter().product()).collect();
        let names = known["inputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        let images: Vec<Tensor<4>> = names.map(|name| golden_input(&model, name)).collect();
        let job = Job::quiet();
        let targets = pollster::block_on(own_classes(&model.dense, &images, &job)).unwrap();
        assert_eq!(targets, known["targets"].as_array().unwrap().iter().map(|t| t.as_u64().unwrap() as usize).collect::<Vec<_>>());
        let calibration = Calibration { images, targets };
        let pruned = |mask: Mask| mask.report().layers.iter().map(|layer| layer.pruned).collect::<Vec<usize>>();
        let found = pollster::block_on(async {
            [
                ("snip", snip::scores(&model.dense, &model.weights, &layers, &calibration, &job).await.unwrap()),
                ("taylor", taylor::scores(&model.dense, &model.weights, &layers, &calibration, &job).await.unwrap()),
            ]
        });
        for (what, scores) in &found {
            for ((scores, known), layer) in scores.iter().zip(known[*what]["scores"].as_array().unwrap()).zip(&layers) {
                let (sum, expected) = (scores.iter().sum::<f64>(), known["sum"].as_f64().unwrap());
                // Products of gradients through 50 layers in single precision.
                assert!((sum - expected).abs() < 2e-3 * expected, "{id}, {what}, {}: {sum} and {expected}", layer.name);
            }
            let mask = Mask::of_scores(&layers, scores, &by(Criterion::Snip, 0.5));
            close(&pruned(mask), &known[*what]["pruned"], &sizes, &format!("{id}, {what}"));
        }
        let lamp = Mask::new(model.architecture, &model.weights, &by(Criterion::Lamp, 0.5)).unwrap();
        assert_eq!(lamp.sha256(), known["lamp"]["sha256"].as_str().unwrap(), "{id}");
        let shapes: Vec<&[usize]> = layers.iter().map(|layer| &*layer.shape).collect();
        let densities: Vec<f32> = erk::densities(&shapes, 0.5).into_iter().map(|d| d as f32).collect();
        assert!(difference(&densities, &floats(&known["erk"]["densities"])) < 1e-6);
        let flow = &known["synflow"];
        let gone = (count(flow["sparsity"].as_f64().unwrap(), sizes.iter().sum()), flow["rounds"].as_u64().unwrap() as usize);
        let keep = pollster::block_on(synflow::keep(model.architecture, &model.weights, &cpu(), 224, gone, &job)).unwrap();
        close(&pruned(Mask::of(&layers, keep)), &flow["pruned"], &sizes, &format!("{id}, synflow"));
    }
}
