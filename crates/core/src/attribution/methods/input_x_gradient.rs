//! Input x gradient.

use crate::attribution::method::{Method, MethodInfo};

impl Method {
    /// Input x gradient.
    pub const InputXGradient: Self = Self {
        info: &MethodInfo {
            id: "input-x-gradient",
            title: "Input \u{d7} gradient",
            says: "Each pixel's value times the score's gradient there: a first-order share of the score.",
            definition: "x \u{b7} \u{2202}S/\u{2202}x, summed over colours, x in normalised units.",
            source: "Shrikumar, Greenside, Shcherbina and Kundaje, 2016",
            signed: true,
            ..MethodInfo::USUAL
        },
    };
}
