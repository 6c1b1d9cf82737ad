//! What each layer of both networks sees.

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use sweetspot_core::error::Result;
use sweetspot_core::side::Side;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{LayerView, ShowFeatures, Stage};

/// How many of a layer's channels are shown.
const STRONGEST: usize = 8;

impl Perform for ShowFeatures {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment } = self;
        let scene = engine.scene(experiment, stop, sink).await?;
        let job = engine.job(Stage::Looking, stop, sink);
        for side in Side::BOTH {
            let features = scene.network(side).features(scene.seen.input.clone());
            let total = features.len() as u64;
            for (done, (tap, map)) in features.into_iter().enumerate() {
                job.step(done as u64, total).await?;
                let map = scene.network(side).grid(map);
                let [_, channels, rows, columns] = map.dims();
                let view = layer_view(side, tap, &values(map).await?, channels, (rows, columns));
                tell::<Self>(sink, view);
            }
        }
        Ok(())
    }
}

fn layer_view(side: Side, tap: String, features: &[f32], channels: usize, (rows, columns): (usize, usize)) -> LayerView {
    let places = rows * columns;
    let mut mean = vec![0.0; places];
    for channel in features.chunks_exact(places) {
        mean.iter_mut().zip(channel).for_each(|(sum, v)| *sum += v.abs() / channels as f32);
    }
    let mut order: Vec<(usize, f32)> =
        features.chunks_exact(places).map(|channel| channel.iter().map(|v| v.abs()).sum()).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let strongest = order.iter().take(STRONGEST).map(|&(channel, _)| (channel, features[channel * places..][..places].to_vec())).collect();
    let silent = features.iter().filter(|v| **v == 0.0).count() as f32 / features.len().max(1) as f32;
    LayerView { side, tap, channels, rows, columns, mean, strongest, silent }
}
