//! Wanda (Sun et al., 2023): `|w_ij| * ||x_j||`, with x_j what comes in through the weight on all calibration pictures; weights compete within their
//! output, so each output loses the same share. A convolution's inputs are what its kernel is laid on, place by place.

use burn::tensor::Tensor;

use super::entry::{Compute, Entry};
use super::gram::columns;
use super::mask::keep_all_but;
use crate::pruning::allocation::count;
use sweetspot_core::error::Result;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Wanda,
    compute: Compute::Scores {
        scores: |subject, job| {
            Box::pin(async move {
                let calibration = subject.calibrated(Criterion::Wanda.id())?;
                let layers = subject.architecture.layers_of(subject.weights);
                scores(subject.network, subject.weights, &layers, &calibration.images, job).await
            })
        },
        keep: |layers, scores, pruning| keep(layers, scores, pruning.sparsity.get()),
    },
};

/// Scores of each layer's weights.
pub async fn scores(network: &Network, weights: &Weights, layers: &[Layer], images: &[Tensor<4>], job: &Job) -> Result<Vec<Vec<f64>>> {
    let mut sums: Vec<Option<Tensor<3>>> = vec![None; layers.len()];
    for (done, image) in images.iter().enumerate() {
        job.step(done as u64, images.len() as u64).await?;
        let recorded = network.record_learning(image.clone());
        for (layer, input) in recorded.layer_inputs() {
            let Some(at) = layers.iter().position(|other| other.name == layer.name) else { continue };
            let columns = columns(layer, input);
            let part = (columns.clone() * columns).sum_dim(2);
            sums[at] = Some(match sums[at].take() {
                Some(sum) => sum + part,
                None => part,
            });
        }
    }
    let mut scores = Vec::with_capacity(layers.len());
    for (layer, sum) in layers.iter().zip(sums) {
        let folded = weights.folded(layer).0;
        let (row, rows) = (folded.len() / layer.shape[0], layer.shape[0] / layer.groups);
        let norms = match sum {
            Some(sum) => values(sum).await?,
            None => vec![0.0; row * layer.groups],
        };
        let score = |(at, w): (usize, &f32)| {
            let (output, input) = (at / row, at % row);
            f64::from(w.abs()) * f64::from(norms[output / rows * row + input]).sqrt()
        };
        scores.push(folded.iter().enumerate().map(score).collect());
    }
    Ok(scores)
}

/// What stays when each output of each layer loses the same share.
pub fn keep(layers: &[Layer], scores: &[Vec<f64>], sparsity: f64) -> Vec<Vec<bool>> {
    let rows = |(layer, scores): (&Layer, &Vec<f64>)| {
        let row = scores.len() / layer.shape[0];
        scores.chunks(row).flat_map(|row| keep_all_but(&[row.to_vec()], count(sparsity, row.len())).concat()).collect()
    };
    layers.iter().zip(scores).map(rows).collect()
}
