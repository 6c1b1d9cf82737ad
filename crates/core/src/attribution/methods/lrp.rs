//! Layer-wise relevance propagation.

use crate::attribution::method::{Family, Method, MethodInfo, Needs};
use crate::attribution::setting::Setting;

/// The rules of layer-wise relevance propagation.
pub const RULE: Setting = Setting::choice(
    "rule",
    "Rules",
    "How a layer hands its share down.",
    &[
        ("epsilon-plus", "z+ for convolutions, \u{3b5} for linear layers"),
        ("epsilon-plus-flat", "z+ and \u{3b5}, flat at the first layer"),
        ("epsilon-gamma-box", "\u{3b3} and \u{3b5}, box at the first layer"),
        ("epsilon-alpha2-beta1", "\u{3b1}2\u{3b2}1 and \u{3b5}"),
        ("epsilon", "\u{3b5} everywhere"),
        ("gamma", "\u{3b3} everywhere"),
        ("alpha1-beta0", "\u{3b1}1\u{3b2}0 everywhere"),
    ],
);

/// The stabiliser of the epsilon rule.
pub const EPSILON: Setting = Setting::real("epsilon", "\u{3b5}", "Keeps small sums from blowing shares up.", [1e-12, 1e-6, 10.0]);

/// How far the gamma rule favours positive weights.
pub const GAMMA: Setting = Setting::real("gamma", "\u{3b3}", "How far positive weights are favoured.", [0.0, 0.25, 100.0]);

/// What becomes of the share of biases.
pub const BIAS: Setting = Setting::choice(
    "bias",
    "Biases",
    "Biases, those of folded normalisations above all, can take most of the score.",
    &[("keep", "keep their share"), ("share", "leave it to the inputs")],
);

impl Method {
    /// LRP.
    pub const Lrp: Self = Self {
        info: &MethodInfo {
            id: "lrp",
            title: "LRP",
            says: "The class score handed down layer by layer, each value's share going to the values that made it.",
            definition: "R\u{1d62} = \u{3a3}\u{2c7c} (share of input i in output j) R\u{2c7c} from the class logit down, shares by the chosen rules; batch norm folded into convolutions; summed over colours.",
            source: "Bach, Binder, Montavon, Klauschen, M\u{fc}ller and Samek, 2015",
            family: Family::Backpropagation,
            signed: true,
            settings: &[RULE, EPSILON, GAMMA, BIAS],
            needs: Needs::Rectifiers,
            ..MethodInfo::USUAL
        },
    };
}
