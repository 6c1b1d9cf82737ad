//! Attribution: which pixels a class's score rests on. A method a file.

pub mod attention;
pub mod baseline;
pub(crate) mod cam;
pub mod context;
pub mod deeplift;
pub(crate) mod guided;
pub(crate) mod input_x_gradient;
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

use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;

/// A method carried out.
#[allow(async_fn_in_trait, reason = "nothing here leaves its thread")]
pub trait Attribute {
    /// Computes the method's map.
    async fn attribute(self, context: &context::Context<'_>) -> Result<ChannelMap>;
}

impl Attribute for Method {
    async fn attribute(self, context: &context::Context<'_>) -> Result<ChannelMap> {
        match self {
            Self::Saliency => saliency::attribute(context).await,
            Self::InputXGradient => input_x_gradient::attribute(context).await,
            Self::IntegratedGradients => integrated_gradients::attribute(context).await,
            Self::GradCam => cam::grad_cam(context).await,
            Self::GradCamPlusPlus => cam::grad_cam_plus_plus(context).await,
            Self::HiResCam => cam::hires_cam(context).await,
            Self::LayerCam => cam::layer_cam(context).await,
            Self::SmoothGrad => smoothgrad::attribute(context, smoothgrad::Average::Absolute).await,
            Self::SmoothGradSquared => smoothgrad::attribute(context, smoothgrad::Average::Squared).await,
            Self::VarGrad => smoothgrad::attribute(context, smoothgrad::Average::Variance).await,
            Self::SmoothGradIg => smoothgrad::smoothgrad_ig(context).await,
            Self::GuidedBackprop => guided::guided_backprop(context).await,
            Self::GuidedGradCam => guided::guided_grad_cam(context).await,
            Self::Deconvolution => guided::deconvolution(context).await,
            Self::Lrp => lrp::attribute(context).await,
            Self::DeepLift => deeplift::attribute(context).await,
            Self::ScoreCam => score_cam::attribute(context).await,
            Self::Occlusion => occlusion::attribute(context).await,
            Self::Rise => rise::attribute(context).await,
            Self::Lime => surrogate::lime(context).await,
            Self::KernelShap => surrogate::kernel_shap(context).await,
            Self::Attention => attention::attention(context).await,
            Self::AttentionRollout => attention::attention_rollout(context).await,
            Self::TransformerAttribution => attention::transformer_attribution(context).await,
        }
    }
}
