//! Gradients of a loss by the weights that can be pruned.

use std::collections::BTreeMap;

use burn::tensor::{Tensor, activation};

use super::calibration::Calibration;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;

/// Values a layer's weight, in network order, each as long as the weight.
pub(crate) type PerLayer = Vec<Vec<f32>>;

/// The gradient of an image's cross-entropy by its logits [n, classes, 1, 1] at a temperature: `(softmax(z / T) - 1[target]) / T`.
fn seed(logits: Tensor<2>, target: usize, temperature: f32) -> Tensor<4> {
    let [images, classes] = logits.dims();
    let probabilities = activation::softmax(logits / temperature, 1);
    let wanted = probabilities.zeros_like().slice_fill([0..images, target..target + 1], 1.0);
    ((probabilities - wanted) / temperature).reshape([images, classes, 1, 1])
}

/// The gradient of one image's cross-entropy by each layer's folded weight, on the device.
fn by_weights(network: &Network, layers: &[Layer], image: &Tensor<4>, target: usize, temperature: f32) -> Vec<Option<Tensor<4>>> {
    let recorded = network.record_learning(image.clone());
    let seed = seed(recorded.logits(), target, temperature);
    ordered(recorded.parameter_gradients(seed), layers)
}

/// Gradients by name as gradients by layer. A layer that the answer does not depend on has none.
pub(crate) fn ordered(found: Vec<(String, Tensor<4>)>, layers: &[Layer]) -> Vec<Option<Tensor<4>>> {
    let mut found: BTreeMap<String, Tensor<4>> = found.into_iter().collect();
    layers.iter().map(|layer| found.remove(&layer.weight_name())).collect()
}

/// What is made of a sum over the pictures of each one's gradient.
pub(crate) async fn summed(
    network: &Network,
    layers: &[Layer],
    calibration: &Calibration,
    temperature: f32,
    each: impl Fn(usize, Tensor<4>) -> Tensor<4>,
    job: &Job,
) -> Result<PerLayer> {
    let mut sums: Vec<Option<Tensor<4>>> = vec![None; layers.len()];
    let pictures = calibration.images.len();
    for (done, (image, &target)) in calibration.images.iter().zip(&calibration.targets).enumerate() {
        job.step(done as u64, pictures as u64).await?;
        for (at, gradient) in by_weights(network, layers, image, target, temperature).into_iter().enumerate() {
            let Some(gradient) = gradient else { continue };
            let part = each(at, gradient) / pictures as f32;
            sums[at] = Some(match sums[at].take() {
                Some(sum) => sum + part,
                None => part,
            });
        }
    }
    let mut found = Vec::with_capacity(layers.len());
    for (sum, layer) in sums.into_iter().zip(layers) {
        found.push(match sum {
            Some(sum) => values(sum).await?,
            None => vec![0.0; layer.shape.iter().product()],
        });
    }
    Ok(found)
}

/// The gradient of the mean cross-entropy over the pictures by each layer's folded weight.
pub(crate) async fn mean(network: &Network, layers: &[Layer], calibration: &Calibration, temperature: f32, job: &Job) -> Result<PerLayer> {
    summed(network, layers, calibration, temperature, |_, gradient| gradient, job).await
}
