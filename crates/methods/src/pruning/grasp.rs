//! GraSP (Wang et al., 2020): `w * (Hg)`, with gradient g and Hessian H of the mean cross-entropy at temperature 200 by the weights that can be
//! pruned. Weights with the lowest, most negative, score go first: without them gradients flow better, or hardly worse. Without labels, a picture's
//! class is the one the network itself gives it.
//!
//! The product Hg is the central difference of the gradient along g, with a step of 1e-5 of the length of all weights together. On a small network
//! the scores differ from those of torch's exact product by 6e-4 of the largest one; where a rectifier changes sides within the step, the difference
//! sees it and the exact product, which takes rectifiers for straight lines, does not, so longer steps differ more. g is by the weights before batch
//! normalisation is folded into them, as in the authors' code.

use super::calibration::Calibration;
use super::entry::{Compute, Entry};
use super::gradients::{PerLayer, mean};
use super::mask::select;
use super::snip::products;
use sweetspot_core::error::Result;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::{Layer, Norm};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Grasp,
    compute: Compute::Scores {
        scores: |subject, job| {
            Box::pin(async move {
                let calibration = subject.calibrated(Criterion::Grasp.id())?;
                scores(subject.architecture, subject.network, subject.weights, calibration, job).await
            })
        },
        keep: |_, scores, pruning| select(scores, pruning),
    },
};

/// What logits are divided by (the authors' value).
const TEMPERATURE: f32 = 200.0;

/// How far the weights are moved for the difference, in lengths of all weights together.
const STEP: f64 = 1e-5;

/// Scores of each layer's weights.
pub async fn scores(
    architecture: &'static Architecture,
    network: &Network,
    weights: &Weights,
    calibration: &Calibration,
    job: &Job,
) -> Result<Vec<Vec<f64>>> {
    let layers = architecture.layers_of(weights);
    let gradient = unfolded(weights, &layers, mean(network, &layers, calibration, TEMPERATURE, job).await?);
    let length = |values: &mut dyn Iterator<Item = f32>| values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    let all = length(&mut layers.iter().flat_map(|layer| weights.get(&layer.weight_name()).values.iter().copied()));
    let along = length(&mut gradient.iter().flatten().copied());
    if along == 0.0 {
        return Ok(gradient.into_iter().map(|layer| vec![0.0; layer.len()]).collect());
    }
    let step = STEP * all / along;
    let mut sides = Vec::new();
    for signed in [step, -step] {
        let moved = moved(weights, &layers, &gradient, signed);
        let network = Network::new(architecture, &moved, network.device());
        sides.push(mean(&network, &layers, calibration, TEMPERATURE, job).await?);
    }
    let difference = |(more, less): (&f32, &f32)| ((f64::from(*more) - f64::from(*less)) / (2.0 * step)) as f32;
    let product: PerLayer = sides[0].iter().zip(&sides[1]).map(|(more, less)| more.iter().zip(less).map(difference).collect()).collect();
    // The folding scale cancels: w folded is scale times w, Hg by w is scale times the one by the folded w.
    Ok(products(weights, &layers, &product))
}

/// The weights moved along a direction.
fn moved(weights: &Weights, layers: &[Layer], direction: &PerLayer, step: f64) -> Weights {
    weights.with(layers.iter().zip(direction).map(|(layer, direction)| {
        let name = layer.weight_name();
        let values = weights.get(&name).values.iter().zip(direction).map(|(w, d)| (f64::from(*w) + step * f64::from(*d)) as f32).collect();
        (name, values)
    }))
}

/// Gradients by the weights as stored, from those by the folded ones: each output's times the scale of its normalisation.
fn unfolded(weights: &Weights, layers: &[Layer], mut gradients: PerLayer) -> PerLayer {
    for (layer, gradient) in layers.iter().zip(&mut gradients) {
        let Some(norm) = &layer.norm else { continue };
        let [gain, _, _, variance] = Norm::TENSORS.map(|part| &weights.get(&format!("{}.{part}", norm.name)).values);
        let filter = gradient.len() / layer.shape[0];
        for (o, gradient) in gradient.chunks_exact_mut(filter).enumerate() {
            let scale = gain[o] / (variance[o] + norm.epsilon).sqrt();
            gradient.iter_mut().for_each(|g| *g *= scale);
        }
    }
    gradients
}
