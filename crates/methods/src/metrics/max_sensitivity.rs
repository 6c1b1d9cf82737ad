//! Maximum sensitivity (Yeh et al., 2019): the largest relative change of the map under tiny changes of the image.

use super::entry::{Compute, Entry};
use super::robustness::{COPIES, Change, RADIUS, drawn_changes, norm};
use super::trial::{Outcome, Trial};
use crate::metrics::checks::undefined;
use sweetspot_core::compare::largest;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::MaxSensitivity, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = "max_sensitivity";

/// `max |map(x') - map(x)| / |map(x)|` over `COPIES` images `x'`, uniform in a cube around `x` (Euclidean norms over all channels and pixels), as
/// captum's `sensitivity_max`. From 0; lower is better. 10 maps.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let value = of_changes(&drawn_changes(trial).await?, norm(trial.map.values.iter().map(|v| f64::from(*v))))?;
    let note = format!("{COPIES} copies, no value changed by more than {:.0} % of the range from black to white.", RADIUS * 100.0);
    Ok(Outcome { value: value as f32, note, ..Outcome::default() })
}

/// The value of these changes of a map of this norm; a norm of 0 counts as 1, as captum has it. Not defined where a map holds what is no number.
pub fn of_changes(changes: &[Change], norm: f64) -> Result<f64> {
    let norm = if norm == 0.0 { 1.0 } else { norm };
    largest(changes.iter().map(|change| change.map / norm)).map_err(|why| undefined(ID, format!("of the maps' relative changes, {why}")))
}
