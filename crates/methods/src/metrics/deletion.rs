//! Deletion (Petsiuk, Das and Saenko, 2018, RISE): the strongest pixels are taken away first; where the map is right, the class goes quickly.

use super::entry::{Compute, Entry};
use super::perturbation_curve::{Course, area, counts, points, probabilities};
use super::trial::{Outcome, Trial};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Deletion, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// Steps from the whole picture to nothing, as in RISE's code: on 224 x 224 pixels, as many pixels a step.
pub(crate) const STEPS: usize = 224;

/// The area under the target's probability while pixels, strongest first, are set to zero in normalised units: the recipe's mean colour. Between
/// 0 and 1; lower is better. At most 225 passes.
pub(crate) async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let (image, order) = (trial.input().await?, trial.order());
    let nothing = vec![0.0; image.len()];
    let step = order.len().div_ceil(STEPS);
    let counts = counts(order.len(), step);
    let course = Course { from: &image, to: &nothing, order: &order, counts: &counts };
    let values = probabilities(trial.context, &course).await?;
    Ok(Outcome {
        value: area(&values),
        note: format!("{} steps, each of which takes {step} more pixels away, the map's strongest first.", counts.len() - 1),
        curve: points(&counts, &values, order.len()),
        pictures: trial.mixed(&image, &nothing, &order),
    })
}
