//! Measures that need the network, by their names.

use crate::metrics::checks::not_empty;
use crate::metrics::checks::undefined;
use crate::metrics::deletion;
use crate::metrics::infidelity;
use crate::metrics::insertion;
use crate::metrics::local_lipschitz;
use crate::metrics::max_sensitivity;
use crate::metrics::parameter_randomisation;
use crate::metrics::pixel_flipping;
use crate::metrics::random_logit;
use crate::metrics::road;
use crate::metrics::sufficiency;
use crate::metrics::trial::{Outcome, Trial};
use crate::metrics::untrained;
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
    match measure {
        Measure::Deletion => deletion::evaluate(trial).await,
        Measure::Insertion => insertion::evaluate(trial).await,
        Measure::PixelFlipping => pixel_flipping::evaluate(trial).await,
        Measure::Road => road::evaluate(trial).await,
        Measure::Infidelity => infidelity::evaluate(trial).await,
        Measure::Sufficiency => sufficiency::evaluate(trial).await,
        Measure::MaxSensitivity => max_sensitivity::evaluate(trial).await,
        Measure::LocalLipschitz => local_lipschitz::evaluate(trial).await,
        Measure::ParameterRandomisation => parameter_randomisation::evaluate(trial).await,
        Measure::RandomLogit => random_logit::evaluate(trial).await,
        Measure::Untrained => untrained::evaluate(trial).await,
        _ => Err(undefined(measure.id(), "it looks at the map alone and is among the map's scores")),
    }
}
