//! Weights files: what is wrong with one is said by name.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::HashMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::error::Error;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::weights::{Weights, check_hash};
use sweetspot_testing::{load, root};

fn squeezenet() -> &'static Architecture {
    architecture("squeezenet1_1").unwrap()
}

fn file() -> Vec<u8> {
    std::fs::read(root().join("www/models/squeezenet1_1.safetensors")).unwrap()
}

/// The shipped file with one tensor changed, renamed or taken out.
fn changed(change: impl Fn(&str, Vec<usize>, Vec<u8>) -> Option<(String, Vec<usize>, Vec<u8>)>) -> Vec<u8> {
    let bytes = file();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let kept: Vec<_> = tensors.iter().filter_map(|(n, v)| change(n, v.shape().to_vec(), v.data().to_vec())).collect();
    // Weights are stored in half precision, biases in single.
    let stored = |shape: &[usize]| if shape.len() > 1 { Dtype::F16 } else { Dtype::F32 };
    let views: HashMap<&str, TensorView<'_>> =
        kept.iter().map(|(name, shape, data)| (name.as_str(), TensorView::new(stored(shape), shape.clone(), data).unwrap())).collect();
    safetensors::serialize(views, None).unwrap()
}

fn read(bytes: &[u8]) -> Result<Weights, Error> {
    Weights::read(squeezenet(), "squeezenet1_1", bytes)
}

#[test]
fn the_shipped_file_is_read() {
    assert_eq!(read(&file()).unwrap(), load("squeezenet1_1").weights);
}

#[test]
fn a_cut_or_foreign_file_is_refused() {
    let whole = file();
    for bytes in [&whole[..whole.len() / 2], &whole[..7], b"", b"not weights at all"] {
        assert!(matches!(read(bytes), Err(Error::Weights { .. })));
    }
}

#[test]
fn a_missing_and_a_surplus_tensor_are_named() {
    let rename = |n: &str, s, d| Some((if n == "classifier.1.bias" { "head.bias".into() } else { n.to_string() }, s, d));
    let error = read(&changed(rename)).unwrap_err().to_string();
    assert!(error.contains("'classifier.1.bias'") && error.contains("'head.bias'"), "{error}");
}

#[test]
fn a_wrong_shape_is_named() {
    let turn = |n: &str, mut s: Vec<usize>, d| {
        if n == "features.3.squeeze.weight" {
            s.swap(0, 1);
        }
        Some((n.to_string(), s, d))
    };
    let error = read(&changed(turn)).unwrap_err();
    assert!(
        matches!(&error, Error::Tensors { misshapen, .. } if misshapen.contains("features.3.squeeze.weight [64, 16, 1, 1]")),
        "{error}"
    );
}

#[test]
fn a_value_that_is_no_number_is_found() {
    let poison = |n: &str, s, mut d: Vec<u8>| {
        if n == "features.0.weight" {
            d[20..22].copy_from_slice(&half::f16::NAN.to_le_bytes());
        }
        Some((n.to_string(), s, d))
    };
    let error = read(&changed(poison)).unwrap_err();
    assert!(matches!(&error, Error::NotFinite { tensor, index: 10, .. } if tensor == "features.0.weight"), "{error}");
}

#[test]
fn a_false_hash_is_an_error() {
    let model = load("squeezenet1_1");
    assert_eq!(check_hash("squeezenet1_1", &file(), &model.card.weights.sha256), Ok(()));
    assert!(matches!(check_hash("squeezenet1_1", &file()[1..], &model.card.weights.sha256), Err(Error::Hash { .. })));
}

#[test]
fn folding_keeps_zeros() {
    let model = load("efficientnet_lite0");
    let layer = (model.architecture.layers)().remove(0);
    let zeros: std::sync::Arc<[f32]> = vec![0.0; layer.shape.iter().product()].into();
    let (weight, _) = model.weights.with([(layer.weight_name(), zeros)]).folded(&layer);
    assert!(weight.iter().all(|w| *w == 0.0));
}

mod sparse_storage {
    use std::sync::Arc;

    use proptest::prelude::*;
    use sweetspot_core::experiment::Pruning;
    use sweetspot_methods::pruning::mask::Mask;
    use sweetspot_nn::architecture::Architecture;
    use sweetspot_nn::layer::Layer;
    use sweetspot_nn::pass::Pass;
    use sweetspot_nn::tape::Value;
    use sweetspot_nn::weights::Array;

    use super::*;

    /// One layer of 7 x 15 weights with a bias: the last byte of the mask is not full.
    fn layers() -> Vec<Layer> {
        vec![Layer::linear("fc", 15, 7)]
    }

    fn forward(_: &mut Pass<'_, '_>, images: Value) -> Value {
        images
    }

    const ONE: Architecture = Architecture {
        id: "one",
        layers,
        extras: Vec::new,
        forward,
        taps: Vec::new,
        attention: AttentionKind::None,
        head: Some("fc"),
        default_tap: "",
    };

    fn weights(weight: &[f32], bias: &[f32]) -> Weights {
        let array = |shape: &[usize], values: &[f32]| Array { shape: shape.to_vec(), values: values.into() };
        let tensors = [("fc.weight".to_string(), array(&[7, 15], weight)), ("fc.bias".to_string(), array(&[7], bias))];
        Weights::from_tensors(&ONE, "one", tensors.into()).unwrap()
    }

    fn names(file: &[u8]) -> Vec<String> {
        let mut names: Vec<_> = SafeTensors::deserialize(file).unwrap().names().into_iter().map(str::to_string).collect();
        names.sort();
        names
    }

    proptest! {
        #[test]
        fn weights_come_back_as_halves_and_zeros_exactly(
            weight in prop::collection::vec(prop_oneof![3 => Just(0.0f32), 2 => -100.0f32..100.0, 1 => -1e-7f32..1e-7], 105),
            bias in prop::collection::vec(-1e3f32..1e3, 7),
        ) {
            let file = weights(&weight, &bias).to_sparse(&ONE).unwrap();
            let read = Weights::read(&ONE, "one", &file).unwrap();
            prop_assert_eq!(&*read.get("fc.bias").values, &bias[..]);
            for (read, weight) in read.get("fc.weight").values.iter().zip(&weight) {
                prop_assert_eq!(*read == 0.0, *weight == 0.0);
                // Half precision has 11 binary digits, and steps of 2^-24 near 0.
                prop_assert!((read - weight).abs() <= (weight.abs() / 2048.0).max(2f32.powi(-24)), "{} became {}", weight, read);
            }
            // What was read is stored without any loss.
            prop_assert_eq!(&read.to_sparse(&ONE).unwrap(), &file);
        }
    }

    #[test]
    fn the_shorter_form_is_chosen() {
        let some = |kept: usize| (0..105).map(|i| if i < kept { 1.5 } else { 0.0 }).collect::<Vec<f32>>();
        let stored = |kept| names(&weights(&some(kept), &[0.0; 7]).to_sparse(&ONE).unwrap());
        for kept in [0, 1, 49] {
            assert_eq!(stored(kept), ["fc.bias", "fc.weight.mask", "fc.weight.values"], "{kept} kept");
        }
        for kept in [50, 105] {
            assert_eq!(stored(kept), ["fc.bias", "fc.weight"], "{kept} kept");
        }
    }

    #[test]
    fn a_last_layer_with_other_classes_stays_dense() {
        let array = |shape: &[usize], value: f32| Array { shape: shape.to_vec(), values: vec![value; shape.iter().product()].into() };
        let tensors = [("fc.weight".to_string(), array(&[9, 15], 0.0)), ("fc.bias".to_string(), array(&[9], 1.0))];
        let weights = Weights::from_tensors(&ONE, "one", tensors.into()).unwrap();
        let file = weights.to_sparse(&ONE).unwrap();
        assert_eq!(names(&file), ["fc.bias", "fc.weight"]);
        assert_eq!(Weights::read(&ONE, "one", &file).unwrap(), weights);
    }

    #[test]
    fn a_pruned_network_takes_the_bytes_of_what_is_kept() {
        let model = load("squeezenet1_1");
        let pruning = Pruning { sparsity: Sparsity::new(0.9).unwrap(), ..Pruning::DENSE };
        let mask = Mask::new(model.architecture, &model.weights, &pruning).unwrap();
        let pruned = mask.apply(&model.weights);
        let file = pruned.to_sparse(model.architecture).unwrap();
        // They were halves already.
        assert_eq!(Weights::read(model.architecture, "squeezenet1_1", &file).unwrap(), pruned);
        let prunable: usize = mask.layers.iter().map(|layer| layer.keep.len()).sum();
        let expected = prunable / 8 + 2 * prunable / 10 + 4 * (model.weights.parameters() - prunable);
        println!("{} bytes dense, {} sparse", super::file().len(), file.len());
        // The rest is the head.
        assert!(file.len() > expected && file.len() < expected + 8_000, "{} bytes, not about {expected}", file.len());
    }

    #[test]
    fn what_half_precision_cannot_hold_is_an_error() {
        let mut weight = [0.0; 105];
        weight[3] = 7e4;
        let error = weights(&weight, &[0.0; 7]).to_sparse(&ONE).unwrap_err().to_string();
        assert!(error.contains("'fc.weight' holds 70000"), "{error}");
        // A bias is stored in single precision.
        assert!(weights(&[0.0; 105], &[7e4; 7]).to_sparse(&ONE).is_ok());
    }

    type Part = (&'static str, Dtype, Vec<usize>, Vec<u8>);

    fn parts(mask: &[u8], values: &[f32]) -> [Part; 3] {
        let halves: Vec<u8> = values.iter().flat_map(|v| half::f16::from_f32(*v).to_le_bytes()).collect();
        [
            ("fc.bias", Dtype::F32, vec![7], vec![0; 28]),
            ("fc.weight.mask", Dtype::U8, vec![mask.len()], mask.to_vec()),
            ("fc.weight.values", Dtype::F16, vec![values.len()], halves),
        ]
    }

    fn refused(parts: &[Part], words: &str) {
        let views = parts.iter().map(|(name, dtype, shape, bytes)| (*name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
        let file = safetensors::serialize(views, None).unwrap();
        match Weights::read(&ONE, "one", &file) {
            Err(error) => assert!(error.to_string().contains(words), "{error}"),
            Ok(_) => panic!("{words}: was read"),
        }
    }

    #[test]
    fn hostile_files_are_refused() {
        let mut mask = [0; 14];
        mask[1] = 0b11;
        let whole = parts(&mask, &[1.0, 2.0]);
        refused(&parts(&mask[..13], &[1.0, 2.0]), "mask of 13 bytes; its 105 weights need 14");
        refused(&parts(&[&mask[..], &[0]].concat(), &[1.0, 2.0]), "mask of 15 bytes");
        refused(&parts(&[], &[]), "mask of 0 bytes");
        refused(&parts(&mask, &[1.0]), "keeps 2 weights and has 1 values");
        refused(&parts(&mask, &[1.0, 2.0, 3.0]), "keeps 2 weights and has 3 values");
        refused(&parts(&mask, &[1.0, 0.0]), "keeps a weight that is 0 (value 1)");
        refused(&parts(&mask, &[1.0, f32::NAN]), "not a finite number at index 9");
        let mut past = mask;
        past[13] = 0b10;
        refused(&parts(&past, &[1.0, 2.0, 3.0]), "bits past its last weight");
        refused(&whole[..2], "has a mask and no values");
        refused(&[whole[0].clone(), whole[2].clone()], "has values and no mask");
        let dense = || ("fc.weight", Dtype::F16, vec![7, 15], vec![0; 210]);
        refused(&[&whole[..], &[dense()]].concat(), "is stored twice");
        refused(&[whole[0].clone(), ("fc.weight.mask", Dtype::F32, vec![2], vec![0; 8]), whole[2].clone()], "has a mask of F32");
        refused(&[whole[0].clone(), whole[1].clone(), ("fc.weight.values", Dtype::U8, vec![2], vec![1; 2])], "has values of U8");
        // Only weights that are pruned are stored so.
        refused(&[whole[1].clone(), whole[2].clone(), ("fc.bias.mask", Dtype::U8, vec![1], vec![0])], "'fc.bias.mask'");
        refused(&[&whole[..], &[("other.mask", Dtype::U8, vec![1], vec![0])]].concat(), "'other.mask'");
    }

    #[test]
    fn the_last_bit_that_counts_is_read() {
        let mut mask = [0; 14];
        mask[13] = 1;
        let views = parts(&mask, &[2.5]);
        let views = views.iter().map(|(name, dtype, shape, bytes)| (*name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
        let read = Weights::read(&ONE, "one", &safetensors::serialize(views, None).unwrap()).unwrap();
        let expected: Arc<[f32]> = (0..105).map(|i| if i == 104 { 2.5 } else { 0.0 }).collect();
        assert_eq!(read.get("fc.weight").values, expected);
    }
}
