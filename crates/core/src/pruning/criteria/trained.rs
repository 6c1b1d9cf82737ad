//! Weights that were pruned and trained beforehand, and are loaded.

use crate::pruning::criterion::{Criterion, CriterionInfo, Kind};
use crate::pruning::scope::Scope;

/// Weights that were trained beforehand.
const TRAINED: CriterionInfo = CriterionInfo { kind: Kind::Trained, scopes: &[Scope::Global], updates: true, ..CriterionInfo::USUAL };

impl Criterion {
    /// Trained in rounds with learning-rate rewinding (the paper's main method).
    pub const Lrr: Self = Self {
        info: &CriterionInfo {
            id: "lrr",
            title: "Trained in rounds",
            says: "A fifth of the weights goes by magnitude, the rest is trained on, again and again: the paper\u{2019}s main method.",
            definition: "iterative global magnitude pruning with learning-rate rewinding; the stored network nearest in sparsity",
            source: "Renda et al., 2020",
            ..TRAINED
        },
    };

    /// SNIP before training.
    pub const SnipTrained: Self = Self {
        info: &CriterionInfo {
            id: "snip-trained",
            title: "SNIP, then trained",
            says: "Pruned once before the first training step, then trained: the paper\u{2019}s second method.",
            definition: "SNIP at initialisation with true labels; the stored network nearest in sparsity",
            source: "Lee et al., 2019",
            ..TRAINED
        },
    };

    /// Never trained.
    pub const Untrained: Self = Self {
        info: &CriterionInfo {
            id: "untrained",
            title: "Untrained",
            says: "The weights as they were drawn, before any training: the paper\u{2019}s baseline.",
            definition: "the random initialisation, sparsity 0",
            source: "Adebayo et al., 2018",
            ..TRAINED
        },
    };

    /// Pruned and trained to answer as the dense network does.
    pub const Distilled: Self = Self {
        info: &CriterionInfo {
            id: "distilled",
            title: "Pruned, then distilled",
            says: "Pruned at once, then trained a little to answer as the dense network does; no labels.",
            definition: "a one-shot mask, weights trained to the dense network\u{2019}s probabilities; the stored network nearest in sparsity",
            source: "Hinton et al., 2015",
            ..TRAINED
        },
    };
}
