//! Class activation maps from gradients: the features of a layer, weighted by what the gradients of the class score say of them.

use crate::attribution::method::{Family, Method, MethodInfo};

impl Method {
    /// Grad-CAM.
    pub const GradCam: Self = Self {
        info: &MethodInfo {
            id: "grad-cam",
            title: "Grad-CAM",
            says: "Where a layer's features that raise the class score are active.",
            definition: "relu(\u{3a3}\u{2096} mean(g\u{2096}) A\u{2096}) with g\u{2096} the gradient of the class logit by the layer\u{2019}s channel A\u{2096}; enlarged bilinearly.",
            source: "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, 2017",
            family: Family::Activation,
            layer: true,
            ..MethodInfo::USUAL
        },
    };

    /// Grad-CAM++.
    pub const GradCamPlusPlus: Self = Self {
        info: &MethodInfo {
            id: "grad-cam-plus-plus",
            title: "Grad-CAM++",
            says: "Grad-CAM with weights that count each place's own positive influence, so that several objects show.",
            definition: "relu(\u{3a3}\u{2096} w\u{2096} A\u{2096}), w\u{2096} = \u{3a3} relu(g\u{2096}) g\u{2096}\u{b2} / (2 g\u{2096}\u{b2} + g\u{2096}\u{b3} \u{3a3}A\u{2096} + 10\u{207b}\u{2076}); enlarged bilinearly.",
            source: "Chattopadhay, Sarkar, Howlader and Balasubramanian, 2018",
            family: Family::Activation,
            layer: true,
            ..MethodInfo::USUAL
        },
    };

    /// HiResCAM.
    pub const HiResCam: Self = Self {
        info: &MethodInfo {
            id: "hires-cam",
            title: "HiResCAM",
            says: "A layer's features times their gradients, place by place, without averaging first.",
            definition: "relu(\u{3a3}\u{2096} g\u{2096} A\u{2096}), place by place; enlarged bilinearly.",
            source: "Draelos and Carin, 2020",
            family: Family::Activation,
            layer: true,
            ..MethodInfo::USUAL
        },
    };

    /// Layer-CAM.
    pub const LayerCam: Self = Self {
        info: &MethodInfo {
            id: "layer-cam",
            title: "Layer-CAM",
            says: "A layer's features times their positive gradients, place by place; sharp at early layers too.",
            definition: "relu(\u{3a3}\u{2096} relu(g\u{2096}) A\u{2096}), place by place; enlarged bilinearly.",
            source: "Jiang, Zhang, Hou, Cheng and Wei, 2021",
            family: Family::Activation,
            layer: true,
            ..MethodInfo::USUAL
        },
    };
}
