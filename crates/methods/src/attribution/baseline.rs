//! What stands for "nothing there": the start of a path, or what covers a pixel.

use burn::tensor::Tensor;
use rand::RngExt;

use super::context::Context;
use sweetspot_core::attribution::settings::BASELINE;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;

/// Side of the blur's kernel and its standard deviation in pixels (RISE's insertion game; Petsiuk et al., 2018).
pub(crate) const BLUR: (usize, f64) = (11, 5.0);

/// The baseline the method's parameters ask for, [1, channels, h, w].
pub async fn baseline(context: &Context<'_>) -> Result<Tensor<4>> {
    let [_, channels, height, width] = context.input.dims();
    let pixels = height * width;
    let of_channels =
        |value: &dyn Fn(usize) -> f32| context.images((0..channels).flat_map(|c| std::iter::repeat_n(value(c), pixels)).collect());
    Ok(match context.choice(&BASELINE).as_str() {
        "mean" => context.input.clone().mean_dims(&[2, 3]).expand([1, channels, height, width]),
        "black" => of_channels(&|c| context.bounds[c].0),
        "blur" => context.images(blur(&values(context.input.clone()).await?, channels, height, width)),
        "noise" => {
            let mut random = context.random();
            let mut draw = |c: usize| {
                let (least, most) = context.bounds[c];
                random.random_range(least..most)
            };
            context.images((0..channels).flat_map(|c| std::iter::repeat_n(c, pixels)).map(&mut draw).collect())
        }
        _ => context.input.zeros_like(),
    })
}

/// Blurs [channels, h, w] values channel by channel with a Gaussian kernel; zeros lie beyond the edges, as in RISE's code.
pub fn blur(values: &[f32], channels: usize, height: usize, width: usize) -> Vec<f32> {
    let (side, deviation) = BLUR;
    let half = side / 2;
    // RISE's kernel is a dot blurred on 11 x 11 pixels whose edges are mirrors: the bell's tails, up to four deviations, come back in. It is
    // flatter than a bell that is cut off. Mirrored from the middle of an axis, a tail comes back as if the dots stood 11 pixels apart.
    let tail = (4.0 * deviation) as i64;
    let images = |i: usize| (-2..=2).map(move |k| i as i64 - half as i64 + k * side as i64).filter(move |d| d.abs() <= tail);
    let bell: Vec<f64> = (0..side).map(|i| images(i).map(|d| (-(d as f64 / deviation).powi(2) / 2.0).exp()).sum()).collect();
    let sum: f64 = bell.iter().sum();
    // The kernel is a product, so rows and columns are blurred one after the other.
    let along = |values: &[f64], count: usize, step: usize, at: usize, start: usize| -> f64 {
        let (from, to) = (at.saturating_sub(half), (at + half).min(count - 1));
        (from..=to).map(|i| values[start + i * step] * bell[i + half - at]).sum::<f64>() / sum
    };
    let mut blurred = Vec::with_capacity(values.len());
    for plane in values.chunks_exact(height * width).take(channels) {
        let plane: Vec<f64> = plane.iter().map(|&v| f64::from(v)).collect();
        let rows: Vec<f64> = (0..height * width).map(|i| along(&plane, width, 1, i % width, i / width * width)).collect();
        blurred.extend((0..height * width).map(|i| along(&rows, height, width, i / width, i % width) as f32));
    }
    blurred
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_mass_inside_and_darkens_edges() {
        let (height, width) = (31, 29);
        let mut dot = vec![0.0; height * width];
        dot[15 * width + 14] = 1.0;
        let blurred = blur(&dot, 1, height, width);
        assert!((blurred.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(blurred.iter().filter(|v| **v > 0.0).count(), 121);
        // The middle line of scipy's `gaussian_filter(dot, 5)` on 11 x 11 pixels, which is RISE's kernel.
        let lines: Vec<f32> = (10..21).map(|y| blurred[y * width..][..width].iter().sum()).collect();
        for (line, expected) in lines.iter().zip([0.087_958_15, 0.088_896_12, 0.090_474_2, 0.092_191_12, 0.093_489_39, 0.093_982_06]) {
            assert!((line - expected).abs() < 1e-6, "{line}, expected {expected}");
        }
        let even = blur(&vec![1.0; height * width], 1, height, width);
        assert!((even[15 * width + 14] - 1.0).abs() < 1e-6);
        assert!((0.25..0.5).contains(&even[0]), "a corner sees a quarter of the kernel and its middle lines: {}", even[0]);
    }
}
