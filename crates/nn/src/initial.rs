//! Parameters before training: as torch draws them.

use rand::RngExt;

use crate::architecture::Architecture;
use crate::layer::{Layer, Norm};
use crate::weights::{Array, Weights};
use sweetspot_core::draw::{Random, normal, random};
use sweetspot_core::error::Result;

/// Deviation of tokens and positions (Dosovitskiy et al., 2021; timm and torchvision).
const TOKENS: f64 = 0.02;

/// A layer's tensors: weights and biases uniform within `1 / sqrt(inputs of an output)`, a normalisation the identity.
pub fn layer(layer: &Layer, random: &mut Random) -> Vec<(String, Vec<f32>)> {
    let fan_in: usize = layer.shape[1..].iter().product();
    let bound = 1.0 / (fan_in as f64).sqrt();
    let mut draw = |count: usize| -> Vec<f32> { (0..count).map(|_| (random.random_range(-1.0..=1.0) * bound) as f32).collect() };
    let mut tensors = vec![(layer.weight_name(), draw(layer.shape.iter().product()))];
    if layer.bias {
        tensors.push((format!("{}.bias", layer.name), draw(layer.shape[0])));
    }
    if let Some(norm) = &layer.norm {
        let identity = Norm::TENSORS.into_iter().zip([1.0, 0.0, 0.0, 1.0]);
        tensors.extend(identity.map(|(part, value)| (format!("{}.{part}", norm.name), vec![value; layer.shape[0]])));
    }
    tensors
}

/// A parameter that belongs to no layer: a vector is a normalisation's, anything else holds tokens, normal with a deviation of 0.02.
pub fn extra(name: &str, shape: &[usize], random: &mut Random) -> Vec<f32> {
    let size = shape.iter().product();
    match shape.len() {
        // Swin V2's factor of cosines (Liu et al., 2022; torchvision).
        _ if name.ends_with(".logit_scale") => vec![10.0_f32.ln(); size],
        1 => vec![if name.ends_with(".weight") { 1.0 } else { 0.0 }; size],
        _ => normal(random, TOKENS, size),
    }
}

/// An untrained network's weights, from a seed.
pub fn weights(architecture: &Architecture, seed: u64) -> Result<Weights> {
    let mut random = random(seed);
    let mut values = Vec::new();
    for part in (architecture.layers)() {
        values.extend(layer(&part, &mut random));
    }
    let shapes = (architecture.layers)().iter().flat_map(Layer::tensors).collect::<Vec<_>>();
    let mut tensors: Vec<_> =
        shapes.into_iter().zip(values).map(|((name, shape), (_, values))| (name, Array { shape, values: values.into() })).collect();
    for (name, shape) in (architecture.extras)() {
        let values = extra(&name, &shape, &mut random).into();
        tensors.push((name, Array { shape, values }));
    }
    Weights::from_tensors(architecture, architecture.id, tensors.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_no_layer_starts_anew() {
        let mut random = random(1);
        assert_eq!(extra("norm.weight", &[3], &mut random), [1.0; 3]);
        assert_eq!(extra("norm.bias", &[3], &mut random), [0.0; 3]);
        let positions = extra("pos_embed", &[1, 50, 200], &mut random);
        let deviation = (positions.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / 10_000.0).sqrt();
        assert!((deviation - 0.02).abs() < 1e-3, "{deviation}");
    }
}
