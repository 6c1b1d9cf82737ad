//! Sufficiency (Dasgupta, Frost and Moshkovitz, 2022): whether images with like maps get the same class. Here, as in Quantus, on a sample: noisy
//! copies of the image.

use super::entry::{Compute, Entry};
use super::robustness::norm;
use super::trial::{Outcome, Trial};
use crate::metrics::checks::undefined;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_nn::device::values;
use sweetspot_nn::logits::top;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Sufficiency, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = "sufficiency";

/// Noisy copies.
pub(crate) const COPIES: usize = 10;

/// Standard deviation of their noise, as a share of the range from black to white.
pub const NOISE: f64 = 0.1;

/// Up to which Euclidean distance two maps are alike (Quantus' default), each scaled to a Euclidean norm of 1: a cosine of at least 0.82. Quantus
/// scales to a largest value of 1 instead, where the distance grows with the number of pixels.
pub(crate) const ALIKE: f64 = 0.6;

/// The share, among noisy copies whose map is like the image's, of those that get the image's first class. Between 0 and 1; higher is better.
/// Undefined where no copy's map is alike. 10 maps and 11 passes.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let mut random = trial.random();
    let (same, alike) = of_noise(trial, COPIES, |_| trial.noise(&mut random, NOISE)).await?;
    if alike == 0 {
        return Err(undefined(ID, format!("none of {COPIES} noisy copies has a map like the image's")));
    }
    let note = format!("{alike} of {COPIES} noisy copies have a map like the image's; {same} of them get the same class.");
    Ok(Outcome { value: same as f32 / alike as f32, note, ..Outcome::default() })
}

/// How many copies with this noise, [channels, h, w], a function of the copy's number, have a like map and the same class, and how many a like map.
pub async fn of_noise(trial: &Trial<'_>, copies: usize, mut noise: impl FnMut(usize) -> Vec<f32>) -> Result<(usize, usize)> {
    let context = trial.context;
    let first = async |input| Ok(top(&values(context.network.logits(input)).await?, 1)[0]);
    let class = first(context.input.clone()).await?;
    let (mut same, mut alike) = (0, 0);
    for copy in 0..copies {
        context.job.step(copy as u64, copies as u64).await?;
        let input = context.input.clone() + context.images(noise(copy));
        let map = trial.map_of(input.clone()).await?;
        if distance(&map.values, &trial.map.values) <= ALIKE {
            alike += 1;
            same += usize::from(first(input).await? == class);
        }
    }
    Ok((same, alike))
}

/// The Euclidean distance of two maps, each scaled to a Euclidean norm of 1; a map that is zero everywhere stays so.
pub fn distance(a: &[f32], b: &[f32]) -> f64 {
    let scale = |map: &[f32]| match norm(map.iter().map(|v| f64::from(*v))) {
        0.0 => 1.0,
        norm => norm,
    };
    let (of_a, of_b) = (scale(a), scale(b));
    norm(a.iter().zip(b).map(|(a, b)| f64::from(*a) / of_a - f64::from(*b) / of_b))
}
