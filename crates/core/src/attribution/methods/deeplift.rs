//! DeepLIFT.

use crate::attribution::method::{Family, Method, MethodInfo, Needs};
use crate::attribution::settings::{BASELINE, SEED};

impl Method {
    /// DeepLIFT (rescale).
    pub const DeepLift: Self = Self {
        info: &MethodInfo {
            id: "deeplift",
            title: "DeepLIFT (rescale)",
            says: "How each pixel's difference from a baseline makes up the difference of the score.",
            definition: "(x \u{2212} x\u{2032}) \u{b7} m, m the gradient with each nonlinearity\u{2019}s slope replaced by \u{394}output / \u{394}input between image and baseline; summed over colours.",
            source: "Shrikumar, Greenside and Kundaje, 2017",
            family: Family::Backpropagation,
            signed: true,
            settings: &[BASELINE, SEED],
            needs: Needs::Rectifiers,
            ..MethodInfo::USUAL
        },
    };
}
