//! What is known of every kind of work.

use sweetspot_core::experiment::Experiment;

/// A kind of work.
pub trait Kind {
    /// A part of its answer. Parts come in the order they are ready.
    type Finding;

    /// Whether the newest one ends what is running and what waits. The others wait for their turn.
    const ENDS_OTHERS: bool = true;

    /// The experiment it is about, if it is about one.
    fn experiment(&self) -> Option<&Experiment> {
        None
    }

    /// The same, to be changed.
    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        None
    }
}
