//! Both networks' maps of an experiment, with what the networks see and say.

use std::rc::Rc;

use web_time::Instant;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::keys::FoundMap;
use crate::scene::Scene;
use crate::timing::millis;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_core::side::Side;
use sweetspot_methods::attribution::Attribute;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{Explain, Explained, MapReport, Stage};

impl Perform for Explain {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let scene = engine.scene(&self.experiment, stop, sink).await?;
        let targets = engine.targets(&scene, stop, sink).await?;
        engine.maps(&scene, &targets, stop, sink).await.map(drop)
    }
}

impl Engine {
    /// Both networks' maps, told as they are ready.
    pub async fn maps(&mut self, scene: &Scene, targets: &[usize], stop: &Stop, sink: &Sink) -> Result<Vec<FoundMap>> {
        let mut maps = Vec::new();
        for (side, target) in Side::BOTH.into_iter().zip(targets) {
            let map = self.map(scene, side, *target, stop, sink).await?;
            tell::<Explain>(sink, Explained::Map(MapReport { side, ..map.1.clone() }));
            maps.push(map);
        }
        Ok(maps)
    }

    /// A network's map, with its report; shown while it is on its way.
    async fn map(&mut self, scene: &Scene, side: Side, target: usize, stop: &Stop, sink: &Sink) -> Result<FoundMap> {
        let stage = if side == Side::Dense { Stage::DenseMap } else { Stage::PrunedMap };
        let job = self.job(stage, stop, sink);
        job.step(0, 0).await?;
        let key = scene.map_key(side, target);
        if let Some(map) = self.maps.get(&key) {
            return Ok(map);
        }
        let job = job.showing({
            let sink = sink.clone();
            move |map| tell::<Explain>(&sink, Explained::Map(report(&map, side, target)))
        });
        let bounds = scene.model.card.input.bounds();
        let context = scene.context(side, target, self.batch(), &bounds, &job);
        let start = Instant::now();
        let map = scene.experiment.attribution.method.attribute(&context).await?;
        let millis = millis(start);
        let (place, scores) = scene.seen.score(&map);
        let report = MapReport { place, scores, complete: true, millis, ..report(&map, side, target) };
        let found = Rc::new((map, report));
        self.maps.put(key, found.clone());
        Ok(found)
    }
}

/// A map for a reader, without its scores.
fn report(map: &ChannelMap, side: Side, target: usize) -> MapReport {
    MapReport {
        side,
        target,
        side_length: map.width,
        values: map.reduced(),
        signed: map.signed,
        place: None,
        scores: Vec::new(),
        total: map.total,
        sum: map.values.iter().map(|v| f64::from(*v)).sum::<f64>() as f32,
        complete: false,
        millis: 0.0,
    }
}
