//! Measures that need the network, on both networks' maps of an experiment.

use std::rc::Rc;

use web_time::Instant;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::timing::millis;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::side::Side;
use sweetspot_methods::metrics::evaluate::answer;
use sweetspot_methods::metrics::trial::{Outcome, Trial};
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{MeasureMaps, Measured, Stage};

impl Perform for MeasureMaps {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment, measures } = self;
        let scene = engine.scene(experiment, stop, sink).await?;
        let targets = engine.targets(&scene, stop, sink).await?;
        let maps = engine.maps(&scene, &targets, stop, sink).await?;
        let bounds = scene.model.card.input.bounds();
        for measure in measures.iter().copied().filter(|m| m.needs_network()) {
            for ((side, target), map) in Side::BOTH.into_iter().zip(&targets).zip(&maps) {
                let key = (scene.map_key(side, *target), measure);
                let measured = match engine.measured.get(&key) {
                    Some(measured) => measured,
                    None => {
                        let stage = if side == Side::Dense { Stage::DenseMeasure } else { Stage::PrunedMeasure };
                        let job = engine.job(stage, stop, sink);
                        let (weights, mask) = match side {
                            Side::Dense => (&scene.model.weights, None),
                            Side::Pruned => (&scene.pruned.weights, Some(&scene.pruned.mask)),
                        };
                        let trial = Trial {
                            context: &scene.context(side, *target, engine.batch(), &bounds, &job),
                            map: &map.0,
                            architecture: scene.model.architecture,
                            weights,
                            mask,
                            recipe: &scene.model.card.input,
                            view: Some(&scene.seen.view),
                        };
                        let measured = Rc::new(measured(measure, side, &trial).await?);
                        engine.measured.put(key, measured.clone());
                        measured
                    }
                };
                tell::<Self>(sink, Measured { side, ..(*measured).clone() });
            }
        }
        Ok(())
    }
}

/// A measure's answer for a reader.
async fn measured(measure: Measure, side: Side, trial: &Trial<'_>) -> Result<Measured> {
    let start = Instant::now();
    let (value, Outcome { note, curve, pictures, .. }) = answer(measure, trial).await?;
    Ok(Measured { side, score: Score { measure, value }, note, curve, pictures, millis: millis(start) })
}
