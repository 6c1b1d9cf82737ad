//! Score-CAM (Wang et al., 2020): a layer's features, each weighted by the score of the image seen through it.

use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::{ChannelMap, ends};
use sweetspot_core::attribution::methods::score_cam::CHANNELS;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;
use sweetspot_nn::image::upsample;
use sweetspot_nn::logits::softmax;

pub(crate) const ENTRY: Entry = Entry { of: Method::ScoreCam, compute: |context| Box::pin(attribute(context)) };

/// The least range of a channel's values that is not taken for constant (pytorch-grad-cam's constant).
const FLAT: f32 = 1e-8;

/// `relu(sum_k softmax_k(S_c(x * u(A_k))) A_k)`, with `u` a channel enlarged bilinearly and scaled to 0..1. Channels are tried in the order of
/// their mean activity; those that are constant hide the image alike and share a pass. pytorch-grad-cam enlarges with the corners aligned,
/// which moves masks by up to half a cell; here as everywhere the pixels' areas are.
pub(crate) async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let [_, _, height, width] = context.input.dims();
    context.job.step(0, 0).await?;
    let features = context.network.grid(context.network.features_at(context.input.clone(), context.tap)?);
    let [_, channels, rows, columns] = features.dims();
    let places = rows * columns;
    let features = values(features).await?;
    let channel = |k: usize| &features[k * places..][..places];

    let mean = |k: usize| channel(k).iter().map(|v| f64::from(*v)).sum::<f64>();
    let mut order: Vec<(usize, f64)> = (0..channels).map(|k| (k, mean(k))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let wanted = context.whole(&CHANNELS);
    order.truncate(if wanted == 0 { channels } else { wanted });

    let image = values(context.input.clone()).await?;
    let (mut constant, mut varied) = (Vec::new(), Vec::new());
    for (k, _) in order {
        let (least, most) = ends(channel(k));
        if most - least > FLAT { varied.push(k) } else { constant.push(k) }
    }
    let mut scored: Vec<(usize, f32)> = Vec::with_capacity(channels);
    if !constant.is_empty() {
        let score = context.scores(context.input.zeros_like()).await?[0];
        scored.extend(constant.into_iter().map(|k| (k, score)));
    }
    let map = |scored: &[(usize, f32)]| {
        let weights = softmax(&scored.iter().map(|(_, score)| *score).collect::<Vec<_>>());
        let mut sum = vec![0.0_f32; places];
        for ((k, _), weight) in scored.iter().zip(weights) {
            sum.iter_mut().zip(channel(*k)).for_each(|(sum, v)| *sum += weight * v);
        }
        sum.iter_mut().for_each(|v| *v = v.max(0.0));
        let values = upsample(&sum, (rows, columns), (height, width));
        ChannelMap { channels: 1, height, width, values, signed: false, total: None }
    };
    let mut done = 0;
    for batch in varied.chunks(context.batch) {
        if done > 0 {
            context.job.show(|| map(&scored));
        }
        context.job.step(done as u64, varied.len() as u64).await?;
        let mut masked = Vec::with_capacity(batch.len() * image.len());
        for &k in batch {
            let mask = upsample(channel(k), (rows, columns), (height, width));
            let (least, most) = ends(&mask);
            let range = (most - least).max(FLAT);
            masked.extend(image.iter().zip(mask.iter().cycle()).map(|(x, m)| x * (m - least) / range));
        }
        let scores = context.scores(context.images(masked)).await?;
        scored.extend(batch.iter().copied().zip(scores));
        done += batch.len();
    }
    Ok(map(&scored))
}
