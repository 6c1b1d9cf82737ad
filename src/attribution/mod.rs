//! Attribution: which pixels the network's answer rests on. A method a file, registered in [`Method`].
//!
//! What a method is called, what it says and what it takes is known to the page too, which has no mathematics; what it computes is
//! compiled with the feature `compute`.

pub mod effort;
pub mod map;
pub mod method;
pub mod setting;

pub use method::{Family, Method, MethodInfo};

#[cfg(feature = "compute")]
pub mod attention;
#[cfg(feature = "compute")]
pub mod baseline;
#[cfg(feature = "compute")]
pub mod cam;
#[cfg(feature = "compute")]
pub mod context;
#[cfg(feature = "compute")]
pub mod deeplift;
#[cfg(feature = "compute")]
pub mod guided;
#[cfg(feature = "compute")]
pub mod input_x_gradient;
#[cfg(feature = "compute")]
pub mod integrated_gradients;
#[cfg(feature = "compute")]
pub mod lrp;
#[cfg(feature = "compute")]
pub mod occlusion;
#[cfg(feature = "compute")]
pub mod quadrature;
#[cfg(feature = "compute")]
pub mod rise;
#[cfg(feature = "compute")]
pub mod saliency;
#[cfg(feature = "compute")]
pub mod score_cam;
#[cfg(feature = "compute")]
pub mod smoothgrad;
#[cfg(feature = "compute")]
pub mod superpixels;
#[cfg(feature = "compute")]
pub mod surrogate;

#[cfg(feature = "compute")]
impl Method {
    /// Computes the method's map.
    pub async fn attribute(self, context: &context::Context<'_>) -> crate::error::Result<map::ChannelMap> {
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
