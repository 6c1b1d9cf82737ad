//! Saliency.

use crate::attribution::method::{Method, MethodInfo};

impl Method {
    /// Saliency.
    pub const Saliency: Self = Self {
        info: &MethodInfo {
            id: "saliency",
            title: "Saliency",
            says: "How strongly the class score reacts to a small change of each pixel.",
            definition: "|\u{2202}S/\u{2202}x|, over colours the largest; S is the class logit.",
            source: "Simonyan, Vedaldi and Zisserman, 2014",
            ..MethodInfo::USUAL
        },
    };
}
