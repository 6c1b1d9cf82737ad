//! The attribution methods that are shipped: a file each, or one for a family that shares a computation, and a line in the list below. The file of the
//! same name in `crates/methods/src/attribution/` computes them.
#![allow(non_upper_case_globals, reason = "a method is written like a variant, Method::GradCam, and values hold that name")]

pub mod attention;
pub mod cam;
pub mod deeplift;
pub mod guided;
pub mod input_x_gradient;
pub mod integrated_gradients;
pub mod lrp;
pub mod occlusion;
pub mod rise;
pub mod saliency;
pub mod score_cam;
pub mod smoothgrad;
pub mod surrogate;

use super::method::{Method, MethodInfo};
use crate::registry::{Described, Registry, shipped};

/// Every method, in the order menus show.
static METHODS: Registry<MethodInfo> = Registry::new(shipped![Method:
    GradCam,
    GradCamPlusPlus,
    HiResCam,
    LayerCam,
    ScoreCam,
    Saliency,
    InputXGradient,
    IntegratedGradients,
    SmoothGrad,
    SmoothGradSquared,
    VarGrad,
    SmoothGradIg,
    GuidedBackprop,
    GuidedGradCam,
    Deconvolution,
    Lrp,
    DeepLift,
    Occlusion,
    Rise,
    Lime,
    KernelShap,
    Attention,
    AttentionRollout,
    TransformerAttribution,
]);

impl Described for MethodInfo {
    const KIND: &'static str = "method";

    fn id(&self) -> &'static str {
        self.id
    }

    fn registry() -> &'static Registry<Self> {
        &METHODS
    }
}
