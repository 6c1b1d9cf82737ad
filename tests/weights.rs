//! Weights files: what is wrong with one is said by name.
#![cfg(feature = "cli")]
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::collections::HashMap;

use common::{load, root};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sweetspot::error::Error;
use sweetspot::models::weights::{Weights, check_hash};
use sweetspot::models::{Architecture, architecture};

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
    assert!(matches!(&error, Error::Shape { tensor, .. } if tensor == "features.3.squeeze.weight"), "{error}");
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
