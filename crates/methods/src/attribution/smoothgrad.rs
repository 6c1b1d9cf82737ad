//! Averages over noisy copies of the image: SmoothGrad (Smilkov et al., 2017), SmoothGrad squared (Hooker et al., 2019), VarGrad (Adebayo et
//! al., 2018) and what the paper's code calls integrated gradients.

use burn::tensor::Tensor;

use super::context::Context;
use super::entry::Entry;
use super::integrated_gradients::along_path;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::{ChannelMap, ends};
use sweetspot_core::attribution::methods::smoothgrad::{FEW_SAMPLES, NOISE, SAMPLES, STRONG_NOISE};
use sweetspot_core::attribution::settings::STEPS;
use sweetspot_core::draw::normal;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;

pub(crate) const SMOOTHGRAD: Entry = Entry { of: Method::SmoothGrad, compute: |context| Box::pin(attribute(context, Average::Absolute)) };
pub(crate) const SMOOTHGRAD_SQUARED: Entry =
    Entry { of: Method::SmoothGradSquared, compute: |context| Box::pin(attribute(context, Average::Squared)) };
pub(crate) const VARGRAD: Entry = Entry { of: Method::VarGrad, compute: |context| Box::pin(attribute(context, Average::Variance)) };
pub(crate) const SMOOTHGRAD_IG: Entry = Entry { of: Method::SmoothGradIg, compute: |context| Box::pin(smoothgrad_ig(context)) };

/// What is kept of the gradients `g` of the noisy copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Mean of |g|.
    Absolute,
    /// Mean of g squared.
    Squared,
    /// Variance of g over the copies (not the sample's estimate: divided by their number).
    Variance,
}

/// The average over copies with drawn noise.
pub async fn attribute(context: &Context<'_>, average: Average) -> Result<ChannelMap> {
    let input = values(context.input.clone()).await?;
    let (least, most) = ends(&input);
    let deviation = context.real(&NOISE) * f64::from(most - least);
    let mut random = context.random();
    of_noise(context, average, context.whole(&SAMPLES), |_| normal(&mut random, deviation, input.len())).await
}

/// The average over copies with this noise, a function of the copy's number.
pub async fn of_noise(
    context: &Context<'_>,
    average: Average,
    samples: usize,
    mut noise: impl FnMut(usize) -> Vec<f32>,
) -> Result<ChannelMap> {
    let [_, channels, height, width] = context.input.dims();
    let size = channels * height * width;
    let (mut sum, mut squares) = (vec![0.0_f64; size], vec![0.0_f64; size]);
    let map = |sum: &[f64], squares: &[f64], count: f64| {
        let value = |(sum, square): (&f64, &f64)| match average {
            Average::Absolute => sum / count,
            Average::Squared => square / count,
            Average::Variance => (square / count - (sum / count).powi(2)).max(0.0),
        };
        let values = sum.iter().zip(squares).map(|pair| value(pair) as f32).collect();
        ChannelMap { channels, height, width, values, signed: false, total: None }
    };
    let mut done = 0;
    while done < samples {
        if done > 0 {
            context.job.show(|| map(&sum, &squares, done as f64));
        }
        context.job.step(done as u64, samples as u64).await?;
        let batch = context.batch.min(samples - done);
        let drawn = context.images((done..done + batch).flat_map(&mut noise).collect());
        for gradient in values(context.gradients(drawn + context.input.clone())).await?.chunks_exact(size) {
            for (at, &g) in gradient.iter().enumerate() {
                let g = f64::from(g);
                sum[at] += if average == Average::Absolute { g.abs() } else { g };
                squares[at] += g * g;
            }
        }
        done += batch;
    }
    Ok(map(&sum, &squares, samples as f64))
}

/// The paper's "IG": captum's noise tunnel over integrated gradients with its default deviation of 1 in normalised units, which is very strong.
/// Each copy's path ends at the noisy image.
pub(crate) async fn smoothgrad_ig(context: &Context<'_>) -> Result<ChannelMap> {
    let [_, _, height, width] = context.input.dims();
    let mut random = context.random();
    let deviation = context.real(&STRONG_NOISE);
    // The paper's inputs are divided by ImageNet's deviation; other recipes have other units.
    let noise = |_| -> Vec<f32> {
        let unit = |&(least, most): &(f32, f32)| UNIT * f64::from(most - least);
        context.bounds.iter().flat_map(|bounds| normal(&mut random, deviation * unit(bounds), height * width)).collect()
    };
    smoothgrad_ig_of_noise(context, context.whole(&FEW_SAMPLES), noise).await
}

/// ImageNet's deviation as a share of the byte range, mean over channels: (0.229 + 0.224 + 0.225) / 3.
const UNIT: f64 = 0.226;

/// The same with this noise, a function of the copy's number.
pub async fn smoothgrad_ig_of_noise(context: &Context<'_>, samples: usize, mut noise: impl FnMut(usize) -> Vec<f32>) -> Result<ChannelMap> {
    let [_, channels, height, width] = context.input.dims();
    let steps = context.whole(&STEPS);
    let baseline = context.input.zeros_like();
    let mut shares = vec![0.0_f64; channels * height * width];
    let mut total = 0.0;
    for sample in 0..samples {
        let image = context.input.clone() + context.images(noise(sample));
        let gathered = along_path(context, &image, &baseline, steps, async |done, _, _| {
            context.job.step((sample * steps + done) as u64, (samples * steps) as u64).await
        });
        let (gathered, image) = (gathered.await?, image);
        let path = values(image.clone()).await?;
        shares.iter_mut().zip(gathered.iter().zip(path)).for_each(|(share, (g, x))| *share += g * f64::from(x) / samples as f64);
        let ends = context.scores(Tensor::cat(vec![image, baseline.clone()], 0)).await?;
        total += (ends[0] - ends[1]) / samples as f32;
    }
    let values = shares.into_iter().map(|v| v as f32).collect();
    Ok(ChannelMap { channels, height, width, values, signed: true, total: Some(total) })
}
