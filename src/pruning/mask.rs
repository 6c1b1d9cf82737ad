//! Masks: exactly which weights stay. Biases and normalisation are never pruned.

use std::sync::Arc;

use super::{Criterion, Scope, magnitude};
use crate::engine::protocol::{LayerSparsity, SparsityReport};
use crate::error::Result;
use crate::experiment::Pruning;
use crate::models::Architecture;
use crate::models::layer::Layer;
use crate::models::weights::{Weights, sha256};

/// One prunable tensor's part of a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerMask {
    /// The weight tensor's name.
    pub name: String,
    /// The weight tensor's shape.
    pub shape: Vec<usize>,
    /// Whether each weight is kept, row by row.
    pub keep: Vec<bool>,
}

/// Which weights are kept, tensor by tensor in network order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Every convolution's and linear layer's weight.
    pub layers: Vec<LayerMask>,
}

impl Mask {
    /// The mask of a pruning of a network's weights.
    pub fn new(architecture: &Architecture, weights: &Weights, pruning: &Pruning) -> Result<Self> {
        pruning.check()?;
        let layers = architecture.layers_of(weights);
        let scores: Vec<Vec<f32>> = layers
            .iter()
            .map(|layer| match pruning.criterion {
                Criterion::Magnitude => magnitude::scores(&weights.get(&layer.weight_name()).values),
            })
            .collect();
        let keep = match pruning.scope {
            Scope::Global => keep_all_but_lowest(&scores, pruning.sparsity),
            Scope::Layer => scores.chunks(1).flat_map(|layer| keep_all_but_lowest(layer, pruning.sparsity)).collect(),
        };
        let layers = layers.into_iter().zip(keep).map(|(layer, keep)| LayerMask { name: layer.weight_name(), shape: layer.shape, keep });
        Ok(Self { layers: layers.collect() })
    }

    /// The mask of weights that were pruned before: those that are not zero are kept.
    pub fn of_zeros(architecture: &Architecture, weights: &Weights) -> Self {
        let layer = |layer: Layer| {
            let keep = weights.get(&layer.weight_name()).values.iter().map(|w| *w != 0.0).collect();
            LayerMask { name: layer.weight_name(), shape: layer.shape, keep }
        };
        Self { layers: architecture.layers_of(weights).into_iter().map(layer).collect() }
    }

    /// The weights with the pruned ones set to zero.
    pub fn apply(&self, weights: &Weights) -> Weights {
        weights.with(self.layers.iter().map(|layer| {
            let dense = &weights.get(&layer.name).values;
            let values: Arc<[f32]> = dense.iter().zip(&layer.keep).map(|(&w, &keep)| if keep { w } else { 0.0 }).collect();
            (layer.name.clone(), values)
        }))
    }

    /// sha256 over one byte a weight, 1 kept and 0 pruned, in network order; hexadecimal.
    pub fn sha256(&self) -> String {
        let bytes: Vec<u8> = self.layers.iter().flat_map(|layer| layer.keep.iter().map(|&keep| u8::from(keep))).collect();
        sha256(&bytes)
    }

    /// How much is pruned, overall and per layer.
    pub fn report(&self) -> SparsityReport {
        let layers: Vec<LayerSparsity> = self
            .layers
            .iter()
            .map(|layer| LayerSparsity {
                name: layer.name.clone(),
                shape: layer.shape.clone(),
                pruned: layer.keep.iter().filter(|&&keep| !keep).count(),
                total: layer.keep.len(),
            })
            .collect();
        SparsityReport {
            pruned: layers.iter().map(|l| l.pruned).sum(),
            prunable: layers.iter().map(|l| l.total).sum(),
            mask_sha256: self.sha256(),
            layers,
        }
    }
}

/// How many of `total` weights a sparsity takes away: `round(sparsity * total)`, halves to the even number, as Python rounds and so
/// `torch.nn.utils.prune` does.
pub fn count(sparsity: f64, total: usize) -> usize {
    (sparsity * total as f64).round_ties_even() as usize
}

/// Which scores stay when the lowest share goes.
fn keep_all_but_lowest(scores: &[Vec<f32>], sparsity: f64) -> Vec<Vec<bool>> {
    keep_all_but(scores, count(sparsity, scores.iter().map(Vec::len).sum()))
}

/// Which scores stay when so many of the lowest go; of equal scores the one with the lower index goes first.
pub(crate) fn keep_all_but(scores: &[Vec<f32>], count: usize) -> Vec<Vec<bool>> {
    // Scores are not negative, so their bits are ordered as they are; integers sort without the exception that NaN needs.
    let mut order: Vec<u32> = scores.iter().flatten().map(|s| s.to_bits()).collect();
    if count == 0 {
        return scores.iter().map(|layer| vec![true; layer.len()]).collect();
    }
    let (_, &mut threshold, _) = order.select_nth_unstable(count - 1);
    // select_nth leaves everything lower before the threshold's place.
    let lower = order[..count].iter().filter(|&&s| s < threshold).count();
    let mut ties = count - lower;
    let mut keep = |score: &f32| {
        let bits = score.to_bits();
        if bits == threshold && ties > 0 {
            ties -= 1;
            return false;
        }
        bits >= threshold
    };
    scores.iter().map(|layer| layer.iter().map(&mut keep).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_round_halves_to_even() {
        assert_eq!([count(0.25, 10), count(0.35, 10), count(0.5, 3), count(0.0, 7)], [2, 4, 2, 0]);
    }

    #[test]
    fn ties_go_by_index_across_layers() {
        let keep = keep_all_but_lowest(&[vec![1.0, 2.0, 1.0], vec![1.0, 0.5]], 0.6);
        assert_eq!(keep, [vec![false, true, false], vec![true, false]]);
    }
}
