//! Linear models of the score over superpixels: LIME and KernelSHAP.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Family, Method, MethodInfo};
use crate::attribution::setting::Setting;
use crate::attribution::settings::SEED;

/// Superpixels asked for.
pub const SEGMENTS: Setting = Setting::whole("segments", "Superpixels", "How many superpixels are asked for.", [2, 50, 400]);

/// Subsets of superpixels that are shown.
pub const COALITIONS: Setting =
    Setting::whole("coalitions", "Subsets", "Random subsets of superpixels that are shown; each takes a pass.", [4, 500, 20_000]);

/// Subsets of superpixels, and one pass for each.
const SURROGATE: MethodInfo = MethodInfo {
    family: Family::Perturbation,
    signed: true,
    settings: &[SEGMENTS, COALITIONS, SEED],
    effort: |settings, _| Some(Effort::forward(settings.whole(&COALITIONS))),
    ..MethodInfo::USUAL
};

impl Method {
    /// LIME.
    pub const Lime: Self = Self {
        info: &MethodInfo {
            id: "lime",
            title: "LIME",
            says: "A linear model of the score over superpixels that are shown or hidden at random.",
            definition: "Ridge regression of S on which superpixels (SLIC) are shown, subsets weighted by \u{221a}exp(\u{2212}d\u{b2}/0.25\u{b2}), d their cosine distance to the whole image.",
            source: "Ribeiro, Singh and Guestrin, 2016",
            ..SURROGATE
        },
    };

    /// KernelSHAP.
    pub const KernelShap: Self = Self {
        info: &MethodInfo {
            id: "kernel-shap",
            title: "KernelSHAP",
            says: "Shapley values of superpixels, from random subsets of them.",
            definition: "Least squares of S on which superpixels (SLIC) are shown, weighted by Shapley\u{2019}s kernel, with the values summing to S(x) \u{2212} S(nothing).",
            source: "Lundberg and Lee, 2017",
            ..SURROGATE
        },
    };
}
