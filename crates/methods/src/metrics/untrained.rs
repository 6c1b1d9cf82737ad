//! Untrained network: how alike the map is to those of the same network before training. The baseline of the paper's code (`explain.py
//! --untrained --seed`): a map that an untrained network gives as well shows the picture and the architecture, not what was learnt.

use super::entry::{Compute, Entry};
use super::redrawn::Redrawn;
use super::trial::{Outcome, Trial};
use sweetspot_core::attribution::map::ends;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::spearman::likeness;
use sweetspot_protocol::{Pictures, Point};

pub(crate) const ENTRY: Entry = Entry { of: Measure::Untrained, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// Untrained networks.
pub(crate) const SEEDS: usize = 3;

/// The mean over [`SEEDS`] networks with all layers drawn anew of Spearman's correlation of the maps' absolute values. A pruned network's untrained
/// ones have the same weights missing. A map that is the same everywhere counts as 0. Between -1 and 1; lower is better. 3 maps.
pub(crate) async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let layers = trial.weights.layers(trial.architecture);
    let own = trial.map.reduced();
    // One generator for all of them: each network's numbers follow the last one's.
    let mut random = trial.random();
    let (mut curve, mut maps) = (Vec::new(), Vec::new());
    for seed in 0..SEEDS {
        trial.context.job.step(seed as u64, SEEDS as u64).await?;
        let mut redrawn = Redrawn::new(trial, random);
        redrawn.forget(&layers);
        redrawn.forget_extras();
        let map = trial.map_by(&redrawn.network()).await?.reduced();
        random = redrawn.into_random();
        curve.push(Point { at: (seed + 1) as f32 / SEEDS as f32, value: likeness(&own, &map) as f32, label: format!("{}", seed + 1) });
        maps.push(map);
    }
    let found: Vec<f32> = curve.iter().map(|point| point.value).collect();
    let (least, most) = ends(&found);
    Ok(Outcome {
        value: (found.iter().map(|v| f64::from(*v)).sum::<f64>() / SEEDS as f64) as f32,
        note: format!("{SEEDS} untrained networks, between {least:.3} and {most:.3}."),
        curve,
        pictures: Pictures::Maps(maps),
    })
}
