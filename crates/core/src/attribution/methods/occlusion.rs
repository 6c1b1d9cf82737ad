//! Occlusion.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Family, Method, MethodInfo};
use crate::attribution::setting::Setting;
use crate::attribution::settings::{BASELINE, SEED};

/// Side of the square that covers.
pub const WINDOW: Setting = Setting::whole("window", "Window", "Side of the covering square in pixels.", [1, 32, 1024]);

/// Step of the square that covers.
pub const STRIDE: Setting =
    Setting::whole("stride", "Stride", "How far the square moves, in pixels; not further than its side.", [1, 16, 1024]);

impl Method {
    /// Occlusion.
    pub const Occlusion: Self = Self {
        info: &MethodInfo {
            id: "occlusion",
            title: "Occlusion",
            says: "How much the score falls when a square of the image is covered.",
            definition: "Mean of S(x) \u{2212} S(x with a square covered) over the squares that cover a pixel.",
            source: "Zeiler and Fergus, 2014",
            family: Family::Perturbation,
            signed: true,
            settings: &[WINDOW, STRIDE, BASELINE, SEED],
            effort: |settings, side| {
                let window = settings.whole(&WINDOW).min(side);
                let places = (side - window).div_ceil(settings.whole(&STRIDE)) + 1;
                Some(Effort::forward(places * places))
            },
            ..MethodInfo::USUAL
        },
    };
}
