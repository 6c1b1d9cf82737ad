//! Parameters that several ways to find objects take.

use crate::attribution::setting::Setting;

/// How tokens are normalised before they are compared.
pub const NORMALISATION: Setting = Setting::choice(
    "normalisation",
    "Normalisation",
    "What is done to the features before they are compared.",
    &[
        ("usual", "Joint for LOST on feature maps (the paper's), mean-centred for the others there, none for transformers"),
        ("joint", "Joint: one mean and deviation over all tokens and channels"),
        ("centred", "Mean-centred: each channel less its mean, tokens of length 1"),
        ("none", "None"),
    ],
);

/// Which features of a transformer.
pub const FEATURES: Setting = Setting::choice(
    "features",
    "Features",
    "What stands for a token; the second is what the paper's released code computed for transformers, by mistake.",
    &[("intended", "Those of the chosen facet"), ("released-code", "As released: the block's normalised input, tokens out of place")],
);

/// Weight of the edges between tokens that are not joined.
pub const EPSILON: Setting =
    Setting::real("epsilon", "Weak edges", "Weight of the edge between tokens that are not joined (\u{3b5}).", [1e-9, 1e-5, 0.1]);
