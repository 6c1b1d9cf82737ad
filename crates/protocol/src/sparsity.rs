//! How much of a network is pruned, overall and layer by layer.

use serde::{Deserialize, Serialize};

/// How much is pruned, overall and per layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SparsityReport {
    /// Weights set to zero.
    pub pruned: usize,
    /// Weights that could have been.
    pub prunable: usize,
    /// sha256 of the mask, one byte a weight (1 kept, 0 pruned) in layer order, hexadecimal.
    pub mask_sha256: String,
    /// What happened besides, in a sentence or two: which pictures were looked at, which layers a pattern left whole. Empty if nothing did.
    pub note: String,
    /// Bytes of the pruned network stored sparse; see `pruning::cost`.
    pub stored_bytes: usize,
    /// Each prunable layer, in network order.
    pub layers: Vec<LayerSparsity>,
}

/// How much of one layer is pruned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSparsity {
    /// The weight tensor's name.
    pub name: String,
    /// The weight tensor's shape.
    pub shape: Vec<usize>,
    /// Weights set to zero.
    pub pruned: usize,
    /// Weights in the layer.
    pub total: usize,
    /// Places of a picture that its kernel is laid on: each weight costs that many multiply-accumulates. 0 where it is not known.
    pub places: usize,
}

impl SparsityReport {
    /// Multiply-accumulates of convolutions and linear layers for one picture: of the dense network, and those whose weight is left.
    pub fn multiply_accumulates(&self) -> (u64, u64) {
        let of = |weights: &dyn Fn(&LayerSparsity) -> usize| self.layers.iter().map(|l| (weights(l) * l.places) as u64).sum();
        (of(&|layer| layer.total), of(&|layer| layer.total - layer.pruned))
    }
}
