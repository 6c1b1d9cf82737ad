//! SynFlow (Tanaka et al., 2020): in 100 rounds, `|w| * dR/d|w|` on what is left, with R the summed answer of the network of absolute weights to an
//! image of ones. The scores of each layer sum to the same flow, so a layer is never emptied before the others. No data is looked at.
//!
//! Batch normalisation is folded into the weights first; biases are left out and ReLU6 is taken for ReLU, so that the flow is a product of weights
//! alone: scores only change by a factor when the image or the sum is scaled. The flow R of a deep network can be far outside of the range of 32-bit
//! floats (6e48 for EfficientNet-Lite0). Image and sum are therefore both scaled by `R^(-1/2)`, which keeps all values in range in both directions.

use burn::tensor::{Device, Tensor};

use super::allocation::count;
use super::entry::{Compute, Entry};
use super::gradients::ordered;
use super::mask::Mask;
use super::mask::keep_all_but;
use super::subject::{Outcome, Subject};
use sweetspot_core::error::Result;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::{Layer, Norm};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::SynFlow,
    compute: Compute::Network(|subject, pruning, job| Box::pin(prune(subject, pruning.sparsity.get(), job))),
};

/// The subject without the weights that go in all rounds.
async fn prune(subject: &Subject<'_>, sparsity: f64, job: &Job) -> Result<Outcome> {
    let layers = subject.architecture.layers_of(subject.weights);
    let total = layers.iter().map(|layer| layer.shape.iter().product::<usize>()).sum();
    let rounds = (count(sparsity, total), ROUNDS);
    let keep = keep(subject.architecture, subject.weights, subject.network.device(), subject.side, rounds, job).await?;
    Ok(subject.masked(Mask::of(&layers, keep)))
}

/// Rounds (the authors' number).
pub const ROUNDS: usize = 100;

/// The image of the very first pass, of whose answer nothing is known yet.
const FAINT: f32 = 1e-20;

/// What is kept of each layer, and how the shares fell: `density(round) = kept^(round / rounds)`.
///
/// `count` of all weights go; `side` is the input's; `device` is where it is computed.
pub async fn keep(
    architecture: &'static Architecture,
    weights: &Weights,
    device: &Device,
    side: usize,
    (count, rounds): (usize, usize),
    job: &Job,
) -> Result<Vec<Vec<bool>>> {
    let layers = architecture.layers_of(weights);
    let flow = Flow { architecture, layers: &layers, device, side };
    let mut network = flow.positive(weights);
    let mut kept: Vec<Vec<bool>> = layers.iter().map(|layer| vec![true; layer.shape.iter().product()]).collect();
    let total: usize = kept.iter().map(Vec::len).sum();
    let density = (total - count) as f64 / total as f64;
    let mut brightness = FAINT;
    for round in 1..=rounds {
        job.step(round as u64 - 1, rounds as u64).await?;
        let scores = flow.scores(&network, &kept, &mut brightness).await?;
        let left = density.powf(round as f64 / rounds as f64);
        let gone = if round == rounds { count } else { ((1.0 - left) * total as f64).round_ties_even() as usize };
        kept = keep_all_but(&scores, gone);
        network = network.with(layers.iter().zip(&kept).map(|(layer, kept)| {
            let name = layer.weight_name();
            let values = network.get(&name).values.iter().zip(kept).map(|(w, keep)| if *keep { *w } else { 0.0 }).collect();
            (name, values)
        }));
    }
    Ok(kept)
}

/// Where the flow is computed.
struct Flow<'a> {
    architecture: &'static Architecture,
    layers: &'a [Layer],
    device: &'a Device,
    side: usize,
}

impl Flow<'_> {
    /// The network of the folded weights' absolute values, with normalisations that do nothing and no biases.
    fn positive(&self, weights: &Weights) -> Weights {
        let mut changed = Vec::new();
        for layer in self.layers {
            changed.push((layer.weight_name(), weights.folded(layer).0.iter().map(|w| w.abs()).collect()));
            if layer.bias {
                changed.push((format!("{}.bias", layer.name), vec![0.0; layer.shape[0]].into()));
            }
            if let Some(norm) = &layer.norm {
                let neutral = [1.0, 0.0, 0.0, 1.0 - norm.epsilon];
                changed.extend(
                    Norm::TENSORS
                        .iter()
                        .zip(neutral)
                        .map(|(part, value)| (format!("{}.{part}", norm.name), vec![value; layer.shape[0]].into())),
                );
            }
        }
        weights.with(changed)
    }

    /// Scores of a round; -1 for what is gone already. `brightness` is what image and sum are scaled by, and is set for the next round.
    async fn scores(&self, weights: &Weights, kept: &[Vec<bool>], brightness: &mut f32) -> Result<Vec<Vec<f64>>> {
        let network = Network::new(self.architecture, weights, self.device).uncapped();
        if *brightness == FAINT {
            let answer = values(network.logits(self.image(FAINT))).await?;
            *brightness = self.next(FAINT, &answer);
        }
        let recorded = network.record_learning(self.image(*brightness));
        let logits = recorded.logits();
        let [images, classes] = logits.dims();
        let gradients = ordered(recorded.parameter_gradients(Tensor::full([images, classes, 1, 1], *brightness, self.device)), self.layers);
        let mut scores = Vec::with_capacity(kept.len());
        for ((gradient, layer), kept) in gradients.into_iter().zip(self.layers).zip(kept) {
            let gradient = match gradient {
                Some(gradient) => values(gradient).await?,
                None => vec![0.0; kept.len()],
            };
            let weight = &weights.get(&layer.weight_name()).values;
            let score = |((w, g), keep): ((&f32, &f32), &bool)| if *keep { f64::from(*w) * f64::from(*g) } else { -1.0 };
            scores.push(weight.iter().zip(&gradient).zip(kept).map(score).collect());
        }
        *brightness = self.next(*brightness, &values(logits).await?);
        Ok(scores)
    }

    fn image(&self, brightness: f32) -> Tensor<4> {
        Tensor::full([1, 3, self.side, self.side], brightness, self.device)
    }

    /// The root of one over the flow, from the logits at this brightness.
    fn next(&self, brightness: f32, logits: &[f32]) -> f32 {
        let flow = logits.iter().map(|l| f64::from(*l)).sum::<f64>() / f64::from(brightness);
        // In double precision: the flow may be far outside of the range of the numbers it is made of.
        let wanted = flow.sqrt().recip();
        if wanted.is_finite() && wanted > 0.0 { wanted as f32 } else { brightness }
    }
}
