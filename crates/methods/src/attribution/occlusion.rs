//! Occlusion (Zeiler and Fergus, 2014): how much the score falls when a square is covered, with captum's windows.

use super::baseline::baseline;
use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::methods::occlusion::{STRIDE, WINDOW};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;

pub(crate) const ENTRY: Entry = Entry { of: Method::Occlusion, compute: |context| Box::pin(attribute(context)) };

/// The mean of `S_c(x) - S_c(x covered)` over the squares that cover a pixel; all colours of a pixel are covered together.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let cover = values(baseline(context).await?).await?;
    covered_by(context, &cover).await
}

/// The same with squares that show these values, [channels, h, w].
pub async fn covered_by(context: &Context<'_>, cover: &[f32]) -> Result<ChannelMap> {
    let [_, channels, height, width] = context.input.dims();
    let (window, stride) = (context.whole(&WINDOW), context.whole(&STRIDE));
    if window > height.min(width) {
        return Err(Error::bad_value("window", window, &format!("at most the image's side, {}", height.min(width))));
    }
    if stride > window {
        return Err(Error::bad_value("stride", stride, &format!("at most the window's side, {window}, or pixels would be left out")));
    }
    // Squares start a stride apart; the last one reaches the edge and is cut off there.
    let starts = |length: usize| (0..=(length - window).div_ceil(stride)).map(|i| i * stride).collect::<Vec<_>>();
    let (rows, columns) = (starts(height), starts(width));
    let squares: Vec<(usize, usize)> = rows.iter().flat_map(|&y| columns.iter().map(move |&x| (y, x))).collect();
    let pixels_of = |(y, x): (usize, usize)| {
        (y..(y + window).min(height)).flat_map(move |row| (x..(x + window).min(width)).map(move |column| row * width + column))
    };

    let image = values(context.input.clone()).await?;
    let score = context.scores(context.input.clone()).await?[0];
    let (mut sum, mut count) = (vec![0.0_f64; height * width], vec![0_u32; height * width]);
    let map = |sum: &[f64], count: &[u32]| {
        let values = sum.iter().zip(count).map(|(sum, count)| (sum / f64::from((*count).max(1))) as f32).collect();
        ChannelMap { channels: 1, height, width, values, signed: true, total: None }
    };
    let mut done = 0;
    for batch in squares.chunks(context.batch) {
        if done > 0 {
            context.job.show(|| map(&sum, &count));
        }
        context.job.step(done as u64, squares.len() as u64).await?;
        let mut covered = Vec::with_capacity(batch.len() * image.len());
        for &square in batch {
            let start = covered.len();
            covered.extend_from_slice(&image);
            for pixel in pixels_of(square) {
                (0..channels).map(|c| c * height * width + pixel).for_each(|at| covered[start + at] = cover[at]);
            }
        }
        for (&square, left) in batch.iter().zip(context.scores(context.images(covered)).await?) {
            for pixel in pixels_of(square) {
                sum[pixel] += f64::from(score - left);
                count[pixel] += 1;
            }
        }
        done += batch.len();
    }
    Ok(map(&sum, &count))
}
