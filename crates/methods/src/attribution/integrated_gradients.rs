//! Integrated gradients (Sundararajan, Taly and Yan, 2017): gradients gathered along the straight path from a baseline to the image.
//!
//! The baseline is zero in normalised units, the recipe's mean colour, unless chosen. Gauss-Legendre nodes, as captum's default.
//! Completeness: the values sum to `S_c(x) - S_c(baseline)` up to the rule's error.

use burn::tensor::{Tensor, TensorData};

use super::baseline::baseline;
use super::context::Context;
use super::entry::Entry;
use super::quadrature::gauss_legendre;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::settings::STEPS;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;

pub(crate) const ENTRY: Entry = Entry { of: Method::IntegratedGradients, compute: |context| Box::pin(attribute(context)) };

/// `(x - x') * sum_k w_k dS_c(x' + a_k (x - x')) / dx`, a value a channel.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let baseline = baseline(context).await?;
    let [_, channels, height, width] = context.input.dims();
    let difference = values(context.input.clone() - baseline.clone()).await?;
    let map = |gathered: &[f64], weight: f64| {
        let values = gathered.iter().zip(&difference).map(|(g, d)| (g / weight * f64::from(*d)) as f32).collect();
        ChannelMap { channels, height, width, values, signed: true, total: None }
    };
    let steps = context.whole(&STEPS);
    let gathered = along_path(context, &context.input, &baseline, steps, async |done, gathered, weight| {
        if done > 0 {
            context.job.show(|| map(gathered, weight));
        }
        context.job.step(done as u64, steps as u64).await
    });
    let gathered = gathered.await?;
    let ends = context.scores(Tensor::cat(vec![context.input.clone(), baseline], 0)).await?;
    Ok(ChannelMap { total: Some(ends[0] - ends[1]), ..map(&gathered, 1.0) })
}

/// `sum_k w_k dS_c(x' + a_k (x - x')) / dx` as [channels x h x w] values. `before` is called before each batch with the nodes done, the sum so
/// far and the weight it has.
pub async fn along_path(
    context: &Context<'_>,
    image: &Tensor<4>,
    baseline: &Tensor<4>,
    steps: usize,
    mut before: impl AsyncFnMut(usize, &[f64], f64) -> Result<()>,
) -> Result<Vec<f64>> {
    let device = image.device();
    let difference = image.clone() - baseline.clone();
    let mut gathered = vec![0.0_f64; image.dims().iter().product()];
    let (mut done, mut weight) = (0, 0.0);
    for nodes in gauss_legendre(steps).chunks(context.batch) {
        before(done, &gathered, weight).await?;
        let column = |values: Vec<f32>| Tensor::<4>::from_data(TensorData::new(values, [nodes.len(), 1, 1, 1]), &device);
        let images = baseline.clone() + difference.clone() * column(nodes.iter().map(|(a, _)| *a as f32).collect());
        let weighted = context.gradients(images) * column(nodes.iter().map(|(_, w)| *w as f32).collect());
        // Read back each batch: a GPU's queue must not run ahead of a wish to stop.
        let sum = values(weighted.sum_dim(0)).await?;
        gathered.iter_mut().zip(sum).for_each(|(total, part)| *total += f64::from(part));
        done += nodes.len();
        weight += nodes.iter().map(|(_, w)| w).sum::<f64>();
    }
    Ok(gathered)
}
