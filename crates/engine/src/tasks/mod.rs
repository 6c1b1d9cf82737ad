//! What is done for each kind of work, each in a file of its own.

mod agreement;
mod align;
mod benchmark;
mod corloc;
mod discover;
mod discovery_sweep;
mod explain;
mod layer_features;
mod measure;
mod odd_one_out;
mod own_weights;
mod pack;
mod perform;
mod stimuli;
mod sweep;
mod weights;

use sweetspot_core::error::Result;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{Task, for_each_task};

use self::perform::Perform;
use crate::engine::Engine;
use crate::event::Sink;

impl Engine {
    /// Does a piece of work: says how far it is and each part of the answer as it is ready, and can be stopped between steps.
    pub async fn perform(&mut self, task: &Task, stop: &Stop, sink: &Sink) -> Result<()> {
        macro_rules! perform {
            ($($kind:ident),*) => {
                match task { $(Task::$kind(task) => task.perform(self, stop, sink).await),* }
            };
        }
        for_each_task!(perform)
    }
}
