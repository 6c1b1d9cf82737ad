//! Integrated gradients (Sundararajan, Taly and Yan, 2017): gradients gathered along the straight path from a baseline to the image.
//!
//! The baseline is zero in normalised units, the recipe's mean colour. Gauss-Legendre nodes, as captum's default. Completeness: the values
//! sum to `S_c(x) - S_c(baseline)` up to the rule's error.

use burn::tensor::{Tensor, TensorData};

use super::context::{ChannelMap, Context};
use super::quadrature::gauss_legendre;
use crate::device::values;
use crate::error::Result;

/// `x * sum_k w_k dS_c(a_k x) / dx`, a value a channel.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let steps = context.parameters.steps;
    let [_, channels, height, width] = context.input.dims();
    let device = context.input.device();
    let mut gathered = vec![0.0_f64; channels * height * width];
    let mut done = 0;
    for nodes in gauss_legendre(steps).chunks(context.batch) {
        context.job.step(done as u64, steps as u64).await?;
        let column = |values: Vec<f32>| Tensor::<4>::from_data(TensorData::new(values, [nodes.len(), 1, 1, 1]), &device);
        let images = context.input.clone() * column(nodes.iter().map(|(a, _)| *a as f32).collect());
        let weighted = context.gradients(images) * column(nodes.iter().map(|(_, w)| *w as f32).collect());
        // Read back each batch: a GPU's queue must not run ahead of a wish to stop.
        let sum = values(weighted.sum_dim(0)).await?;
        gathered.iter_mut().zip(sum).for_each(|(total, part)| *total += f64::from(part));
        done += nodes.len();
    }
    let input = values(context.input.clone()).await?;
    let values = gathered.iter().zip(input).map(|(g, x)| (g * f64::from(x)) as f32).collect();
    Ok(ChannelMap { channels, height, width, values, signed: true })
}
