//! Class activation maps from gradients: a layer's feature maps `A_k`, weighted by what the class score's gradient `g_k = dS_c / dA_k` says of
//! them, summed and rectified. Gradients are recorded from the layer on only. Of tokens, those of the patches count, the class token does not.
//!
//! Maps are neither clipped at their top nor scaled to 0..1, as pytorch-grad-cam does for display; they are enlarged bilinearly.

use burn::tensor::{Tensor, activation::relu};

use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;
use sweetspot_nn::image::upsample;

pub(crate) const GRAD_CAM: Entry = Entry { of: Method::GradCam, compute: |context| Box::pin(grad_cam(context)) };
pub(crate) const GRAD_CAM_PLUS_PLUS: Entry =
    Entry { of: Method::GradCamPlusPlus, compute: |context| Box::pin(grad_cam_plus_plus(context)) };
pub(crate) const HIRES_CAM: Entry = Entry { of: Method::HiResCam, compute: |context| Box::pin(hires_cam(context)) };
pub(crate) const LAYER_CAM: Entry = Entry { of: Method::LayerCam, compute: |context| Box::pin(layer_cam(context)) };

/// Grad-CAM (Selvaraju et al., 2017): `relu(sum_k mean(g_k) A_k)`.
pub(crate) async fn grad_cam(context: &Context<'_>) -> Result<ChannelMap> {
    cam(context, |features, gradient| features * gradient.mean_dims(&[2, 3])).await
}

/// Grad-CAM++ (Chattopadhay et al., 2018, equation 19 with the exponential's derivatives): `relu(sum_k (sum_ij relu(g) a) A_k)` with
/// `a = g^2 / (2 g^2 + sum(A_k) g^3 + 1e-6)`, zero where g is, as pytorch-grad-cam writes it.
pub(crate) async fn grad_cam_plus_plus(context: &Context<'_>) -> Result<ChannelMap> {
    cam(context, |features, gradient| {
        let squared = gradient.clone() * gradient.clone();
        let below = squared.clone() * 2.0 + features.clone().sum_dims(&[2, 3]) * squared.clone() * gradient.clone() + 1e-6;
        // A zero gradient makes a zero numerator, and the constant keeps its denominator from being one.
        let weights = (relu(gradient) * squared / below).sum_dims(&[2, 3]);
        features * weights
    })
    .await
}

/// HiResCAM (Draelos and Carin, 2020): `relu(sum_k g_k A_k)`, place by place.
pub(crate) async fn hires_cam(context: &Context<'_>) -> Result<ChannelMap> {
    cam(context, |features, gradient| features * gradient).await
}

/// Layer-CAM (Jiang et al., 2021): `relu(sum_k relu(g_k) A_k)`, place by place.
pub(crate) async fn layer_cam(context: &Context<'_>) -> Result<ChannelMap> {
    cam(context, |features, gradient| features * relu(gradient)).await
}

/// The rectified sum over channels of features weighted by their gradients, enlarged to the input's size.
async fn cam(context: &Context<'_>, weigh: impl Fn(Tensor<4>, Tensor<4>) -> Tensor<4>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let [_, _, height, width] = context.input.dims();
    let recorded = context.network.record_from(context.input.clone(), context.tap)?;
    let [features, gradient] = [recorded.leaf(), recorded.gradient(context.target)].map(|x| context.network.grid(x));
    let map = relu(weigh(features, gradient).sum_dim(1));
    let [_, _, rows, columns] = map.dims();
    let values = upsample(&values(map).await?, (rows, columns), (height, width));
    Ok(ChannelMap { channels: 1, height, width, values, signed: false, total: None })
}
