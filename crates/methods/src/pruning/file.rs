//! Masks as files: a safetensors file with one bit a weight.
//!
//! Each prunable tensor NAME of shape S is a byte tensor NAME of `ceil(product(S) / 8)` bytes, the first weight in the lowest bit, 1 for kept; unused
//! bits are 0. The header's metadata holds `format` = `sweetspot-mask-1`, the `model` it was made for, each shape as `shape.NAME` = "64,3,3,3", and
//! the mask's `sha256`.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::mask::{LayerMask, Mask};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::layer::Layer;

/// The format's name and version.
const FORMAT: &str = "sweetspot-mask-1";

/// A mask as a file's bytes.
pub fn write(mask: &Mask, model: &str) -> Result<Vec<u8>> {
    let failed = |e: safetensors::SafeTensorError| Error::Unreadable { what: "mask".into(), reason: e.to_string() };
    let packed: Vec<(&str, Vec<u8>)> = mask.layers.iter().map(|layer| (layer.name.as_str(), pack(&layer.keep))).collect();
    let views = packed.iter().map(|(name, bytes)| Ok((*name, TensorView::new(Dtype::U8, vec![bytes.len()], bytes).map_err(failed)?)));
    let mut facts: HashMap<String, String> =
        mask.layers.iter().map(|layer| (format!("shape.{}", layer.name), sides(&layer.shape))).collect();
    facts.extend([("format", FORMAT.to_string()), ("model", model.into()), ("sha256", mask.sha256())].map(|(k, v)| (k.into(), v)));
    safetensors::serialize(views.collect::<Result<Vec<_>>>()?, Some(facts)).map_err(failed)
}

/// The mask of a file's bytes, checked: made for this model, with all its layers in their shapes and no others, and whole.
pub fn read(bytes: &[u8], model: &str, layers: &[Layer]) -> Result<Mask> {
    let broken = |reason: String| Error::Unreadable { what: "mask".into(), reason };
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| broken(format!("not a whole safetensors file ({e})")))?;
    let facts = header.metadata().clone().unwrap_or_default();
    let fact = |name: &str| facts.get(name).map_or("", String::as_str);
    if fact("format") != FORMAT {
        return Err(broken(format!("not a mask in the format {FORMAT}; `sweetspot prune --mask F` writes one")));
    }
    if fact("model") != model {
        return Err(Error::bad_value("the mask's model", format!("'{}'", fact("model")), &format!("'{model}', the network it is put on")));
    }
    let file = SafeTensors::deserialize(bytes).map_err(|e| broken(e.to_string()))?;
    if let Some(surplus) = file.names().into_iter().find(|name| !layers.iter().any(|layer| layer.weight_name() == **name)) {
        return Err(broken(format!("it masks '{surplus}', which is no prunable tensor of this network")));
    }
    let mut found = Vec::with_capacity(layers.len());
    for layer in layers {
        let name = layer.weight_name();
        let view = file.tensor(&name).map_err(|_| broken(format!("it says nothing of '{name}'")))?;
        let weights: usize = layer.shape.iter().product();
        let (shape, expected) = (fact(&format!("shape.{name}")), sides(&layer.shape));
        if shape != expected || view.dtype() != Dtype::U8 || view.data().len() != weights.div_ceil(8) {
            return Err(broken(format!("its '{name}' is made for the shape [{shape}], the network's has [{expected}]")));
        }
        found.push(LayerMask { name, keep: unpack(view.data(), weights), shape: layer.shape.clone() });
    }
    let mask = Mask { layers: found };
    match mask.sha256() == fact("sha256") {
        true => Ok(mask),
        false => Err(Error::Hash { model: "mask".into(), expected: fact("sha256").into(), got: mask.sha256() }),
    }
}

fn sides(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}

fn pack(keep: &[bool]) -> Vec<u8> {
    keep.chunks(8).map(|bits| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at)).collect()
}

fn unpack(bytes: &[u8], bits: usize) -> Vec<bool> {
    (0..bits).map(|at| bytes[at / 8] >> (at % 8) & 1 == 1).collect()
}
