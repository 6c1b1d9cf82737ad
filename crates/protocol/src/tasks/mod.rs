//! Every kind of work, each in a file of its own: what is asked for, and what is found. [`for_each_task`](crate::for_each_task) is the only list of them; the engine, the page
//! and the tests take it up, so that a kind that one of them does not know does not compile.

pub mod agreement;
pub mod align;
pub mod benchmark;
pub mod corloc;
pub mod discover;
pub mod discovery_sweep;
pub mod explain;
pub mod kind;
pub mod layer_features;
pub mod measure;
pub mod odd_one_out;
pub mod own_weights;
pub mod pack;
pub mod stimuli;
pub mod sweep;
pub mod weights;

use serde::{Deserialize, Serialize};
use sweetspot_core::experiment::Experiment;

use agreement::CompareAnswers;
use align::Align;
use benchmark::Benchmark;
use corloc::CountCorLoc;
use discover::Discover;
use discovery_sweep::SweepDiscovery;
use explain::Explain;
use kind::Kind;
use layer_features::ShowFeatures;
use measure::MeasureMaps;
use odd_one_out::CompareFeatures;
use own_weights::OpenWeights;
use pack::OpenPack;
use stimuli::MakeStimulus;
use sweep::{RunSweep, SummariseSweep};
use weights::ExamineWeights;

/// A kind of work that is in the list.
pub trait Listed: Kind + Into<Task> {
    /// A part of its answer among the parts of all answers.
    fn found(finding: Self::Finding) -> Finding;
}

/// Calls a macro with the names of all kinds of work: those that others wait for come first.
#[macro_export]
macro_rules! for_each_task {
    ($then:ident) => {
        $then! {
            Explain, Discover, ShowFeatures, ExamineWeights, SweepDiscovery, CountCorLoc, Align, CompareFeatures, MeasureMaps, CompareAnswers,
            SummariseSweep, RunSweep, OpenWeights, OpenPack, MakeStimulus, Benchmark
        }
    };
}

macro_rules! define {
    ($($kind:ident),*) => {
        /// A piece of work.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Task {
            $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind($kind)),*
        }

        /// A part of the answer to a task.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Finding {
            $(#[doc = concat!("Of [`", stringify!($kind), "`].")] $kind(<$kind as Kind>::Finding)),*
        }

        $(impl From<$kind> for Task {
            fn from(task: $kind) -> Self {
                Self::$kind(task)
            }
        }

        impl Listed for $kind {
            fn found(finding: Self::Finding) -> Finding {
                Finding::$kind(finding)
            }
        })*

        impl Task {
            /// Whether it ends what is running and what waits.
            pub fn ends_others(&self) -> bool {
                match self { $(Self::$kind(_) => $kind::ENDS_OTHERS),* }
            }

            /// The experiment it is about, if it is about one.
            pub fn experiment(&self) -> Option<&Experiment> {
                match self { $(Self::$kind(task) => task.experiment()),* }
            }

            /// The same, to be changed.
            pub fn experiment_mut(&mut self) -> Option<&mut Experiment> {
                match self { $(Self::$kind(task) => task.experiment_mut()),* }
            }

            /// Its name, and its place in the list of all kinds.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($kind)),* }
            }
        }
    };
}
for_each_task!(define);
