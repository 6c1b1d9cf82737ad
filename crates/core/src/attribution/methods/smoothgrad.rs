//! Averages over noisy copies of the image: SmoothGrad, SmoothGrad squared, VarGrad, and what the paper's code calls integrated gradients.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Family, Method, MethodInfo};
use crate::attribution::setting::Setting;
use crate::attribution::settings::{SEED, STEPS};

/// Noisy copies.
pub const SAMPLES: Setting = Setting::whole("samples", "Samples", "Noisy copies of the image.", [1, 50, 1000]);

/// Strength of the noise, relative to the range of the input's values (Smilkov et al.: 10 to 20 %).
pub const NOISE: Setting =
    Setting::real("noise", "Noise", "Standard deviation of the noise, as a share of the range of the input's values.", [0.0, 0.15, 2.0]);

/// The paper's two noisy copies.
pub const FEW_SAMPLES: Setting = Setting::whole("samples", "Samples", "Noisy copies of the image; the paper's code has two.", [1, 2, 100]);

/// The paper's noise, in units of the normalisation's standard deviation.
pub const STRONG_NOISE: Setting = Setting::real(
    "deviation",
    "Noise",
    "Standard deviation of the noise in units of the training images' own (the paper's code has 1: very strong).",
    [0.0, 1.0, 5.0],
);

/// Noisy copies of the image, and one gradient of each.
const NOISY: MethodInfo = MethodInfo {
    family: Family::Gradient,
    settings: &[SAMPLES, NOISE, SEED],
    effort: |settings, _| Some(Effort::gradients(settings.whole(&SAMPLES))),
    ..MethodInfo::USUAL
};

impl Method {
    /// SmoothGrad.
    pub const SmoothGrad: Self = Self {
        info: &MethodInfo {
            id: "smoothgrad",
            title: "SmoothGrad",
            says: "The mean saliency of several copies of the image with noise added.",
            definition: "Mean of |\u{2202}S/\u{2202}x| over copies x + noise, over colours the largest; noise normal with a deviation of a share of the input\u{2019}s range.",
            source: "Smilkov, Thorat, Kim, Vi\u{e9}gas and Wattenberg, 2017",
            ..NOISY
        },
    };

    /// SmoothGrad squared.
    pub const SmoothGradSquared: Self = Self {
        info: &MethodInfo {
            id: "smoothgrad-squared",
            title: "SmoothGrad squared",
            says: "The mean squared gradient of several copies of the image with noise added.",
            definition: "Mean of (\u{2202}S/\u{2202}x)\u{b2} over copies x + noise, over colours the largest.",
            source: "Hooker, Erhan, Kindermans and Kim, 2019",
            ..NOISY
        },
    };

    /// VarGrad.
    pub const VarGrad: Self = Self {
        info: &MethodInfo {
            id: "vargrad",
            title: "VarGrad",
            says: "How much the gradient varies between copies of the image with noise added.",
            definition: "Variance of \u{2202}S/\u{2202}x over copies x + noise, over colours the largest.",
            source: "Adebayo, Gilmer, Goodfellow and Kim, 2018",
            ..NOISY
        },
    };

    /// SmoothGrad-IG (the paper's).
    pub const SmoothGradIg: Self = Self {
        info: &MethodInfo {
            id: "smoothgrad-ig",
            title: "SmoothGrad-IG (the paper's)",
            says: "Integrated gradients of two very noisy copies of the image, averaged: what the paper's code calls IG.",
            definition: "Mean of integrated gradients (zero baseline) of copies x + noise, each path ending at the noisy copy; 2 copies, deviation 1 in units of the training images\u{2019} own.",
            source: "Cassano, Renzulli, Bragagnolo and Grangetto, 2025 (released code)",
            signed: true,
            settings: &[FEW_SAMPLES, STRONG_NOISE, STEPS, SEED],
            effort: |settings, _| Some(Effort::gradients(settings.whole(&FEW_SAMPLES) * settings.whole(&STEPS))),
            ..MethodInfo::USUAL
        },
    };
}
