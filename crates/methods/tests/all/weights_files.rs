//! Weights files as other programs write them (`tests/golden/weights_files.py`): read, matched, or refused with a reason.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use burn::tensor::Tensor;
use proptest::prelude::*;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::vit::{Sizes, Transformer, architecture};
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::files;
use sweetspot_nn::files::checkpoint::Format;
use sweetspot_nn::files::pickle::Pickle;
use sweetspot_nn::matching::{Matched, open};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::{Array, MAX_FILE, Weights};
use sweetspot_testing::seeded::{array, image};
use sweetspot_testing::{difference, floats, golden, load, root};

struct Tiny;

impl Transformer for Tiny {
    const SIZES: Sizes = Sizes { depth: 1, width: 4, heads: 2, patch: 4, stem: &[], side: 8, classes: 3, ratio: 2 };
}

static TINY: Architecture = architecture::<Tiny>("tiny");

fn path(name: &str) -> PathBuf {
    root().join("tests/files/weights").join(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn matched(name: &str) -> Matched {
    open(name, &file(name), Some(&TINY)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refusal(bytes: &[u8]) -> String {
    match open("own.pth", bytes, Some(&TINY)) {
        Ok(_) => panic!("it was read"),
        Err(error @ (Error::Weights { .. } | Error::Tensors { .. } | Error::NotFinite { .. })) => error.to_string(),
        Err(error) => panic!("{error:?}"),
    }
}

fn logits(weights: &Weights) -> Vec<f32> {
    let input: Tensor<4> = image(0, 8);
    pollster::block_on(values(Network::new(&TINY, weights, &cpu()).logits(input))).unwrap()
}

/// The seeded numbers of timm's tensors by the own names: what every file holds.
fn expected() -> BTreeMap<String, Array> {
    let third = |name: &str, part: &str, index: usize, shape: &[usize]| {
        let fused = array(&name.replace(&format!("attn.{part}."), "attn.qkv."), &[&[3 * shape[0]], &shape[1..]].concat());
        let length: usize = shape.iter().product();
        Array { shape: shape.to_vec(), values: fused.values[index * length..][..length].into() }
    };
    let tensor = |(name, shape): (String, Vec<usize>)| {
        let parts = ["q", "k", "v"].into_iter().enumerate();
        let part = parts.into_iter().find(|(_, part)| name.contains(&format!("attn.{part}.")));
        let made = match part {
            Some((index, part)) => third(&name, part, index, &shape),
            None => array(&name, &shape),
        };
        (name, made)
    };
    TINY.tensors().map(tensor).collect()
}

#[test]
fn every_way_of_saving_gives_the_same_weights() {
    let same = ["plain.pth", "legacy.pth", "parameters.pth", "views.pth", "plain.safetensors", "parallel.pth", "dino.pth"];
    for name in same {
        assert_eq!(*matched(name).weights.tensors(), expected(), "{name}");
    }
    for (name, step) in [("half.pth", 1.0 / 2048.0), ("brain.safetensors", 1.0 / 256.0)] {
        let weights = matched(name).weights;
        for (tensor, array) in expected() {
            let apart = difference(&weights.get(&tensor).values, &array.values);
            // Half a step of the coarser grid, at numbers below 2.
            assert!(apart > 0.0 && apart <= step, "{name}, {tensor}: {apart}");
        }
    }
}

#[test]
fn the_network_answers_as_timms_and_torchvisions_do() {
    let golden = golden("weights_files.json");
    for (name, key) in [("plain.pth", "timm"), ("torchvision.pth", "torchvision"), ("pruned.pth", "pruned")] {
        let apart = difference(&logits(&matched(name).weights), &floats(&golden[key]));
        // Single against double precision through one block with numbers around 1.
        assert!(apart < 1e-5, "{name}: {apart}");
    }
}

#[test]
fn what_was_done_to_find_the_tensors_is_said() {
    assert_eq!(matched("plain.pth").report.format, Format::Torch);
    assert_eq!(matched("legacy.pth").report.format, Format::LegacyTorch);
    assert_eq!(matched("plain.safetensors").report.format, Format::Safetensors);
    let parallel = matched("parallel.pth").report;
    assert_eq!((parallel.part.as_str(), parallel.prefix.as_str()), ("state_dict", "module."));
    let dino = matched("dino.pth").report;
    assert_eq!((dino.part.as_str(), dino.prefix.as_str()), ("teacher", "backbone."));
    assert_eq!(dino.other_parts, ["student"]);
    assert_eq!(dino.passed_over, ["head.last_layer.weight_g", "head.mlp.0.weight"]);
}

#[test]
fn masks_of_torch_are_merged_and_found_again_from_the_zeros() {
    let pruned = matched("pruned.pth");
    assert_eq!(pruned.report.masked, 4, "queries, keys and values have a third of one mask each");
    let report = Mask::of_zeros(&TINY, &pruned.weights).report();
    let zeros = |part: &str| report.layers.iter().filter(|layer| layer.name.contains(part)).map(|layer| layer.pruned).sum::<usize>();
    let golden = golden("weights_files.json");
    let qkv = zeros("attn.q") + zeros("attn.k") + zeros("attn.v");
    assert_eq!(golden["pruned_weights"]["blocks.0.attn.qkv.weight"], qkv);
    assert_eq!(golden["pruned_weights"]["blocks.0.mlp.fc1.weight"], zeros("mlp.fc1"));
    assert_eq!(report.pruned, qkv + zeros("mlp.fc1"));
}

#[test]
fn files_in_the_sparse_form_of_the_shipped_ones_are_read_too() {
    let model = load("squeezenet1_1");
    let mask = Mask::new(model.architecture, &model.weights, &Pruning { sparsity: Sparsity::new(0.8).unwrap(), ..Pruning::DENSE }).unwrap();
    let bytes = mask.apply(&model.weights).to_sparse(model.architecture).unwrap();
    let matched = open("mine.safetensors", &bytes, None).unwrap();
    assert_eq!(matched.architecture.id, "squeezenet1_1");
    assert_eq!(Mask::of_zeros(matched.architecture, &matched.weights).sha256(), mask.sha256());
}

#[test]
fn code_is_refused_and_never_run() {
    for (name, asked) in
        [("evil.pth", "posix.system"), ("evil_legacy.pth", "posix.system"), ("module.pth", "torch.nn.modules.container.Sequential")]
    {
        let said = refusal(&file(name));
        assert!(said.contains(asked) && said.contains("never run") && said.contains("state_dict"), "{name}: {said}");
    }
    let said = refusal(&file("script.pt"));
    assert!(said.contains("TorchScript"), "{said}");
    let said = refusal(&file("evil.pkl"));
    assert!(said.contains("posix.system"), "{said}");
    assert!(!root().join("sweetspot-was-here").exists() && !PathBuf::from("sweetspot-was-here").exists());
}

#[test]
fn a_file_without_tensors_or_of_another_kind_is_refused() {
    assert!(refusal(&file("no_tensors.pth")).contains("no tensors"));
    assert!(refusal(&std::fs::read(root().join("tests/golden/vit.npz")).unwrap()).contains("zip"));
    for bytes in [&b""[..], b"PK\x03\x04", b"\x80\x02", b"\x80\x02.", b"\x80\x02K\x01.", b"not weights"] {
        refusal(bytes);
    }
}

#[test]
fn every_wrong_tensor_is_named_in_one_sentence() {
    let mut tensors = expected();
    tensors.insert("neck.weight".into(), array("neck.weight", &[2]));
    tensors.remove("norm.bias");
    tensors.get_mut("pos_embed").unwrap().shape = vec![1, 4, 5];
    let stored: Vec<(String, Vec<usize>, Vec<u8>)> =
        tensors.into_iter().map(|(n, a)| (n, a.shape.clone(), a.values.iter().flat_map(|v| v.to_le_bytes()).collect())).collect();
    let view = |shape: &Vec<usize>, data| safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), data).unwrap();
    let bytes = safetensors::serialize(stored.iter().map(|(name, shape, data)| (name, view(shape, data))), None).unwrap();
    let said = refusal(&bytes);
    for part in ["'norm.bias'", "'neck.weight'", "'pos_embed [1, 4, 5] instead of [1, 5, 4]'"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn the_last_layer_may_have_any_number_of_classes() {
    let mut tensors = expected();
    tensors.insert("head.weight".into(), array("head.weight", &[7, 4]));
    tensors.insert("head.bias".into(), array("head.bias", &[7]));
    let weights = Weights::from_tensors(&TINY, "tiny", tensors.clone()).unwrap();
    assert_eq!(logits(&weights).len(), 7);
    assert_eq!(Mask::of_zeros(&TINY, &weights).report().prunable, weights_of(&TINY) + 4 * 4);
    let none = [("head.weight", vec![0, 4]), ("head.bias", vec![0])].map(|(name, shape)| (name.to_string(), array(name, &shape)));
    let none = tensors.clone().into_iter().chain(none).collect();
    assert!(matches!(Weights::from_tensors(&TINY, "tiny", none), Err(Error::Tensors { .. })), "at least one class");
    tensors.insert("head.bias".into(), array("head.bias", &[6]));
    assert!(matches!(Weights::from_tensors(&TINY, "tiny", tensors), Err(Error::Tensors { .. })));
}

fn weights_of(architecture: &Architecture) -> usize {
    (architecture.layers)().iter().map(|layer| layer.shape.iter().product::<usize>()).sum()
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_looked_at() {
    // Zeros are not there until they are touched.
    let said = refusal(&vec![0; MAX_FILE + 1]);
    assert!(said.contains("more than"), "{said}");
}

/// Instructions that a hostile pickle repeats: deep nesting, values of values, texts, copies of a growing list.
#[test]
fn pickles_that_grow_without_end_are_refused() {
    let start = [0x80, 2];
    let nested = [&start[..], b")", &vec![0x85; 3_000_000], b"."].concat();
    assert!(Pickle::read(&mut &nested[..]).is_ok(), "nesting costs nothing");
    for (begin, repeated) in [
        (&b""[..], &b"N"[..]),
        (b"N", b"2"),
        (b"(", b"("),
        (b"}", b"2"),
        // An ordered dictionary from a list of pairs, again and again.
        (b"ccollections\nOrderedDict\nq\x00](K\x01K\x02t(K\x01K\x02te\x85q\x01", b"0h\x00h\x01R"),
    ] {
        let bytes = [&start[..], begin, &repeated.repeat(20_000_000 / repeated.len())].concat();
        assert!(Pickle::read(&mut &bytes[..]).is_err(), "{repeated:?}");
    }
}

fn good() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec!["plain.pth", "legacy.pth", "pruned.pth", "dino.pth", "parallel.pth", "plain.safetensors", "evil.pth"])
        .prop_map(file)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A changed file is read or refused, whatever was changed.
    #[test]
    fn mutated_files_never_panic(
        mut bytes in good(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(matched) = open("own.pth", &bytes, Some(&TINY)) {
            prop_assert_eq!(matched.weights.tensors().len(), expected().len());
        }
        drop(files::read("own.pth", &bytes));
    }

    /// So is anything that begins like a pickle.
    #[test]
    fn random_pickles_never_panic(bytes in prop::collection::vec(prop::sample::select((0..=255).collect::<Vec<u8>>()), 0..400)) {
        drop(Pickle::read(&mut &[&[0x80, 2], &bytes[..]].concat()[..]));
        drop(files::read("own.pth", &[&[0x80, 2], &bytes[..]].concat()));
    }

    /// And random programs of the instructions that pickles are made of.
    #[test]
    fn random_programs_never_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            &b"("[..], b"N", b"K\x01", b"J\xff\xff\xff\xff", b"X\x01\x00\x00\x00a", b"]", b")", b"}", b"a", b"e", b"s", b"u", b"t", b"d", b"l",
            b"\x85", b"\x86", b"\x87", b"0", b"1", b"2", b"q\x00", b"q\x01", b"h\x00", b"h\x01", b"R", b"\x81", b"b", b"Q", b"\x94", b"\x90",
            b"ccollections\nOrderedDict\n", b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nSize\n", b"ctorch\nFloatStorage\n", b".",
        ]), 0..60),
    ) {
        drop(Pickle::read(&mut &[&[0x80, 2][..], &parts.concat()].concat()[..]));
    }
}
