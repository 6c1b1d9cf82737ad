//! What the blocks of a transformer attend to.

use crate::attribution::method::{Family, Method, MethodInfo, Needs};

/// Attentions of one pass.
const ATTENTION: MethodInfo = MethodInfo { family: Family::Attention, needs: Needs::Attention, ..MethodInfo::USUAL };

impl Method {
    /// Attention of the last block.
    pub const Attention: Self = Self {
        info: &MethodInfo {
            id: "attention",
            title: "Attention of the last block",
            says: "Which patches the class token looks at in the last block, summed over heads.",
            definition: "Last block: attention from the class token to each patch, enlarged bilinearly, summed over heads.",
            source: "Caron, Touvron, Misra, J\u{e9}gou, Mairal, Bojanowski and Joulin, 2021",
            ..ATTENTION
        },
    };

    /// Attention rollout.
    pub const AttentionRollout: Self = Self {
        info: &MethodInfo {
            id: "attention-rollout",
            title: "Attention rollout",
            says: "The attention of all blocks multiplied together, residual paths included.",
            definition: "Row of the class token in the product over blocks of (mean over heads of A + I), rows scaled to sum 1.",
            source: "Abnar and Zuidema, 2020",
            ..ATTENTION
        },
    };

    /// Transformer attribution.
    pub const TransformerAttribution: Self = Self {
        info: &MethodInfo {
            id: "transformer-attribution",
            title: "Transformer attribution",
            says: "Attention of all blocks weighted by its gradient towards the class, rolled out.",
            definition: "Row of the class token in the product over blocks of (mean over heads of relu(A \u{b7} \u{2202}S/\u{2202}A) + I).",
            source: "Chefer, Gur and Wolf, 2021",
            ..ATTENTION
        },
    };
}
