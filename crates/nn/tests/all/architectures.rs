//! Architectures that weights are brought for, against torchvision and timm (`tests/golden/architectures.py`). The weights follow from their
//! names, so none are stored, and the names and shapes are those of the libraries' own state dictionaries.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::Value;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Attribution, Experiment, ImageRef};
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::job::Stop;
use sweetspot_nn::matching::{Matched, open};
use sweetspot_nn::network::Network;
use sweetspot_nn::own_architectures::{OWN_ARCHITECTURES, OwnArchitecture};
use sweetspot_protocol::{Explained, Finding, Picture, Predictions};
use sweetspot_testing::seeded::{array, image};
use sweetspot_testing::{explain, floats, golden, likeness};

/// A golden network's names and shapes.
fn shapes(network: &Value) -> Vec<(String, Vec<usize>)> {
    let tensor = |text: &Value| {
        let (name, shape) = text.as_str().unwrap().rsplit_once(' ').unwrap();
        (name.to_string(), shape.split(',').map(|n| n.parse().unwrap()).collect())
    };
    network["tensors"].as_array().unwrap().iter().map(tensor).collect()
}

/// A file of a library's network with seeded weights.
fn file(network: &Value) -> Vec<u8> {
    let stored: Vec<(String, Vec<usize>, Vec<u8>)> = shapes(network)
        .into_iter()
        .map(|(name, shape)| {
            let bytes = array(&name, &shape).values.iter().flat_map(|v| v.to_le_bytes()).collect();
            (format!("module.{name}"), shape, bytes)
        })
        .collect();
    let views = stored.iter().map(|(name, shape, bytes)| (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}

/// The same, read with nothing said of what it is.
fn matched(network: &Value) -> Matched {
    open("seeded.safetensors", &file(network), None).unwrap_or_else(|error| panic!("{}: {error}", network["library"]))
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    pollster::block_on(values(tensor)).unwrap()
}

/// Logits, and the gradient where there is a golden one, of the networks of these architectures.
fn check(ids: &[&str]) {
    let golden = golden("architectures.json");
    let every = golden["every"].as_u64().unwrap() as usize;
    let networks: Vec<&Value> =
        golden["networks"].as_array().unwrap().iter().filter(|network| ids.contains(&network["architecture"].as_str().unwrap())).collect();
    assert!(networks.len() >= ids.len());
    for network in networks {
        let library = network["library"].as_str().unwrap();
        let Matched { architecture, weights, report } = matched(network);
        assert_eq!(network["architecture"], architecture.id, "{library}");
        assert_eq!(report.prefix, "module.", "{library}");
        // torchvision's Swin has biases of keys that it sets to zero; here there are none.
        let unused: usize = match architecture.id {
            "swin_v2_t" => (architecture.layers)().iter().filter(|layer| layer.name.ends_with("attn.k")).map(|layer| layer.shape[0]).sum(),
            _ => 0,
        };
        assert_eq!(network["parameters"], weights.parameters() + unused, "{library}");
        let side = network["side"].as_u64().unwrap() as usize;
        assert_eq!(OwnArchitecture::of(architecture.id).unwrap().recipe().side, side);
        let placed = Network::new(architecture, &weights, &cpu());
        for (index, expected) in network["logits"].as_array().unwrap().iter().enumerate() {
            let logits = read(placed.logits(image(index, side)));
            assert_eq!(network["answers"], logits.len(), "{library}");
            let kept: Vec<f32> = logits.iter().step_by(every).copied().collect();
            let deviation = network["deviations"][index].as_f64().unwrap() as f32;
            let apart = sweetspot_testing::difference(&kept, &floats(expected)) / deviation;
            let norm = logits.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            println!("{library}, image {index}: logits differ by {apart:.1e} of their deviation");
            // The bound, in single against double precision; the norm is over all logits, those kept are given to six digits.
            assert!(apart < 1e-3, "{library}, image {index}: {apart}");
            assert!((norm / network["norms"][index].as_f64().unwrap() - 1.0).abs() < 1e-4, "{library}, image {index}");
        }
        if let Some(gradient) = network.get("gradient") {
            let target = gradient["target"].as_u64().unwrap() as usize;
            let found = read(placed.record(image(0, side)).gradient(target));
            let norm = found.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            let sums: Vec<f32> = (8..side)
                .step_by(16)
                .flat_map(|y| (8..side).step_by(16).map(move |x| (y, x)))
                .map(|(y, x)| (0..3).map(|c| found[(c * side + y) * side + x]).sum())
                .collect();
            let (correlation, distance) = likeness(&sums, &floats(&gradient["lattice"]));
            println!("{library}: gradient's relative distance {distance:.1e}");
            // Smooth networks: no kinks that would enlarge roundings.
            assert!(distance < 1e-3 && correlation > 0.999_99, "{library}: {distance}");
            assert!((norm / gradient["norm"].as_f64().unwrap() - 1.0).abs() < 1e-3, "{library}: {norm}");
        }
    }
}

#[test]
fn residual_networks_are_torchvisions() {
    check(&["resnet18", "resnet50"]);
}

#[test]
fn base_transformers_are_torchvisions_and_timms() {
    check(&["vit_b_32", "vit_b_16"]);
}

#[test]
fn small_transformers_are_timms_and_dinos() {
    check(&["deit_tiny_patch16_224", "deit_small_patch16_224", "dino_vits16", "dino_vits8"]);
}

#[test]
fn the_windowed_transformer_is_torchvisions() {
    check(&["swin_v2_t"]);
}

#[test]
fn every_offer_is_an_architecture_with_its_default_tap_among_the_taps() {
    for offer in &OWN_ARCHITECTURES {
        let found = architecture(offer.architecture.id).unwrap();
        let taps = (found.taps)();
        assert!(taps.iter().any(|tap| tap == found.default_tap), "{}", found.id);
        let names: BTreeMap<String, Vec<usize>> = found.tensors().collect();
        assert_eq!(names.len(), found.tensors().count(), "{}: no name twice", found.id);
    }
}

/// The first golden network of an architecture.
fn of(id: &str) -> Value {
    let golden = golden("architectures.json");
    golden["networks"].as_array().unwrap().iter().find(|network| network["architecture"] == id).unwrap().clone()
}

fn picture() -> Picture {
    let bytes = std::fs::read(sweetspot_testing::root().join("tests/golden/inputs/giant-panda.png")).unwrap();
    let image = ImageRef::Gallery("giant-panda".into());
    Picture { image, bytes, name: "giant-panda".into(), boxes: Vec::new(), mask: None, label: None }
}

#[test]
fn the_engine_runs_own_weights_and_predicts_nothing_where_there_are_no_classes() {
    let mut engine = sweetspot_testing::engine();
    engine.open(picture()).unwrap();
    let told = pollster::block_on(engine.open_weights("dino.safetensors", file(&of("dino_vits16")), None)).unwrap();
    assert_eq!((told.architecture.as_str(), told.classes, told.prefix.as_str()), ("dino_vits16", 0, "module."));
    assert!(told.id.starts_with("own-") && told.title.contains("dino.safetensors"));
    let (found, sink) = sweetspot_testing::gathered();
    let experiment = Experiment {
        model: told.id.clone(),
        image: ImageRef::Gallery("giant-panda".into()),
        attribution: Attribution::new(Method::AttentionRollout),
        ..Experiment::default()
    };
    pollster::block_on(engine.perform(&explain(&experiment), &Stop::default(), &sink)).unwrap();
    let said: Vec<Predictions> = found
        .borrow()
        .iter()
        .filter_map(|finding| if let Finding::Explain(Explained::Predictions(said)) = finding { Some(said.clone()) } else { None })
        .collect();
    assert_eq!(said.len(), 2);
    for one in &said {
        assert!(one.top.is_empty() && one.target.label == format!("feature {}", one.target.index) && one.target.index < 384);
    }
    assert!(
        found
            .borrow()
            .iter()
            .any(|finding| matches!(finding, Finding::Explain(Explained::Map(map)) if map.complete && map.side_length == 224))
    );
    // A file that cannot be read changes nothing, and the next one takes the place of the last.
    let error = pollster::block_on(engine.open_weights("broken.pth", vec![0; 100], None)).unwrap_err();
    assert!(error.to_string().contains("broken.pth"), "{error}");
    pollster::block_on(engine.perform(&explain(&experiment), &Stop::default(), &sink)).unwrap();
    let shipped = std::fs::read(sweetspot_testing::root().join("www/models/squeezenet1_1.safetensors")).unwrap();
    let other = pollster::block_on(engine.open_weights("mine.safetensors", shipped, None)).unwrap();
    assert_eq!((other.architecture.as_str(), other.classes), ("squeezenet1_1", 1000));
    let error = pollster::block_on(engine.perform(&explain(&experiment), &Stop::default(), &sink)).unwrap_err();
    assert!(matches!(&error, Error::Missing { reason, .. } if reason.contains("open the file again")), "{error}");
    let experiment = Experiment { model: other.id, ..Experiment::default() };
    let experiment = Experiment { image: ImageRef::Gallery("giant-panda".into()), ..experiment };
    pollster::block_on(engine.perform(&explain(&experiment), &Stop::default(), &sink)).unwrap();
}

#[test]
fn queries_keys_and_values_can_be_looked_at_and_windows_have_maps() {
    let tiny = matched(&of("deit_tiny_patch16_224"));
    let placed = Network::new(tiny.architecture, &tiny.weights, &cpu());
    let features: BTreeMap<String, Tensor<4>> = placed.features(image(0, 224)).into_iter().collect();
    assert_eq!(features.len(), (tiny.architecture.taps)().len());
    for block in 0..12 {
        for part in ["q", "k", "v"] {
            assert_eq!(features[&format!("blocks.{block}.attn.{part}")].dims(), [1, 192, 197, 1]);
        }
    }
    assert_eq!(placed.grid(features["blocks.11.attn.k"].clone()).dims(), [1, 192, 14, 14]);

    let swin = matched(&of("swin_v2_t"));
    let placed = Network::new(swin.architecture, &swin.weights, &cpu());
    let features = placed.features(image(0, 256));
    let names: Vec<&String> = features.iter().map(|(name, _)| name).collect();
    assert_eq!(names, (swin.architecture.taps)().iter().collect::<Vec<_>>());
    assert_eq!(features.last().unwrap().1.dims(), [1, 768, 8, 8]);
    for method in Method::all() {
        let absent = method.absent(swin.architecture.attention);
        let needs = method.info().needs;
        assert_eq!(absent.is_some(), needs != sweetspot_core::attribution::method::Needs::Any, "{}", method.id());
    }
    let map = sweetspot_testing::attribute(&placed, &image(0, 256), 3, &Attribution::new(Method::GradCam), "norm", 1);
    assert!(map.values.iter().any(|v| *v > 0.0) && map.values.iter().all(|v| v.is_finite()));
}
