//! Attribution: which pixels a class's score rests on. A method a file, with a line in the list below; the file of the
//! same name in `crates/core/src/attribution/methods/` describes it.

pub mod attention;
pub mod baseline;
pub(crate) mod cam;
pub mod context;
pub mod deeplift;
pub mod entry;
pub mod guided;
pub mod input_x_gradient;
pub mod integrated_gradients;
pub mod lrp;
pub mod occlusion;
pub(crate) mod quadrature;
pub mod rise;
pub(crate) mod saliency;
pub(crate) mod score_cam;
pub mod smoothgrad;
pub(crate) mod superpixels;
pub mod surrogate;

use crate::registry::Computations;
use context::Context;
use entry::Compute;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::{Method, MethodInfo};
use sweetspot_core::error::Result;

/// What computes each method.
static METHODS: Computations<MethodInfo, Compute> = Computations::new(&[
    cam::GRAD_CAM,
    cam::GRAD_CAM_PLUS_PLUS,
    cam::HIRES_CAM,
    cam::LAYER_CAM,
    score_cam::ENTRY,
    saliency::ENTRY,
    input_x_gradient::ENTRY,
    integrated_gradients::ENTRY,
    smoothgrad::SMOOTHGRAD,
    smoothgrad::SMOOTHGRAD_SQUARED,
    smoothgrad::VARGRAD,
    smoothgrad::SMOOTHGRAD_IG,
    guided::GUIDED_BACKPROP,
    guided::GUIDED_GRAD_CAM,
    guided::DECONVOLUTION,
    lrp::ENTRY,
    deeplift::ENTRY,
    occlusion::ENTRY,
    rise::ENTRY,
    surrogate::LIME,
    surrogate::KERNEL_SHAP,
    attention::ATTENTION,
    attention::ATTENTION_ROLLOUT,
    attention::TRANSFORMER_ATTRIBUTION,
]);

/// Registers a method for the rest of the program, with what computes it: link, command line and menus know it from now on.
///
/// # Errors
///
/// An id that is taken or is none; see [`Registered::register`](sweetspot_core::registry::Registered::register).
pub fn register(info: &'static MethodInfo, compute: Compute) -> Result<Method> {
    METHODS.register(info, compute)
}

/// A method carried out.
#[allow(async_fn_in_trait, reason = "nothing here leaves its thread")]
pub trait Attribute {
    /// Computes the method's map.
    ///
    /// # Errors
    ///
    /// What the method itself says, and that nothing computes it.
    async fn attribute(self, context: &Context<'_>) -> Result<ChannelMap>;
}

impl Attribute for Method {
    async fn attribute(self, context: &Context<'_>) -> Result<ChannelMap> {
        METHODS.of(self)?(context).await
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_method_is_computed_once() {
        crate::registry::check(&super::METHODS);
    }
}
