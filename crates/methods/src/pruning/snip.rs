//! SNIP (Lee et al., 2019): `|w * dL/dw|`, L the mean cross-entropy over all pictures. Without labels, a picture's class is the one the network
//! itself gives it; the training protocol passes true labels. The product is the same whether batch normalisation is folded into the weight or not.

use super::calibration::Calibration;
use super::entry::{Compute, Entry};
use super::gradients::mean;
use super::mask::select;
use sweetspot_core::error::Result;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Snip,
    compute: Compute::Scores {
        scores: |subject, job| {
            Box::pin(async move {
                let calibration = subject.calibrated(Criterion::Snip.id())?;
                let layers = subject.architecture.layers_of(subject.weights);
                scores(subject.network, subject.weights, &layers, calibration, job).await
            })
        },
        keep: |_, scores, pruning| select(scores, pruning),
    },
};

/// Scores of each layer's weights.
pub async fn scores(network: &Network, weights: &Weights, layers: &[Layer], calibration: &Calibration, job: &Job) -> Result<Vec<Vec<f64>>> {
    let gradients = mean(network, layers, calibration, 1.0, job).await?;
    Ok(products(weights, layers, &gradients).into_iter().map(|layer| layer.into_iter().map(f64::abs).collect()).collect())
}

/// Each folded weight times what belongs to it.
pub fn products(weights: &Weights, layers: &[Layer], others: &[Vec<f32>]) -> Vec<Vec<f64>> {
    let product = |(w, g): (&f32, &f32)| f64::from(*w) * f64::from(*g);
    layers.iter().zip(others).map(|(layer, others)| weights.folded(layer).0.iter().zip(others).map(product).collect()).collect()
}
