//! Grad-CAM (Selvaraju et al., 2017): a layer's feature maps, each weighted by the mean gradient of the class score over it, rectified.

use super::context::{ChannelMap, Context};
use crate::device::values;
use crate::error::Result;
use crate::image::upsample;

/// `relu(sum_k mean(dS_c / dA_k) A_k)`, scaled bilinearly to the input's size. Gradients are recorded from the layer on only.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let [_, _, height, width] = context.input.dims();
    let recorded = context.network.record_from(context.input.clone(), context.tap)?;
    let [_, _, rows, columns] = recorded.leaf().dims();
    let importance = recorded.gradient(context.target).mean_dims(&[2, 3]);
    let map = (recorded.leaf() * importance).sum_dim(1).clamp_min(0.0);
    let values = upsample(&values(map).await?, (rows, columns), (height, width));
    Ok(ChannelMap { channels: 1, height, width, values, signed: false })
}
