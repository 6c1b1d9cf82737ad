//! Objects at every layer of both networks, or along sparsities.

use super::discover::{asked, look, usual};
use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::scene::Scene;
use sweetspot_core::discovery::{Discovery, Found};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{AxisPlace, DiscoveryAt, DiscoveryAxis, DiscoverySweepFinding, Stage, SweepDiscovery, is_layer};

impl Perform for SweepDiscovery {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment, strip } = self;
        strip.check()?;
        let scene = engine.scene(experiment, stop, sink).await?;
        match strip {
            DiscoveryAxis::Layers => engine.follow_layers(&scene, stop, sink).await,
            DiscoveryAxis::Sparsities(sparsities) => engine.follow_sparsities(&scene, sparsities, stop, sink).await,
        }
    }
}

impl Engine {
    async fn follow_layers(&mut self, scene: &Scene, stop: &Stop, sink: &Sink) -> Result<()> {
        let job = self.job(Stage::Following, stop, sink);
        let taps: Vec<String> = (scene.model.architecture.taps)().into_iter().filter(|tap| is_layer(tap)).collect();
        let asked = asked(&scene.model, &scene.experiment);
        let mut sighted = false;
        for (done, tap) in taps.iter().enumerate() {
            let how = Discovery { tap: Some(tap.clone()), ..asked.clone() };
            let input = match self.input(&scene.model, &scene.experiment.image, &how).await {
                Ok(input) => input,
                // One layer has too many tokens, or nothing of what is asked for; others have not.
                Err(error) if error.is_bad_input() => {
                    job.step(2 * done as u64, 2 * taps.len() as u64).await?;
                    for side in Side::BOTH {
                        spot(sink, AxisPlace::Layer(tap.clone()), side, Err(&error));
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            if !std::mem::replace(&mut sighted, true) {
                tell::<SweepDiscovery>(sink, DiscoverySweepFinding::DiscoveryView(self.sighting(scene, &input).await?));
            }
            for (place, side) in Side::BOTH.into_iter().enumerate() {
                job.step((2 * done + place) as u64, 2 * taps.len() as u64).await?;
                match look(scene.network(side), &how, &input, usual(&scene.model)).await {
                    Ok(found) => spot(sink, AxisPlace::Layer(tap.clone()), side, Ok(&found)),
                    Err(error) if error.is_bad_input() => spot(sink, AxisPlace::Layer(tap.clone()), side, Err(&error)),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    async fn follow_sparsities(&mut self, scene: &Scene, sparsities: &[Sparsity], stop: &Stop, sink: &Sink) -> Result<()> {
        let how = &asked(&scene.model, &scene.experiment);
        let Some(first) = sparsities.first() else { return Ok(()) };
        let input = self.input(&scene.model, &scene.experiment.image, how).await?;
        tell::<SweepDiscovery>(sink, DiscoverySweepFinding::DiscoveryView(self.sighting(scene, &input).await?));
        let job = self.job(Stage::Following, stop, sink);
        let total = sparsities.len() as u64 + 1;
        job.step(0, total).await?;
        let (_, _, dense) = self.objects(scene, Side::Dense, how, &input).await?;
        spot(sink, AxisPlace::Sparsity(*first), Side::Dense, Ok(&dense));
        for (done, sparsity) in sparsities.iter().enumerate() {
            job.step(done as u64 + 1, total).await?;
            let pruning = Pruning { sparsity: *sparsity, ..scene.experiment.pruning };
            let along = AxisPlace::Sparsity(*sparsity);
            if pruning.is_dense() {
                spot(sink, along, Side::Pruned, Ok(&dense));
                continue;
            }
            // The experiment's own pruned network stays the one that is kept.
            let pruned = scene.model.pruned(&pruning, &*self.assets, &job.unwatched()).await?;
            let found = look(&pruned.network, how, &input, usual(&scene.model)).await?;
            spot(sink, along, Side::Pruned, Ok(&found));
        }
        Ok(())
    }
}

/// Says what was found at a place of a strip, or why nothing can be.
fn spot(sink: &Sink, along: AxisPlace, side: Side, found: std::result::Result<&Found, &Error>) {
    let (boxes, note) = match found {
        Ok(found) => (found.boxes.clone(), found.note.clone()),
        Err(error) => (Vec::new(), error.to_string()),
    };
    tell::<SweepDiscovery>(sink, DiscoverySweepFinding::DiscoveryAt(DiscoveryAt { along, side, boxes, note }));
}
