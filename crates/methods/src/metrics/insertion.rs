//! Insertion (Petsiuk, Das and Saenko, 2018, RISE): the strongest pixels are put into a blurred picture first; where the map is right, the class
//! comes quickly.

use super::deletion::STEPS;
use super::entry::{Compute, Entry};
use super::perturbation_curve::{Course, area, counts, points, probabilities};
use super::trial::{Outcome, Trial};
use crate::attribution::baseline::blur;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::Insertion, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The area under the target's probability while pixels of the image, strongest first, replace those of its blurred copy (11 x 11 pixels, standard
/// deviation 5). Between 0 and 1; higher is better. At most 225 passes.
pub(crate) async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let (image, order) = (trial.input().await?, trial.order());
    let [_, channels, height, width] = trial.context.input.dims();
    let blurred = blur(&image, channels, height, width);
    let step = order.len().div_ceil(STEPS);
    let counts = counts(order.len(), step);
    let course = Course { from: &blurred, to: &image, order: &order, counts: &counts };
    let values = probabilities(trial.context, &course).await?;
    Ok(Outcome {
        value: area(&values),
        note: format!("{} steps, each of which makes {step} more pixels sharp, the map's strongest first.", counts.len() - 1),
        curve: points(&counts, &values, order.len()),
        pictures: trial.mixed(&blurred, &image, &order),
    })
}
