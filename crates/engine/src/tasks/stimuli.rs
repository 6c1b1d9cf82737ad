//! Pictures of the recognition experiment, for people.

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::stimuli::noise;
use sweetspot_core::error::Result;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{MakeStimulus, Stimulus};

impl Perform for MakeStimulus {
    async fn perform(&self, engine: &mut Engine, _: &Stop, sink: &Sink) -> Result<()> {
        let Self { source, image, condition } = self;
        let assets = engine.assets.clone();
        let picture = engine.recognition.stimuli(source, &*assets).await?.picture(&*assets, condition, image).await?;
        // The noise that follows it is made with it.
        let (rgb, noise) = (picture.bytes.clone(), noise(condition, image)?);
        tell::<Self>(sink, Box::new(Stimulus { image: image.clone(), condition: condition.clone(), rgb, noise }));
        Ok(())
    }
}
