//! What the page does with each kind of work, each in a file of its own: when it is wanted, and where its answer goes.

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
mod shown;
mod stimuli;
mod sweep;
mod weights;

use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{
    Align, Benchmark, CompareAnswers, CompareFeatures, CountCorLoc, Discover, ExamineWeights, Explain, Finding, MakeStimulus, MeasureMaps,
    OpenPack, OpenWeights, RunSweep, ShowFeatures, Stage, SummariseSweep, SweepDiscovery, Task, for_each_task,
};

use self::shown::Shown;
pub(super) use self::shown::{Stamp, Then};
use crate::stores::Stores;

macro_rules! dispatch {
    ($($kind:ident),*) => {
        /// The first task that an experiment is owed because the reader keeps a view open.
        pub(super) fn standing(stores: Stores, experiment: &Experiment) -> Option<Task> {
            $(if let Some(task) = $kind::standing(stores, experiment) {
                return Some(task.into());
            })*
            None
        }

        /// Whether a task is done again for every experiment as long as its view is open.
        pub(super) fn is_standing(task: &Task) -> bool {
            match task { $(Task::$kind(_) => $kind::STANDING),* }
        }

        /// The place of a task in the list of all kinds: those in front go first.
        pub(super) fn rank(task: &Task) -> usize {
            let kinds = [$(stringify!($kind)),*];
            kinds.iter().position(|kind| *kind == task.kind()).unwrap_or(kinds.len())
        }

        /// How far a task is.
        pub(super) fn progress(stores: Stores, task: &Task, stage: Stage, done: u64, total: u64) {
            match task { $(Task::$kind(task) => task.progress(stores, stage, done, total)),* }
        }

        /// Takes in a part of the answer to a task. Some tasks tell again what a comparison before has told; only what is new is taken from them.
        pub(super) fn found(stores: Stores, task: &Task, stamp: &Stamp, finding: Finding) -> Then {
            match (task, finding) {
                $((Task::$kind(task), Finding::$kind(finding)) => task.found(stores, stamp, finding),)*
                _ => Then::Nothing,
            }
        }

        /// Says what went wrong with a task.
        pub(super) fn failed(stores: Stores, task: &Task, stamp: &Stamp, error: &Error) {
            match task { $(Task::$kind(task) => task.failed(stores, stamp, error)),* }
        }

        /// Takes in that a task is over, in whatever way.
        pub(super) fn over(stores: Stores, task: &Task) {
            match task { $(Task::$kind(task) => task.over(stores)),* }
        }

        /// Takes in that everything that waits is dropped.
        pub(super) fn dropped(stores: Stores) {
            $($kind::dropped(stores);)*
        }
    };
}
for_each_task!(dispatch);

/// Whether a task follows from how objects are looked for.
pub(super) fn seeks(task: &Task) -> bool {
    matches!(task, Task::Discover(_) | Task::SweepDiscovery(_) | Task::CountCorLoc(_))
}
