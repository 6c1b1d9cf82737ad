//! What every kind of work has to be able to do in the engine.

use sweetspot_core::error::Result;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::Listed;

use crate::engine::Engine;
use crate::event::Sink;

/// A kind of work that the engine knows how to do.
pub(super) trait Perform: Listed {
    /// Does it, and says each part of the answer as it is ready.
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()>;
}
