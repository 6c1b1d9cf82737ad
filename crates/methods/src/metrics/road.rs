//! ROAD, remove and debias (Rong et al., 2022): the strongest pixels are blended into their surroundings instead of being painted over, so that
//! the network cannot recognise the object by the shape of what was taken away.

use super::entry::{Compute, Entry};
use super::imputation::impute;
use super::trial::{Outcome, Trial};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_nn::image::denormalise;
use sweetspot_protocol::{Pictures, Point};

pub(crate) const ENTRY: Entry = Entry { of: Measure::Road, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = super::imputation::ID;

/// Percentages of the pixels that are taken away.
pub(crate) const PERCENTAGES: [usize; 6] = [10, 20, 30, 50, 70, 90];

/// Standard deviation of the noise on pixels that are filled in, as a share of the range from black to white: 0.01 as in ROAD's code, whose
/// images lie between 0 and 1. It hides that the filled places are smoother than the rest.
pub const NOISE: f64 = 0.01;

/// The mean over percentages of `p(x) - p(x without its strongest pixels)`, with `p` the target's probability. Between -1 and 1; higher is better.
/// 7 passes; filling in takes longer than they do.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let mut random = trial.random();
    of_noise(trial, |_| trial.noise(&mut random, NOISE)).await
}

/// The same with this noise for an image, [channels, h, w], a function of the percentage's number; only filled pixels get theirs.
pub async fn of_noise(trial: &Trial<'_>, mut noise: impl FnMut(usize) -> Vec<f32>) -> Result<Outcome> {
    let context = trial.context;
    let (image, order) = (trial.input().await?, trial.order());
    let [_, channels, height, width] = context.input.dims();
    let mut missing = vec![false; order.len()];
    let mut shown = vec![(0, image.clone())];
    for (at, percentage) in PERCENTAGES.into_iter().enumerate() {
        context.job.step(at as u64, 2 * PERCENTAGES.len() as u64 + 1).await?;
        order[..order.len() * percentage / 100].iter().for_each(|&pixel| missing[pixel] = true);
        let mut filled = impute(&image, [channels, height, width], &missing)?;
        let places = missing.iter().cycle();
        filled.iter_mut().zip(noise(at)).zip(places).filter(|(_, gone)| **gone).for_each(|((value, noise), _)| *value += noise);
        shown.push((percentage, filled));
    }
    let mut curve = Vec::new();
    for batch in shown.chunks(context.batch) {
        context.job.step((PERCENTAGES.len() + curve.len()) as u64, 2 * PERCENTAGES.len() as u64 + 1).await?;
        let images = context.images(batch.iter().flat_map(|(_, image)| image).copied().collect());
        let found = context.probabilities(images).await?;
        let point = |((percentage, _), value): (&(usize, _), f32)| Point { at: *percentage as f32 / 100.0, value, label: String::new() };
        curve.extend(batch.iter().zip(found).map(point));
    }
    let fall: f64 = curve[1..].iter().map(|point| f64::from(curve[0].value - point.value)).sum();
    let pictures = match trial.view {
        Some(_) => Pictures::Views(shown.iter().map(|(_, image)| denormalise(image, trial.recipe)).collect()),
        None => Pictures::None,
    };
    Ok(Outcome {
        value: (fall / PERCENTAGES.len() as f64) as f32,
        note: "10, 20, 30, 50, 70 and 90 % of the pixels, the map's strongest first, are filled in from their surroundings.".into(),
        curve,
        pictures,
    })
}
