//! Local Lipschitz estimate (Alvarez-Melis and Jaakkola, 2018): the largest change of the map per change of the image, close to it.

use super::entry::{Compute, Entry};
use super::robustness::{COPIES, Change, RADIUS, drawn_changes};
use super::trial::{Outcome, Trial};
use crate::metrics::checks::undefined;
use sweetspot_core::compare::largest;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;

pub(crate) const ENTRY: Entry = Entry { of: Measure::LocalLipschitz, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = "local_lipschitz";

/// `max |map(x') - map(x)| / |x' - x|` over `COPIES` images `x'`, uniform in a cube around `x` (Euclidean norms over all channels and pixels; the
/// image in normalised units). In the map's unit, so that only maps of one method can be compared. From 0; lower is better. 10 maps.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let value = of_changes(&drawn_changes(trial).await?)?;
    let note = format!("{COPIES} copies, no value changed by more than {:.0} % of the range from black to white.", RADIUS * 100.0);
    Ok(Outcome { value: value as f32, note, ..Outcome::default() })
}

/// The value of these changes; a copy that equals the image says nothing. Not defined where a map holds what is no number.
pub fn of_changes(changes: &[Change]) -> Result<f64> {
    let slopes = changes.iter().filter(|change| change.image != 0.0).map(|change| change.map / change.image);
    largest(slopes).map_err(|why| undefined(ID, format!("of the maps' changes per change of the image, {why}")))
}
