//! First-order Taylor expansion (Molchanov et al., 2017, equation 8, for single weights): the mean over pictures of `|w * dL_n/dw|`, the change of
//! each picture's own cross-entropy to be expected when the weight goes. SNIP lets pictures cancel each other; this does not. Without labels, a
//! picture's class is the one the network itself gives it.

use burn::tensor::{Tensor, TensorData};

use super::calibration::Calibration;
use super::entry::{Compute, Entry};
use super::gradients::summed;
use super::mask::select;
use sweetspot_core::error::Result;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Taylor,
    compute: Compute::Scores {
        scores: |subject, job| {
            Box::pin(async move {
                let calibration = subject.calibrated(Criterion::Taylor.id())?;
                let layers = subject.architecture.layers_of(subject.weights);
                scores(subject.network, subject.weights, &layers, calibration, job).await
            })
        },
        keep: |_, scores, pruning| select(scores, pruning),
    },
};

/// Scores of each layer's weights.
pub async fn scores(network: &Network, weights: &Weights, layers: &[Layer], calibration: &Calibration, job: &Job) -> Result<Vec<Vec<f64>>> {
    let placed: Vec<Tensor<4>> = layers
        .iter()
        .map(|layer| {
            let mut shape = layer.shape.clone();
            shape.resize(4, 1);
            Tensor::from_data(TensorData::new(weights.folded(layer).0, shape), network.device())
        })
        .collect();
    let each = |at: usize, gradient: Tensor<4>| (placed[at].clone() * gradient).abs();
    let found = summed(network, layers, calibration, 1.0, each, job).await?;
    Ok(found.into_iter().map(|layer| layer.into_iter().map(f64::from).collect()).collect())
}
