//! Networks of the reader's own weights.

use std::rc::Rc;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Event, Sink, tell};
use crate::own;
use crate::stored;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::job::Stop;
use sweetspot_nn::own_architectures::OWN;
use sweetspot_protocol::{OpenWeights, OwnWeights, Stage};

impl Perform for OpenWeights {
    async fn perform(&self, engine: &mut Engine, _: &Stop, sink: &Sink) -> Result<()> {
        // An object URL says nothing to a reader; the file's name does.
        let named = |error: Error| match error {
            Error::Missing { reason, .. } | Error::Io { reason, .. } => Error::Io { path: self.name.clone(), reason },
            other => other,
        };
        let progress = |done, total| sink(Event::Progress(Stage::Weights, done, total));
        let bytes = stored::fetch(&self.address, &progress).await.map_err(named)?;
        let own = engine.open_weights(&self.name, bytes, self.wanted.as_deref()).await?;
        tell::<Self>(sink, Box::new(own));
        Ok(())
    }
}

impl Engine {
    /// Takes a weights file of somebody's own, and the model it makes in place of the last one of this kind.
    pub async fn open_weights(&mut self, name: &str, bytes: Vec<u8>, wanted: Option<&str>) -> Result<OwnWeights> {
        let (model, told) = own::open(&*self.assets, name, bytes, wanted, &self.device).await?;
        // Such a model is large; nobody compares two of them.
        self.models.retain(|id, _| !id.starts_with(OWN));
        (self.last, self.sweeping) = (None, None);
        self.models.insert(told.id.clone(), Rc::new(model));
        Ok(told)
    }
}
