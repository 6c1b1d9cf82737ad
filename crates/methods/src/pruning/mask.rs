//! Masks: exactly which weights stay. Biases and normalisation are never pruned.

use crate::pruning::allocation::count;
use std::sync::Arc;

use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Scope;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::weights::{Weights, sha256};
use sweetspot_protocol::{LayerSparsity, SparsityReport};

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
    /// The mask of scores for each layer's weights, lowest first to go.
    pub fn of_scores(layers: &[Layer], scores: &[Vec<f64>], pruning: &Pruning) -> Self {
        Self::of(layers, select(scores, pruning))
    }

    /// A mask from what is kept of each layer.
    pub fn of(layers: &[Layer], keep: Vec<Vec<bool>>) -> Self {
        let one = |(layer, keep): (&Layer, _)| LayerMask { name: layer.weight_name(), shape: layer.shape.clone(), keep };
        Self { layers: layers.iter().zip(keep).map(one).collect() }
    }

    /// The mask that weights bring along: their zeros.
    pub fn of_zeros(architecture: &Architecture, weights: &Weights) -> Self {
        let layers = architecture.layers_of(weights);
        let keep = layers.iter().map(|layer| weights.get(&layer.weight_name()).values.iter().map(|w| *w != 0.0).collect()).collect();
        Self::of(&layers, keep)
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

    /// How much is pruned, overall and per layer; costs are left open.
    pub fn report(&self) -> SparsityReport {
        let layers: Vec<LayerSparsity> = self
            .layers
            .iter()
            .map(|layer| LayerSparsity {
                name: layer.name.clone(),
                shape: layer.shape.clone(),
                pruned: layer.keep.iter().filter(|&&keep| !keep).count(),
                total: layer.keep.len(),
                places: 0,
            })
            .collect();
        SparsityReport {
            pruned: layers.iter().map(|l| l.pruned).sum(),
            prunable: layers.iter().map(|l| l.total).sum(),
            mask_sha256: self.sha256(),
            note: String::new(),
            stored_bytes: 0,
            layers,
        }
    }
}

/// Which weights stay by their scores, all layers together or each by itself.
pub fn select(scores: &[Vec<f64>], pruning: &Pruning) -> Vec<Vec<bool>> {
    let total = |layers: &[Vec<f64>]| count(pruning.sparsity.get(), layers.iter().map(Vec::len).sum());
    match pruning.scope {
        Scope::Global => keep_all_but(scores, total(scores)),
        Scope::Layer => scores.chunks(1).flat_map(|layer| keep_all_but(layer, total(layer))).collect(),
    }
}

/// Which scores stay when this many of the lowest go; of equal scores the one with the lower index goes first.
pub fn keep_all_but<S: Copy + Into<f64>>(scores: &[Vec<S>], count: usize) -> Vec<Vec<bool>> {
    let mut order: Vec<u64> = scores.iter().flatten().map(|score| rank((*score).into())).collect();
    if count == 0 {
        return scores.iter().map(|layer| vec![true; layer.len()]).collect();
    }
    let (_, &mut threshold, _) = order.select_nth_unstable(count - 1);
    // select_nth leaves everything lower before the threshold's place.
    let lower = order[..count].iter().filter(|&&s| s < threshold).count();
    let mut ties = count - lower;
    let mut keep = |score: &S| {
        let rank = rank((*score).into());
        if rank == threshold && ties > 0 {
            ties -= 1;
            return false;
        }
        rank >= threshold
    };
    scores.iter().map(|layer| layer.iter().map(&mut keep).collect()).collect()
}

/// An integer in the order of the scores: integers sort without the exception that NaN needs. Both zeros are one.
fn rank(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
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
        let keep = keep_all_but(&[vec![1.0, 2.0, 1.0], vec![1.0, 0.5]], 3);
        assert_eq!(keep, [vec![false, true, false], vec![true, false]]);
    }

    #[test]
    fn signed_scores_keep_their_order() {
        let keep = keep_all_but(&[vec![-1.0, 0.0, -0.0, 2.0, -3.0]], 3);
        assert_eq!(keep, [vec![false, false, true, true, false]]);
    }
}
