//! Infidelity (Yeh et al., 2019): how badly the map, taken as a linear model of the class's score, predicts what a change of the image does to it.

use super::entry::{Compute, Entry};
use super::trial::{Outcome, Trial};
use crate::metrics::checks::undefined;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Infidelity, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = "infidelity";

/// Changes of the image.
pub const SAMPLES: usize = 50;

/// Standard deviation of a change, as a share of the range from black to white (Yeh et al. use normal noise of 0.2 on images between 0 and 1).
pub const NOISE: f64 = 0.2;

/// `E[(b I . map - (f(x) - f(x - I)))^2]` over normal noise `I`, with `f` the target's logit and the scale `b = E[(I . map) (f(x) - f(x - I))] /
/// E[(I . map)^2]` that suits the map best, as captum's `infidelity(normalize=True)`: maps whose unit is not the logit's can be compared. A map
/// of one channel counts for each colour, divided by their number. In squared logits, from 0; lower is better. 51 passes.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let mut random = trial.random();
    let value = of_changes(trial, SAMPLES, |_| trial.noise(&mut random, NOISE)).await?;
    let note = format!(
        "{SAMPLES} changes by normal noise of {:.0} % of the range from black to white; the map scaled as suits it best.",
        NOISE * 100.0
    );
    Ok(Outcome { value: value as f32, note, ..Outcome::default() })
}

/// The value over these changes [channels, h, w] of the image, a function of the change's number.
pub async fn of_changes(trial: &Trial<'_>, samples: usize, mut change: impl FnMut(usize) -> Vec<f32>) -> Result<f64> {
    let context = trial.context;
    let (image, weights) = (trial.input().await?, spread(trial.map, context.input.dims()[1]));
    context.job.step(0, samples as u64 + 1).await?;
    let score = f64::from(context.scores(context.input.clone()).await?[0]);
    // The map's prediction and what really happened.
    let mut pairs = Vec::with_capacity(samples);
    while pairs.len() < samples {
        context.job.step(pairs.len() as u64 + 1, samples as u64 + 1).await?;
        let mut predicted = Vec::new();
        let mut images = Vec::new();
        for at in pairs.len()..(pairs.len() + context.batch).min(samples) {
            let change = change(at);
            predicted.push(change.iter().zip(&weights).map(|(i, w)| f64::from(*i) * w).sum::<f64>());
            images.extend(image.iter().zip(&change).map(|(x, i)| x - i));
        }
        let found = context.scores(context.images(images)).await?;
        pairs.extend(predicted.into_iter().zip(found.into_iter().map(|f| score - f64::from(f))));
    }
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / samples as f64;
    let (squares, products) = (mean(|(p, _)| p * p), mean(|(p, d)| p * d));
    if squares == 0.0 {
        return Err(undefined(ID, "the map predicts that no change of the image matters"));
    }
    let scale = products / squares;
    Ok(pairs.iter().map(|(p, d)| (scale * p - d).powi(2)).sum::<f64>() / samples as f64)
}

/// A map's value for each of an image's values.
fn spread(map: &ChannelMap, channels: usize) -> Vec<f64> {
    let values = map.values.iter().map(|&v| f64::from(v));
    match map.channels == channels {
        true => values.collect(),
        false => map.reduced().repeat(channels).into_iter().map(|v| f64::from(v) / channels as f64).collect(),
    }
}
