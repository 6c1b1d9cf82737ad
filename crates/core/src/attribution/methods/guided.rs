//! Gradients that rectifiers let through by another rule.

use crate::attribution::method::{Family, Method, MethodInfo, Needs};

impl Method {
    /// Guided backpropagation.
    pub const GuidedBackprop: Self = Self {
        info: &MethodInfo {
            id: "guided-backprop",
            title: "Guided backpropagation",
            says: "Gradients that pass each rectifier only where both the signal and the gradient are positive.",
            definition: "The gradient of the class logit, set to zero at each rectifier where its input or the gradient is negative; summed over colours.",
            source: "Springenberg, Dosovitskiy, Brox and Riedmiller, 2015",
            family: Family::Backpropagation,
            signed: true,
            needs: Needs::Rectifiers,
            ..MethodInfo::USUAL
        },
    };

    /// Guided Grad-CAM.
    pub const GuidedGradCam: Self = Self {
        info: &MethodInfo {
            id: "guided-grad-cam",
            title: "Guided Grad-CAM",
            says: "Guided backpropagation, kept where Grad-CAM is strong.",
            definition: "Guided backpropagation times Grad-CAM enlarged bilinearly; summed over colours.",
            source: "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, 2017",
            family: Family::Backpropagation,
            signed: true,
            layer: true,
            needs: Needs::Rectifiers,
            ..MethodInfo::USUAL
        },
    };

    /// Deconvolution.
    pub const Deconvolution: Self = Self {
        info: &MethodInfo {
            id: "deconvolution",
            title: "Deconvolution",
            says: "Gradients that pass each rectifier only where the gradient itself is positive.",
            definition: "The gradient of the class logit, set to zero at each rectifier where the gradient is negative, whatever its input; summed over colours.",
            source: "Zeiler and Fergus, 2014",
            family: Family::Backpropagation,
            signed: true,
            needs: Needs::Rectifiers,
            ..MethodInfo::USUAL
        },
    };
}
