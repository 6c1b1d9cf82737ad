//! Parameter randomisation (Adebayo et al., 2018): a map that stays the same while layer after layer forgets its weights does not show what the
//! network has learnt.

use super::entry::{Compute, Entry};
use super::redrawn::Redrawn;
use super::trial::{Outcome, Trial};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::spearman::likeness;
use sweetspot_protocol::{Pictures, Point};

pub(crate) const ENTRY: Entry = Entry { of: Measure::ParameterRandomisation, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The most stages; networks with more layers forget several at each.
pub(crate) const STAGES: usize = 12;

/// The mean over stages of Spearman's correlation of the maps' absolute values, the network's own against one whose layers, from the last one down,
/// are drawn anew and stay so. A map that is the same everywhere counts as 0. Between -1 and 1; lower is better. At most 12 maps.
pub(crate) async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let mut layers = trial.weights.layers(trial.architecture);
    layers.reverse();
    let stages = layers.len().min(STAGES);
    let mut redrawn = Redrawn::new(trial, trial.random());
    let own = trial.map.reduced();
    let (mut curve, mut maps, mut forgotten) = (Vec::new(), Vec::new(), 0);
    for stage in 1..=stages {
        trial.context.job.step(stage as u64 - 1, stages as u64).await?;
        let until = (layers.len() * stage).div_ceil(stages);
        redrawn.forget(&layers[forgotten..until]);
        forgotten = until;
        if forgotten == layers.len() {
            // What belongs to no layer, such as positions, goes with the first one.
            redrawn.forget_extras();
        }
        let map = trial.map_by(&redrawn.network()).await?.reduced();
        let at = forgotten as f32 / layers.len() as f32;
        curve.push(Point { at, value: likeness(&own, &map) as f32, label: layers[forgotten - 1].name.clone() });
        maps.push(map);
    }
    let value = curve.iter().map(|point| f64::from(point.value)).sum::<f64>() / stages as f64;
    Ok(Outcome {
        value: value as f32,
        note: format!(
            "{stages} stages over the network's {} layers, from the last to the first; a curve's point names the lowest layer.",
            layers.len()
        ),
        curve,
        pictures: Pictures::Maps(maps),
    })
}
