//! Batch-norm re-estimation: after pruning, means and variances of the normalised layers are no longer those that were stored. They are taken anew
//! from the calibration pictures, with the pruned weights, in one pass in which each batch is normalised by its own statistics (as training does);
//! the batches' means and unbiased variances are averaged, as a cumulative average in torch's `BatchNorm2d` does,
//! here by their pictures. No weight changes.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};

use sweetspot_core::error::{Error, Result};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::network::Network;
use sweetspot_nn::parameters::place;
use sweetspot_nn::weights::Weights;

/// Pictures in a batch.
const BATCH: usize = 8;

/// Whether an architecture has normalisations that can be estimated anew.
pub fn possible(architecture: &Architecture) -> bool {
    (architecture.layers)().iter().any(|layer| layer.norm.is_some())
}

/// The weights with statistics of the pictures in the normalisations.
pub async fn re_estimate(
    architecture: &'static Architecture,
    weights: &Weights,
    images: &[Tensor<4>],
    device: &Device,
    job: &Job,
) -> Result<Weights> {
    if !possible(architecture) {
        let reason = "this network has no batch normalisation".into();
        return Err(Error::Absent { id: String::new(), method: "Re-estimation".into(), reason });
    }
    let network = Network::learning(architecture, &place(architecture, weights, device), device);
    let mut sums: BTreeMap<String, [Vec<f32>; 2]> = BTreeMap::new();
    let batches = images.len().div_ceil(BATCH);
    for (done, batch) in images.chunks(BATCH).enumerate() {
        job.step(done as u64, batches as u64).await?;
        let recorded = network.record_learning(Tensor::cat(batch.to_vec(), 0));
        let share = batch.len() as f32 / images.len() as f32;
        for (name, [mean, variance], count) in recorded.statistics() {
            let unbiased = count as f32 / (count.max(2) - 1) as f32;
            let found = [values(mean * share).await?, values(variance * (share * unbiased)).await?];
            match sums.get_mut(name) {
                Some(sums) => sums.iter_mut().zip(found).for_each(|(sum, found)| sum.iter_mut().zip(found).for_each(|(a, b)| *a += b)),
                None => drop(sums.insert(name.into(), found)),
            }
        }
    }
    Ok(weights.with(sums.into_iter().flat_map(|(name, [mean, variance])| {
        [(format!("{name}.running_mean"), mean.into()), (format!("{name}.running_var"), variance.into())]
    })))
}
