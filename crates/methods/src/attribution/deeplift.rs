//! DeepLIFT with the rescale rule (Shrikumar, Greenside and Kundaje, 2017): what the image and a baseline differ in at each nonlinearity, put in
//! the place of its slope. The values sum to `S_c(x) - S_c(baseline)`.
//!
//! Maximum pooling goes as in captum: each of the two winners gets its part of the difference.

use super::context::map_of;
use burn::tensor::{Bool, Tensor};

use super::baseline::baseline;
use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_nn::operations::pooling::pool_back;
use sweetspot_nn::tape::{Kept, Node, Operation, Rule};

pub(crate) const ENTRY: Entry = Entry { of: Method::DeepLift, compute: |context| Box::pin(attribute(context)) };

/// Differences below this one are taken for none, and the slope is used instead (captum's constant).
const NONE: f32 = 1e-10;

/// `(x - x') * m`, with `m` the multipliers of the rescale rule; a value a channel.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    from(context, baseline(context).await?).await
}

/// The same from this baseline, [1, channels, h, w].
pub async fn from(context: &Context<'_>, baseline: Tensor<4>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    // Image and baseline go through together; the parts that come back are the image's alone.
    let recorded = context.network.record_all(Tensor::cat(vec![context.input.clone(), baseline.clone()], 0));
    let logits = recorded.logits();
    let classes = logits.dims()[1];
    let seed = Tensor::zeros([1, classes, 1, 1], &context.input.device()).slice_fill([0..1, context.target..context.target + 1], 1.0);
    let multipliers = recorded.back_from(seed, &Rescale);
    let ends = sweetspot_nn::device::values(logits.narrow(1, context.target, 1)).await?;
    let map = map_of(multipliers * (context.input.clone() - baseline), true).await?;
    Ok(ChannelMap { total: Some(ends[0] - ends[1]), ..map })
}

struct Rescale;

impl Rule for Rescale {
    fn back(&self, operation: &Operation<'_>, kept: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        match (operation, kept) {
            (Operation::Rectify { from, output } | Operation::RectifyTo6 { from, output }, Some(kept)) => {
                let (same, inputs) = apart(&kept.inputs[0]);
                let slope = slope(operation, output);
                let ratio = difference(output) / inputs.mask_fill(same.clone(), 1.0);
                vec![(*from, part * ratio.mask_where(same, slope))]
            }
            (Operation::Pool { from, places, size }, Some(kept)) => {
                let (same, inputs) = apart(&kept.inputs[0]);
                let (image, baseline) = (half(&kept.output, 0), half(&kept.output, 1));
                let larger = image.clone().max_pair(baseline.clone());
                let of = |which: usize| places.clone().narrow(0, which, 1);
                let shares = pool_back(&of(0), part.clone() * (larger.clone() - baseline), *size)
                    + pool_back(&of(1), part.clone() * (image - larger), *size);
                let slope = pool_back(&of(0), part, *size);
                vec![(*from, (shares / inputs.mask_fill(same.clone(), 1.0)).mask_where(same, slope))]
            }
            _ => operation.back(part),
        }
    }
}

/// The image's (0) or the baseline's (1) values.
fn half(values: &Tensor<4>, which: usize) -> Tensor<4> {
    values.clone().narrow(0, which, 1)
}

fn difference(values: &Tensor<4>) -> Tensor<4> {
    half(values, 0) - half(values, 1)
}

/// Where image and baseline do not differ, and by how much they do.
fn apart(values: &Tensor<4>) -> (Tensor<4, Bool>, Tensor<4>) {
    let difference = difference(values);
    (difference.clone().abs().lower_elem(NONE), difference)
}

/// A rectifier's slope at the image.
fn slope(operation: &Operation<'_>, output: &Tensor<4>) -> Tensor<4> {
    let output = half(output, 0);
    let open = output.clone().greater_elem(0.0).float();
    match operation {
        Operation::RectifyTo6 { .. } => open * output.lower_elem(6.0).float(),
        _ => open,
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use burn::tensor::module::max_pool2d_with_indices;
    use burn::tensor::ops::MaxPoolOptions;

    use super::*;

    /// The rule by loops: (image, baseline) [9 x 9] and the windows' parts [4 x 4] to multipliers.
    fn by_loops(image: &[f32], baseline: &[f32], part: &[f32]) -> Vec<f32> {
        let winner = |plane: &[f32], row: usize, column: usize| {
            let places = (0..9).map(|i| (2 * row + i / 3) * 9 + 2 * column + i % 3);
            places.fold(None, |best: Option<usize>, at| match best {
                Some(best) if plane[best] >= plane[at] => Some(best),
                _ => Some(at),
            })
        };
        let (mut shares, mut slope) = (vec![0.0; 81], vec![0.0; 81]);
        for (window, part) in part.iter().enumerate() {
            let (a, b) = (winner(image, window / 4, window % 4).unwrap(), winner(baseline, window / 4, window % 4).unwrap());
            let larger = image[a].max(baseline[b]);
            shares[a] += part * (larger - baseline[b]);
            shares[b] += part * (image[a] - larger);
            slope[a] += part;
        }
        (0..81).map(|i| if image[i] == baseline[i] { slope[i] } else { shares[i] / (image[i] - baseline[i]) }).collect()
    }

    #[test]
    fn pools_hand_each_winner_its_part() {
        let device = sweetspot_nn::device::cpu();
        for seed in 0..50 {
            // Rectified waves with many zeros, and a baseline of one value, which ties everywhere.
            let image: Vec<f32> = (0..81).map(|i| (0.3 * ((i * i + 7 * seed) as f32).sin() - 0.2).max(0.0)).collect();
            let baseline = vec![if seed % 5 == 0 { 0.0 } else { 0.04 }; 81];
            let part: Vec<f32> = (0..16).map(|i| ((i * 3 + seed) as f32).cos()).collect();
            let input = Tensor::<4>::from_data(TensorData::new([image.clone(), baseline.clone()].concat(), [2, 1, 9, 9]), &device);
            let options = MaxPoolOptions { ceil_mode: true, ..MaxPoolOptions::new([3, 3]).with_stride([2, 2]) };
            let (output, places) = max_pool2d_with_indices(input.clone(), options);
            let kept = Kept { inputs: vec![input], output };
            let given = Tensor::<4>::from_data(TensorData::new(part.clone(), [1, 1, 4, 4]), &device);
            let back = Rescale.back(&Operation::Pool { from: 0, places, size: [9, 9] }, Some(&kept), given).remove(0).1;
            let got: Vec<f32> = back.into_data().try_to_vec().unwrap();
            let expected = by_loops(&image, &baseline, &part);
            assert!(
                got.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5 * b.abs().max(1.0)),
                "{seed}: {got:?}, expected {expected:?}"
            );
        }
    }
}
