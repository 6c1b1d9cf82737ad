//! Pruning between stages of training. Exact counts; of equal scores the lower index goes first.

use burn::tensor::{Device, Tensor, TensorData};

use super::plan::ROUND;
use sweetspot_core::error::Result;
use sweetspot_methods::pruning::allocation::count as exact;
use sweetspot_methods::pruning::mask::keep_all_but;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::parameters::Parameters;
use sweetspot_nn::weights::Weights;

/// The mask, 1 kept and 0 pruned, after another fifth of the remaining weights went by global magnitude.
pub(crate) async fn by_magnitude(architecture: &Architecture, weights: &Weights, mask: &Parameters, device: &Device) -> Result<Parameters> {
    let mut scores = Vec::new();
    for layer in (architecture.layers)() {
        let name = layer.weight_name();
        let magnitudes = weights.get(&name).values.iter().map(|w| w.abs());
        scores.push(match mask.get(&name) {
            // What is pruned stays pruned: a weight that learnt to be zero does not take its place.
            Some(keep) => magnitudes
                .zip(values(keep.clone()).await?)
                .map(|(w, keep)| if keep > 0.0 { w.max(f32::MIN_POSITIVE) } else { 0.0 })
                .collect(),
            None => magnitudes.collect(),
        });
    }
    let (pruned, all) = count(mask, architecture);
    Ok(masks(architecture, &scores, pruned + exact(ROUND, all - pruned), device))
}

/// The mask after the weights with the smallest `|w g|` went, from the loss's gradients by the weights (SNIP).
pub(crate) async fn by_snip(
    architecture: &Architecture,
    parameters: &Parameters,
    gradients: Vec<(String, Tensor<4>)>,
    sparsity: f64,
    device: &Device,
) -> Result<Parameters> {
    let mut scores = Vec::new();
    for layer in (architecture.layers)() {
        let name = layer.weight_name();
        let weight = parameters[&name].clone();
        let gradient = gradients.iter().find(|(n, _)| *n == name).map_or_else(|| weight.zeros_like(), |(_, gradient)| gradient.clone());
        scores.push(values((weight * gradient).abs()).await?);
    }
    let all = scores.iter().map(Vec::len).sum();
    Ok(masks(architecture, &scores, exact(sparsity, all), device))
}

/// Weights pruned, of all that could be.
pub(crate) fn count(mask: &Parameters, architecture: &Architecture) -> (usize, usize) {
    let all = (architecture.layers)().iter().map(|layer| layer.shape.iter().product::<usize>()).sum();
    let kept = |keep: &Tensor<4>| keep.clone().sum().into_scalar::<f32>() as usize;
    let pruned = mask.values().map(|keep| keep.dims().iter().product::<usize>() - kept(keep)).sum();
    (pruned, all)
}

fn masks(architecture: &Architecture, scores: &[Vec<f32>], pruned: usize, device: &Device) -> Parameters {
    let place = |(layer, keep): (Layer, Vec<bool>)| {
        let mut shape = layer.shape.clone();
        shape.resize(4, 1);
        let keep: Vec<f32> = keep.into_iter().map(|keep| f32::from(u8::from(keep))).collect();
        (layer.weight_name(), Tensor::from_data(TensorData::new(keep, shape), device))
    };
    (architecture.layers)().into_iter().zip(keep_all_but(scores, pruned)).map(place).collect()
}
