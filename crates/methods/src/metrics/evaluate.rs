//! Measures that need the network, by their names.

use crate::metrics::checks::not_empty;
use crate::metrics::checks::undefined;
use crate::metrics::computation;
use crate::metrics::entry::Compute;
use crate::metrics::trial::{Outcome, Trial};
use sweetspot_core::error::Error;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

/// Measures a map; that the measure is not defined here is an answer too, with an empty outcome.
pub async fn answer(measure: Measure, trial: &Trial<'_>) -> Result<(Result<f32>, Outcome)> {
    match evaluate(measure, trial).await {
        Ok(outcome) => Ok((Ok(outcome.value), outcome)),
        Err(error @ Error::Undefined { .. }) => Ok((Err(error), Outcome::default())),
        Err(error) => Err(error),
    }
}

/// Measures a map.
pub async fn evaluate(measure: Measure, trial: &Trial<'_>) -> Result<Outcome> {
    not_empty(measure.id(), &trial.map.reduced())?;
    match computation(measure)? {
        Compute::Network(compute) => compute(trial).await,
        Compute::Place(_) | Compute::Map(_) => Err(undefined(measure.id(), "it looks at the map alone and is among the map's scores")),
    }
}
