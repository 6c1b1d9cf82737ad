//! Filter pruning: which channels go together and which go against Torch-Pruning and numpy (`tests/golden/filters.py`), and that taking them
//! out is the same as setting them to zero, only quicker.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sweetspot_methods::attribution::Attribute;

use burn::tensor::{Tensor, TensorData};
use serde_json::Value as Json;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::card::Recipe;
use sweetspot_core::draw::random;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::metrics::evaluate::evaluate;
use sweetspot_methods::metrics::redrawn::Redrawn;
use sweetspot_methods::metrics::trial::Trial;
use sweetspot_methods::pruning::filters::Importance;
use sweetspot_methods::pruning::groups::Groups;
use sweetspot_methods::pruning::structured::{FLOOR, Removed, remove};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::imagenet::RESNET50;
use sweetspot_nn::architectures::miniature::{RESNET_LARGE, RESNET_SMALL, VIT_LARGE};
use sweetspot_nn::architectures::swin::SWIN_V2_T;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::{Layer, Norm, Padding};
use sweetspot_nn::macs::Work;
use sweetspot_nn::network::Network;
use sweetspot_nn::pass::Pass;
use sweetspot_nn::tape::Value;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::{NETWORKS, difference, floats, golden, golden_input, golden_npy, load, method, try_attribute};

/// The small network of the golden script: sums, a shortcut with stride, a concatenation, a convolution that keeps channels apart.
static SMALL: Architecture = Architecture {
    id: "small",
    layers: small_layers,
    extras: Vec::new,
    forward: small_forward,
    taps: || ["stem", "two", "sum", "both"].map(String::from).into(),
    head: Some("fc"),
    attention: AttentionKind::None,
    default_tap: "both",
};

fn small_layers() -> Vec<Layer> {
    let normed = |name: &str, inputs, outputs, kernel: usize| Layer {
        bias: false,
        padding: Padding::Each(kernel / 2),
        norm: Some(Norm { name: if name == "stem" { "norm".into() } else { format!("{name}_norm") }, epsilon: 1e-5 }),
        ..Layer::conv(name, inputs, outputs, kernel)
    };
    vec![
        normed("stem", 3, 8, 3),
        normed("one", 8, 10, 3),
        normed("two", 10, 8, 3),
        Layer { stride: 2, ..normed("down", 8, 12, 3) },
        Layer { groups: 12, ..normed("apart", 1, 12, 3) },
        Layer { stride: 2, ..normed("shortcut", 8, 12, 1) },
        normed("left", 12, 6, 1),
        normed("right", 12, 7, 3),
        Layer::linear("fc", 13, 5),
    ]
}

fn small_forward(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let x = pass.conv("stem", &images);
    let x = pass.relu(x);
    let x = pass.tap("stem", x);
    let y = pass.conv("one", &x);
    let y = pass.relu(y);
    let y = pass.conv("two", &y);
    let x = pass.add(y, x);
    let x = pass.relu(x);
    let x = pass.tap("two", x);
    let y = pass.conv("down", &x);
    let y = pass.relu(y);
    let y = pass.conv("apart", &y);
    let x = pass.conv("shortcut", &x);
    let x = pass.add(y, x);
    let x = pass.relu(x);
    let x = pass.tap("sum", x);
    let (left, right) = (pass.conv("left", &x), pass.conv("right", &x));
    let (left, right) = (pass.relu(left), pass.relu(right));
    let x = pass.join(vec![left, right]);
    let x = pass.tap("both", x);
    let x = pass.average(&x);
    pass.conv("fc", &x)
}

/// Sixteenths and 512ths as the golden script has them, by the names' order.
fn made(architecture: &Architecture) -> Weights {
    let layers = (architecture.layers)();
    let mut shapes: BTreeMap<String, Vec<usize>> = layers.iter().flat_map(Layer::tensors).chain((architecture.extras)()).collect();
    // torch counts the batches that a normalisation has seen in one more tensor.
    shapes.extend(layers.iter().filter_map(|layer| Some((format!("{}.num_batches_tracked", layer.norm.as_ref()?.name), vec![]))));
    let norms: Vec<String> = layers.iter().filter_map(|layer| Some(format!("{}.", layer.norm.as_ref()?.name))).collect();
    let value = |name: &str, k: usize, i: usize| {
        let value = ((i * 389 + 97 * (k + 1)) % 1009) as f32;
        let normalises = norms.iter().any(|norm| name.starts_with(norm)) || name.contains("norm");
        if normalises { value / 1024.0 + 0.25 } else { (value - 504.0) / 512.0 }
    };
    let tensors = shapes.into_iter().enumerate().filter(|(_, (_, shape))| !shape.is_empty()).map(|(k, (name, shape))| {
        let values = (0..shape.iter().product()).map(|i| value(&name, k, i)).collect();
        (name, Array { shape, values })
    });
    Weights::from_tensors(architecture, architecture.id, tensors.collect()).unwrap()
}

/// The same for deeper networks, in which values would grow from layer to layer: each weight is divided by the root of its filter's length.
fn evened(architecture: &Architecture) -> Weights {
    let weights = made(architecture);
    let layers = (architecture.layers)();
    let scaled = layers.iter().map(|layer| {
        let length: usize = layer.shape[1..].iter().product();
        let values: Arc<[f32]> = weights.get(&layer.weight_name()).values.iter().map(|w| 2.0 * w / (length as f32).sqrt()).collect();
        (layer.weight_name(), values)
    });
    weights.with(scaled.collect::<Vec<_>>())
}

fn picture(side: usize) -> Tensor<4> {
    let values: Vec<f32> = (0..3 * side * side).map(|i| ((i * 389 % 1009) as f32 - 504.0) / 512.0).collect();
    Tensor::from_data(TensorData::new(values, [1, 3, side, side]), &cpu())
}

/// A dense network with everything a test asks of it.
struct Subject {
    architecture: &'static Architecture,
    weights: Weights,
    network: Network,
    input: Tensor<4>,
    groups: Groups,
}

impl Subject {
    fn new(architecture: &'static Architecture, weights: Weights, input: Tensor<4>) -> Self {
        let network = Network::new(architecture, &weights, &cpu());
        let groups = Groups::of(&network, &weights, input.clone());
        Self { architecture, weights, network, input, groups }
    }

    fn small() -> Self {
        Self::new(&SMALL, made(&SMALL), picture(16))
    }

    fn miniature(architecture: &'static Architecture) -> Self {
        Self::new(architecture, evened(architecture), picture(64))
    }

    fn vit() -> Self {
        Self::miniature(&VIT_LARGE)
    }

    fn shipped(id: &str) -> Self {
        let model = load(id);
        let input = golden_input(&model, golden("inputs.json")["inputs"][0]["name"].as_str().unwrap());
        Self::new(model.architecture, model.weights, input)
    }

    fn all() -> Vec<Self> {
        let small = [Self::small(), Self::miniature(&RESNET_SMALL), Self::miniature(&RESNET_LARGE), Self::vit()];
        NETWORKS.into_iter().map(Self::shipped).chain(small).collect()
    }

    fn remove(&self, importance: Importance, scope: Scope, sparsity: f64) -> Removed {
        remove(&self.groups, &self.weights, importance, scope, sparsity).unwrap()
    }

    fn with(&self, weights: &Weights) -> Network {
        Network::new(self.architecture, weights, &cpu())
    }

    /// The dense weights with everything that writes the channels that are gone set to zero: filters, biases, normalisations.
    fn silenced(&self, removed: &Removed) -> Weights {
        let mut changed: Vec<(String, Arc<[f32]>)> = Vec::new();
        for (layer, channels) in (self.architecture.layers)().iter().zip(&removed.channels) {
            assert_eq!(layer.name, channels.layer);
            for (name, shape) in layer.tensors() {
                let mut values = self.weights.get(&name).values.to_vec();
                let length = values.len() / shape[0];
                let running = name.contains(".running_");
                for (output, part) in values.chunks_exact_mut(length).enumerate() {
                    if !running && !channels.kept.contains(&output) {
                        part.fill(0.0);
                    }
                }
                changed.push((name, values.into()));
            }
        }
        self.weights.with(changed)
    }
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    pollster::block_on(values(tensor)).unwrap()
}

/// The largest difference as a share of the largest value.
fn apart(got: &[f32], expected: &[f32]) -> f32 {
    difference(got, expected) / expected.iter().fold(f32::MIN_POSITIVE, |most, v| most.max(v.abs()))
}

/// The same sums without terms that are zero, added up in another order: single precision's 6e-8 grows over the layers, like a random walk.
const SAME: f32 = 1e-5;

#[test]
fn a_network_without_channels_answers_as_one_whose_channels_are_silent() {
    for subject in Subject::all() {
        for (scope, sparsity) in [(Scope::Global, 0.3), (Scope::Layer, 0.3), (Scope::Global, 0.7)] {
            let removed = subject.remove(Importance::L1, scope, sparsity);
            assert!(removed.channels.iter().any(|channels| channels.kept.len() < channels.total));
            let smaller = subject.with(&removed.weights);
            let got = read(smaller.logits(subject.input.clone()));
            let silent = subject.with(&subject.silenced(&removed));
            let masked = subject.with(&removed.mask.apply(&subject.weights));
            for (name, other) in [("silent", &silent), ("masked", &masked)] {
                let distance = apart(&got, &read(other.logits(subject.input.clone())));
                println!("{}, {scope:?} {sparsity}, {name}: {distance:.1e}", subject.architecture.id);
                assert!(distance < SAME, "{}, {scope:?} {sparsity}, {name}: {distance}", subject.architecture.id);
            }
            let dense = read(subject.network.logits(subject.input.clone()));
            assert!(apart(&got, &dense) > 1e-2, "{}: something was taken out", subject.architecture.id);
        }
    }
}

#[test]
fn feature_maps_have_the_channels_that_are_left() {
    for subject in Subject::all() {
        let removed = subject.remove(Importance::L2, Scope::Layer, 0.4);
        let silent = subject.with(&subject.silenced(&removed)).features(subject.input.clone());
        let smaller = subject.with(&removed.weights).features(subject.input.clone());
        let mut fewer = 0;
        for ((tap, all), (name, left)) in silent.into_iter().zip(smaller) {
            assert_eq!(tap, name);
            let ([_, before, h, w], [_, after, ..]) = (all.dims(), left.dims());
            fewer += usize::from(after < before);
            // The channels that are left are as they were, in their order; the others are zero everywhere.
            let all = read(all);
            let mut loud: Vec<&[f32]> = all.chunks(h * w).collect();
            let left = read(left);
            if after < before {
                assert!(loud.iter().filter(|map| map.iter().any(|v| *v != 0.0)).count() <= after, "{tap}");
            }
            let mut kept: Vec<&[f32]> = left.chunks(h * w).collect();
            [&mut loud, &mut kept].into_iter().for_each(|maps| maps.retain(|map| map.iter().any(|v| *v != 0.0)));
            assert_eq!(loud.len(), kept.len(), "{tap}");
            assert!(apart(&kept.concat(), &loud.concat()) < SAME, "{tap}");
        }
        // Tokens keep their channels.
        assert_eq!(fewer > 0, subject.architecture.attention == AttentionKind::None, "{}", subject.architecture.id);
    }
}

#[test]
fn maps_of_a_network_without_channels_are_those_of_the_masked_one() {
    for subject in [Subject::small(), Subject::vit()] {
        let removed = subject.remove(Importance::L1, Scope::Layer, 0.4);
        let (smaller, masked) = (subject.with(&removed.weights), subject.with(&removed.mask.apply(&subject.weights)));
        let mut compared = 0;
        for one in Method::all().filter(|one| one.absent(subject.architecture.attention).is_none()) {
            // Occlusion's window is usually larger than these pictures.
            let parameters = method(one, if one == Method::Occlusion { &[("window", "4"), ("stride", "2")] } else { &[] });
            let map = |network: &Network| try_attribute(network, &subject.input, 1, &parameters, subject.architecture.default_tap, 8);
            let (got, expected) = (map(&smaller).unwrap().values, map(&masked).unwrap().values);
            assert!(got.iter().all(|v| v.is_finite()), "{}", one.id());
            // Score-CAM looks at every channel itself, and in the masked network the others have a bias left.
            if one != Method::ScoreCam {
                compared += 1;
                let distance = apart(&got, &expected);
                println!("{}, {}: {distance:.1e}", subject.architecture.id, one.id());
                // Several passes after another, and differences of them.
                assert!(distance < 1e-3, "{}, {}: {distance}", subject.architecture.id, one.id());
            }
        }
        assert!(compared > 5, "{compared}");
    }
}

/// Groups as the golden file writes them.
fn described(groups: &Groups) -> Json {
    let name = |layer: &usize| groups.layers[*layer].name.clone();
    let group = groups.groups.iter().map(|group| {
        let mut readers: Vec<(String, usize)> = group.channels[0].readers.iter().map(|(layer, input)| (name(layer), *input)).collect();
        readers.sort();
        let writers: Vec<String> = group.layers.iter().map(name).collect();
        serde_json::json!({ "writers": writers, "readers": readers, "size": group.channels.len() })
    });
    group.collect()
}

fn compare_with_golden(subject: &Subject, known: &Json) {
    let id = subject.architecture.id;
    assert_eq!(described(&subject.groups), known["groups"], "{id}: the groups of Torch-Pruning");
    for group in &subject.groups.groups {
        for (at, channel) in group.channels.iter().enumerate() {
            assert!(channel.filters.iter().all(|(_, output)| *output == at), "{id}");
            let first = &group.channels[0].readers;
            assert!(channel.readers.iter().zip(first).all(|(reader, first)| *reader == (first.0, first.1 + at)), "{id}");
        }
    }
    let work = Work::of(&subject.network, subject.input.clone());
    assert_eq!(work.done(&subject.weights), known["macs"].as_u64().unwrap(), "{id}");
    for (importance, name) in Importance::ALL.into_iter().zip(["l1", "l2", "fpgm", "scale"]) {
        let found = subject.groups.groups.iter().filter_map(|group| importance.of(group, &subject.groups, &subject.weights));
        let expected = known["first_importances"][name].as_array().unwrap();
        for (found, expected) in found.zip(expected) {
            for (found, expected) in found.iter().zip(expected.as_array().unwrap()) {
                let expected = expected.as_f64().unwrap();
                // Sums of up to 1280 numbers in double precision, in another order.
                assert!((found - expected).abs() < 1e-12 * expected, "{id}, {name}: {found}, {expected}");
            }
        }
        let cases: Vec<&Json> = known["cases"].as_array().unwrap().iter().filter(|case| case["criterion"] == name).collect();
        assert_eq!(cases.is_empty(), importance == Importance::Scale && id == "squeezenet1_1");
        for case in cases {
            let scope = Scope::from_id(case["scope"].as_str().unwrap()).unwrap();
            let removed = subject.remove(importance, scope, case["sparsity"].as_f64().unwrap());
            let what = format!("{id}, {name}, {scope:?}, {}", case["sparsity"]);
            let report = removed.mask.report();
            let kept: Vec<usize> = subject.groups.groups.iter().map(|group| removed.channels[group.layers[0]].kept.len()).collect();
            assert_eq!(serde_json::json!(kept), case["kept"], "{what}");
            assert_eq!(report.pruned as u64, case["pruned"].as_u64().unwrap(), "{what}");
            assert_eq!(report.mask_sha256, case["mask_sha256"].as_str().unwrap(), "{what}");
            assert_eq!(removed.weights.parameters() as u64, case["parameters"].as_u64().unwrap(), "{what}");
            assert_eq!(work.done(&removed.weights), case["macs"].as_u64().unwrap(), "{what}");
        }
    }
}

#[test]
fn the_small_networks_groups_and_choices_are_torch_prunings() {
    let subject = Subject::small();
    let golden = &golden("filters.json")["small"];
    compare_with_golden(&subject, golden);
    let logits = golden["logits"].as_object().unwrap();
    assert_eq!(logits.len(), 1 + golden["cases"].as_array().unwrap().len());
    let mut worst = apart(&read(subject.network.logits(subject.input.clone())), &floats(&logits["dense"]));
    for case in golden["cases"].as_array().unwrap() {
        let [criterion, scope] = ["criterion", "scope"].map(|key| case[key].as_str().unwrap());
        let sparsity = case["sparsity"].as_f64().unwrap();
        let at = ["l1", "l2", "fpgm", "scale"].iter().position(|name| *name == criterion).unwrap();
        let removed = subject.remove(Importance::ALL[at], Scope::from_id(scope).unwrap(), sparsity);
        let got = read(subject.with(&removed.weights).logits(subject.input.clone()));
        worst = worst.max(apart(&got, &floats(&logits[&format!("{criterion} {scope} {sparsity}")])));
    }
    println!("the small network's logits differ by {worst:.1e}");
    // Single against double precision.
    assert!(worst < SAME, "{worst}");
}

#[test]
fn the_shipped_networks_groups_and_choices_are_torch_prunings() {
    let golden = golden("filters.json");
    let facts = &golden["logits"];
    let (_, logits) = golden_npy("filters_logits.npy");
    for (id, expected) in facts["networks"].as_array().unwrap().iter().zip(logits.chunks(1000)) {
        let id = id.as_str().unwrap();
        let subject = Subject::shipped(id);
        assert_eq!(facts["input"], sweetspot_testing::golden("inputs.json")["inputs"][0]["name"]);
        compare_with_golden(&subject, &golden["networks"][id]);
        let removed = subject.remove(Importance::L1, Scope::Global, facts["sparsity"].as_f64().unwrap());
        let distance = apart(&read(subject.with(&removed.weights).logits(subject.input.clone())), expected);
        println!("{id}: logits of the network that Torch-Pruning cut differ by {distance:.1e}");
        // As for the dense networks (tests/logits.rs), where logits reach some 20.
        assert!(distance < 1e-5, "{id}: {distance}");
    }
}

#[test]
fn of_a_transformer_only_hidden_and_stem_channels_go() {
    let subject = Subject::vit();
    let hidden = (0..4).map(|block| {
        let layer = |name: &str| format!("blocks.{block}.mlp.{name}");
        serde_json::json!({ "writers": [layer("fc1")], "readers": [[layer("fc2"), 0]], "size": 128 })
    });
    let stem = [("patch_embed.conv0", "patch_embed.conv1", 32), ("patch_embed.conv1", "patch_embed.proj", 64)]
        .map(|(writer, reader, size)| serde_json::json!({ "writers": [writer], "readers": [[reader, 0]], "size": size }));
    let expected: Json = stem.into_iter().chain(hidden).collect();
    assert_eq!(described(&subject.groups), expected);
    // Of 64 patches and a class token: two products of 65 x 65 shares with 64 channels a block besides the weights. Those of a block are used
    // once a token, the answer's once, the stem's on 32 x 32 and 16 x 16 places, the patches' on 8 x 8.
    let times = |name: &str| match name {
        "patch_embed.conv0.weight" => 32 * 32,
        "patch_embed.conv1.weight" => 16 * 16,
        "patch_embed.proj.weight" => 64,
        "head.weight" => 1,
        _ => 65,
    };
    let layers = (subject.architecture.layers)();
    let weights: usize = layers.iter().map(|l| times(&l.weight_name()) * l.shape.iter().product::<usize>()).sum();
    let work = Work::of(&subject.network, subject.input.clone());
    assert_eq!(work.done(&subject.weights), (weights + 4 * 2 * 65 * 65 * 64) as u64);
}

/// A sum ties what it adds, through any number of blocks.
#[test]
fn of_a_residual_network_whole_stages_go_together() {
    let subject = Subject::miniature(&RESNET_LARGE);
    let described = described(&subject.groups);
    let tied = described.as_array().unwrap().iter().filter(|group| group["writers"].as_array().unwrap().len() > 1);
    let expected = [
        (vec!["layer1.0.conv2", "layer1.0.downsample.0"], vec!["layer2.0.conv1", "layer2.0.downsample.0"], 32),
        (vec!["layer2.0.conv2", "layer2.0.downsample.0"], vec!["layer3.0.conv1", "layer3.0.downsample.0"], 64),
        (vec!["layer3.0.conv2", "layer3.0.downsample.0", "layer3.1.conv2"], vec!["fc", "layer3.1.conv1"], 128),
    ];
    let expected = expected.map(|(writers, readers, size)| {
        let readers: Vec<(&str, usize)> = readers.into_iter().map(|reader| (reader, 0)).collect();
        serde_json::json!({ "writers": writers, "readers": readers, "size": size })
    });
    assert_eq!(tied.cloned().collect::<Vec<_>>(), expected);
    assert_eq!(described.as_array().unwrap().len(), 3 + 5, "besides, the stem's channels and each block's inner ones");
}

/// Weights of any architecture; only shapes matter where they are used.
fn zeros(architecture: &Architecture) -> Weights {
    let tensors = architecture.tensors().map(|(name, shape)| {
        let values = vec![0.0; shape.iter().product()].into();
        (name, Array { shape, values })
    });
    Weights::from_tensors(architecture, architecture.id, tensors.collect()).unwrap()
}

#[test]
fn the_larger_architectures_have_the_groups_their_sums_make() {
    // The stem's channels, two inner layers of each of 16 blocks, and those of four stages.
    let resnet = Subject::new(&RESNET50, zeros(&RESNET50), picture(64));
    assert_eq!(resnet.groups.groups.len(), 1 + 2 * 16 + 4);
    let most = resnet.groups.groups.iter().map(|group| group.layers.len()).max();
    assert_eq!(most, Some(1 + 6), "six blocks and a shortcut write the third stage");
    // In windows, too, only a block's hidden channels go.
    let swin = Subject::new(&SWIN_V2_T, zeros(&SWIN_V2_T), picture(256));
    let hidden = swin.groups.groups.iter().map(|group| {
        assert_eq!(group.layers.len(), 1);
        (swin.groups.layers[group.layers[0]].name.ends_with(".mlp.0"), group.channels.len())
    });
    let expected = [(2, 96), (2, 192), (6, 384), (2, 768)].into_iter().flat_map(|(blocks, width)| vec![(true, 4 * width); blocks]);
    assert_eq!(hidden.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn the_share_that_goes_is_as_near_as_channels_allow() {
    for subject in Subject::all() {
        for scope in Scope::ALL {
            let dense = subject.remove(Importance::L1, scope, 0.0);
            assert_eq!(dense.weights, subject.weights, "sparsity 0 changes nothing");
            let mut before = dense;
            for sparsity in [0.05, 0.2, 0.36, 0.6, 0.999] {
                let removed = subject.remove(Importance::L1, scope, sparsity);
                let what = format!("{}, {scope:?}, {sparsity}", subject.architecture.id);
                for (less, more) in before.channels.iter().zip(&removed.channels) {
                    assert!(more.kept.iter().all(|channel| less.kept.contains(channel)), "{what}: a channel of {} came back", less.layer);
                }
                let report = removed.mask.report();
                let left: usize = (subject.architecture.layers)().iter().map(|l| removed.weights.get(&l.weight_name()).values.len()).sum();
                assert_eq!(report.prunable - report.pruned, left, "{what}: mask and tensors agree");
                for group in &subject.groups.groups {
                    let (kept, all) = (removed.channels[group.layers[0]].kept.len(), group.channels.len() as f64);
                    assert!(kept >= 1 && kept as f64 >= FLOOR * all, "{what}");
                    assert!(group.layers.iter().all(|layer| removed.channels[*layer].kept == removed.channels[group.layers[0]].kept));
                }
                let reached = report.pruned as f64 / report.prunable as f64;
                println!("{what}: {reached:.4}");
                // A channel of the shipped networks has less than 1 % of the weights.
                if NETWORKS.contains(&subject.architecture.id) && sparsity < 0.9 {
                    assert!((reached - sparsity).abs() < 0.005, "{what}: {reached}");
                }
                before = removed;
            }
        }
    }
}

#[test]
fn what_cannot_be_had_is_said() {
    let squeezenet = Subject::shipped("squeezenet1_1");
    for subject in [&squeezenet, &Subject::vit()] {
        let refused = remove(&subject.groups, &subject.weights, Importance::Scale, Scope::Global, 0.2);
        assert!(matches!(&refused, Err(Error::Absent { reason, .. }) if reason.contains("normalisation")), "{}", subject.architecture.id);
    }
    let none = Groups { groups: Vec::new(), ..squeezenet.groups.clone() };
    assert!(matches!(remove(&none, &squeezenet.weights, Importance::L1, Scope::Global, 0.2), Err(Error::Absent { .. })));
    for sparsity in [-0.1, 1.0, f64::NAN, f64::INFINITY] {
        let refused = remove(&squeezenet.groups, &squeezenet.weights, Importance::L1, Scope::Global, sparsity);
        assert!(matches!(refused, Err(Error::BadValue { .. })), "{sparsity}");
    }
}

#[test]
fn smaller_networks_are_quicker() {
    for id in NETWORKS {
        let subject = Subject::shipped(id);
        let removed = subject.remove(Importance::L1, Scope::Layer, 0.5);
        let work = Work::of(&subject.network, subject.input.clone());
        let networks = [&subject.network, &subject.with(&removed.weights)];
        let mut best = [Duration::MAX; 2];
        // In turns, and the best of several, so that other programs on the machine disturb both alike and seldom.
        for _ in 0..12 {
            for (network, best) in networks.iter().zip(&mut best) {
                let start = Instant::now();
                read(network.logits(subject.input.clone()));
                *best = start.elapsed().min(*best);
            }
        }
        let factor = best[0].as_secs_f64() / best[1].as_secs_f64();
        let (dense, pruned) = (work.done(&subject.weights) as f64 / 1e6, work.done(&removed.weights) as f64 / 1e6);
        println!("{id}: {:?} and {:?}, {factor:.2} times as quick; {dense:.1} and {pruned:.1} million MACs", best[0], best[1]);
        // Half of the multiply-accumulates are gone.
        assert!(factor > 1.25, "{id}: {factor}");
        // A mask on the dense network leaves as many to do, and as few that are needed.
        let masked = removed.mask.apply(&subject.weights);
        assert_eq!(work.done(&masked), work.done(&subject.weights));
        assert_eq!(work.needed(&masked), work.needed(&removed.weights));
        assert!(work.needed(&removed.weights) <= work.done(&removed.weights));
    }
}

/// The criteria of the command line, the links and the page lead here.
#[test]
fn criteria_remove_filters_and_tell_what_is_left() {
    let model = load("efficientnet_lite0");
    let subject = Subject::shipped("efficientnet_lite0");
    for (id, importance) in [
        ("filter-l1", Importance::L1),
        ("filter-l2", Importance::L2),
        ("filter-fpgm", Importance::Median),
        ("filter-bn-scale", Importance::Scale),
    ] {
        let criterion = Criterion::from_id(id).unwrap();
        assert_eq!((criterion.info().kind, criterion.usual_scope()), (Kind::Filters, Scope::Layer));
        let pruning = Pruning { criterion, scope: Scope::Layer, sparsity: Sparsity::new(0.3).unwrap(), ..Pruning::DENSE };
        let pruned = sweetspot_testing::pruned(&model, &pruning);
        let removed = subject.remove(importance, Scope::Layer, 0.3);
        assert_eq!((&pruned.weights, &pruned.mask), (&removed.weights, &removed.mask), "{id}");
        assert!(pruned.report.note.contains("filters are left"), "{}", pruned.report.note);
        let work = Work::of(&subject.network, subject.input.clone());
        let counted = (work.done(&subject.weights), work.done(&removed.weights));
        assert_eq!(pruned.report.multiply_accumulates(), counted, "{id}: the report counts as the network does");
        let got = read(pruned.network.logits(subject.input.clone()));
        assert_eq!(got, read(subject.with(&removed.weights).logits(subject.input.clone())));

        let anew = sweetspot_testing::pruned(&model, &Pruning { re_estimate: true, ..pruning });
        assert_eq!(anew.mask, pruned.mask);
        assert!(read(anew.network.logits(subject.input.clone())).iter().all(|v| v.is_finite()));
        assert_ne!(anew.weights, pruned.weights, "{id}: statistics are those of the calibration pictures");
    }
    let squeezenet = load("squeezenet1_1");
    let pruning =
        Pruning { criterion: Criterion::FilterScale, scope: Scope::Layer, sparsity: Sparsity::new(0.3).unwrap(), ..Pruning::DENSE };
    let refused = pollster::block_on(squeezenet.pruned(&pruning, &Folder(sweetspot_testing::root().join("www")), &Job::quiet()));
    assert!(matches!(refused.map(|_| ()), Err(Error::Absent { .. })));
}

/// Sanity checks draw the layers of the network that is left, not those of the dense one.
#[test]
fn forgotten_networks_stay_small() {
    let subject = Subject::miniature(&RESNET_SMALL);
    let removed = subject.remove(Importance::L1, Scope::Layer, 0.4);
    let network = subject.with(&removed.weights);
    let parameters = method(Method::Saliency, &[]);
    let recipe = Recipe { side: 64, resize: 64, mean: [0.0; 3], deviation: [1.0; 3] };
    sweetspot_testing::with_context(&network, &subject.input, 1, &parameters, "layer3", 1, async |context| {
        let map = parameters.method.attribute(context).await?;
        let (architecture, weights, mask) = (subject.architecture, &removed.weights, Some(&removed.mask));
        let trial = Trial { context, map: &map, architecture, weights, mask, recipe: &recipe, view: None };
        let mut redrawn = Redrawn::new(&trial, random(1));
        redrawn.forget(&weights.layers(architecture));
        let shapes = |weights: &Weights| weights.tensors().values().map(|array| array.shape.clone()).collect::<Vec<_>>();
        assert_eq!(shapes(redrawn.weights()), shapes(&removed.weights));
        let drawn = &redrawn.weights().get("layer2.0.conv2.weight").values;
        assert!(drawn.iter().all(|w| *w != 0.0) && *drawn != removed.weights.get("layer2.0.conv2.weight").values);
        for measure in [Measure::ParameterRandomisation, Measure::Untrained] {
            assert!(evaluate(measure, &trial).await?.value.abs() <= 1.0);
        }
        Ok(())
    })
    .unwrap();
}
