//! Integrated gradients.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Method, MethodInfo};
use crate::attribution::settings::{BASELINE, SEED, STEPS};

impl Method {
    /// Integrated gradients.
    pub const IntegratedGradients: Self = Self {
        info: &MethodInfo {
            id: "integrated-gradients",
            title: "Integrated gradients",
            says: "Gradients gathered while the image fades in from a baseline; the shares add up to the change of the score.",
            definition: "(x \u{2212} x\u{2032}) \u{b7} \u{3a3}\u{2096} w\u{2096} \u{2202}S/\u{2202}x at x\u{2032} + a\u{2096}(x \u{2212} x\u{2032}), Gauss\u{2013}Legendre nodes a\u{2096} and weights w\u{2096}; summed over colours.",
            source: "Sundararajan, Taly and Yan, 2017",
            signed: true,
            settings: &[STEPS, BASELINE, SEED],
            effort: |settings, _| Some(Effort::gradients(settings.whole(&STEPS))),
            ..MethodInfo::USUAL
        },
    };
}
