//! Sparse storage of pruned weights: a bit a weight says whether it is kept, and only kept ones are stored, in half precision.
//!
//! A safetensors file holds, instead of a weight `NAME`, `NAME.mask` (U8; bit i of byte k is weight 8k + i, row by row; bits past the last
//! weight are 0) and `NAME.values` (the kept weights in order, none of them 0). So the mask follows from the zeros of what is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::architecture::Architecture;
use crate::array::{Array, floats};
use sweetspot_core::error::{Error, Result};

/// What an entry more costs in a file's head, about, in bytes.
const ENTRY_HEAD: usize = 96;

/// How a tensor is stored: its name in the file, type, shape and bytes.
type Entry = (String, Dtype, Vec<usize>, Vec<u8>);

/// The names under which a weight is stored sparse: its mask and its values.
pub(crate) fn parts(name: &str) -> [String; 2] {
    ["mask", "values"].map(|part| format!("{name}.{part}"))
}

/// A network's tensors as a safetensors file: convolutions and linear layers in half precision, sparse where that is shorter; the rest in single
/// precision, because the rounding of biases and normalisation shifts whole channels.
///
/// Half precision rounds to the nearest number, but never to 0: what lies below its smallest number, 6e-8, becomes that number, so that no
/// kept weight is lost. A weight beyond its largest, 65504, is an error.
pub(crate) fn write(architecture: &Architecture, tensors: &BTreeMap<String, Array>) -> Result<Vec<u8>> {
    let prunable: BTreeMap<String, Vec<usize>> =
        (architecture.layers)().into_iter().map(|layer| (layer.weight_name(), layer.shape)).collect();
    let mut stored: Vec<Entry> = Vec::new();
    for (name, array) in tensors {
        match prunable.get(name) {
            Some(shape) => {
                let written = layer(name, array, array.shape == *shape);
                stored.extend(written.map_err(|reason| Error::Weights { model: architecture.id.into(), reason })?);
            }
            None => {
                stored.push((name.clone(), Dtype::F32, array.shape.clone(), array.values.iter().flat_map(|v| v.to_le_bytes()).collect()))
            }
        }
    }
    let failed = |e: safetensors::SafeTensorError| Error::Weights { model: architecture.id.into(), reason: e.to_string() };
    let view = |shape: &[usize], dtype, bytes| TensorView::new(dtype, shape.to_vec(), bytes).map_err(failed);
    let views = stored.iter().map(|(name, dtype, shape, bytes)| Ok((name.as_str(), view(shape, *dtype, bytes)?)));
    safetensors::serialize(views.collect::<Result<Vec<_>>>()?, None).map_err(failed)
}

/// A layer's weight in the shorter form. Sparse tensors have the architecture's shape, which the file does not tell; a last layer with another
/// number of classes stays dense.
fn layer(name: &str, array: &Array, usual: bool) -> std::result::Result<Vec<Entry>, String> {
    let halves = |values: &mut dyn Iterator<Item = f32>| -> std::result::Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        for value in values {
            let half = to_half(value).ok_or_else(|| format!("tensor '{name}' holds {value}, which half precision cannot"))?;
            bytes.extend(half.to_le_bytes());
        }
        Ok(bytes)
    };
    let kept = array.values.iter().filter(|v| **v != 0.0).count();
    let count = array.values.len();
    if !usual || count.div_ceil(8) + 2 * kept + ENTRY_HEAD >= 2 * count {
        return Ok(vec![(name.into(), Dtype::F16, array.shape.clone(), halves(&mut array.values.iter().copied())?)]);
    }
    let bits = |weights: &[f32]| weights.iter().enumerate().fold(0, |byte, (i, v)| byte | u8::from(*v != 0.0) << i);
    let mask: Vec<u8> = array.values.chunks(8).map(bits).collect();
    let values = halves(&mut array.values.iter().copied().filter(|v| *v != 0.0))?;
    let [mask_name, values_name] = parts(name);
    Ok(vec![(mask_name, Dtype::U8, vec![mask.len()], mask), (values_name, Dtype::F16, vec![kept], values)])
}

/// The nearest half that is not 0 unless the value is; none if it would be infinite.
fn to_half(value: f32) -> Option<f16> {
    let half = f16::from_f32(value);
    let half = if half == f16::ZERO && value != 0.0 { f16::MIN_POSITIVE_SUBNORMAL.copysign(half) } else { half };
    half.is_finite().then_some(half)
}

/// The tensors of a file that are stored sparse, by the names of the weights.
pub(crate) fn read(architecture: &Architecture, model: &str, file: &SafeTensors<'_>) -> Result<BTreeMap<String, Array>> {
    let mut tensors = BTreeMap::new();
    for layer in (architecture.layers)() {
        let name = layer.weight_name();
        let broken = |reason: String| Error::Weights { model: model.into(), reason: format!("tensor '{name}' {reason}") };
        let (mask, values) = match parts(&name).map(|part| file.tensor(&part).ok()) {
            [None, None] => continue,
            [Some(mask), Some(values)] => (mask, values),
            [Some(_), None] => return Err(broken("has a mask and no values".into())),
            [None, Some(_)] => return Err(broken("has values and no mask".into())),
        };
        if file.tensor(&name).is_ok() {
            return Err(broken("is stored twice, dense and sparse".into()));
        }
        if mask.dtype() != Dtype::U8 {
            return Err(broken(format!("has a mask of {:?}, not of U8", mask.dtype())));
        }
        let Some(kept) = floats(&values) else {
            return Err(broken(format!("has values of {:?}; F32, F16 and BF16 are read", values.dtype())));
        };
        let values = unpack(mask.data(), &kept, layer.shape.iter().product()).map_err(broken)?;
        tensors.insert(name, Array { shape: layer.shape, values });
    }
    Ok(tensors)
}

/// `count` weights of their mask and the kept ones.
fn unpack(mask: &[u8], kept: &[f32], count: usize) -> std::result::Result<Arc<[f32]>, String> {
    if mask.len() != count.div_ceil(8) {
        return Err(format!("has a mask of {} bytes; its {count} weights need {}", mask.len(), count.div_ceil(8)));
    }
    let padding = 8 * mask.len() - count;
    if mask.last().is_some_and(|last| last.leading_zeros() < padding as u32) {
        return Err("has a mask with bits past its last weight".into());
    }
    let ones: usize = mask.iter().map(|byte| byte.count_ones() as usize).sum();
    if ones != kept.len() {
        return Err(format!("keeps {ones} weights and has {} values", kept.len()));
    }
    if let Some(index) = kept.iter().position(|v| *v == 0.0) {
        return Err(format!("keeps a weight that is 0 (value {index})"));
    }
    let mut kept = kept.iter();
    let keeps = |i: usize| mask[i / 8] >> (i % 8) & 1 == 1;
    Ok((0..count).map(|i| if keeps(i) { kept.next().copied().unwrap_or_default() } else { 0.0 }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_from_the_lowest() {
        assert_eq!(*unpack(&[0b1000_0001, 0b10], &[1.0, 2.0, 3.0], 10).unwrap(), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 3.0]);
    }

    #[test]
    fn no_weight_is_rounded_away() {
        let smallest = f16::MIN_POSITIVE_SUBNORMAL;
        assert_eq!([1e-20, -1e-20, 0.0, 1.0].map(|v| to_half(v).unwrap()), [smallest, -smallest, f16::ZERO, f16::ONE]);
        // Halfway between the largest half and the next power of two, rounding goes up, to infinity.
        assert_eq!([65_519.0, 65_520.0, f32::MAX].map(|v| to_half(v).map(f16::to_f32)), [Some(65_504.0), None, None]);
    }
}
