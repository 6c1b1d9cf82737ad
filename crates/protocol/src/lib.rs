//! What the page and the engine say to each other: plain values without tensors, as bytes (postcard) on the wire.
//!
//! Every kind of work is defined once, in a file of [`tasks`].

pub mod opening;
mod progress;
mod sparsity;
pub mod tasks;

use serde::{Deserialize, Serialize};

use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{DeviceChoice, ImageRef, Target};

pub use progress::Stage;
pub use sparsity::{LayerSparsity, SparsityReport};
pub use tasks::agreement::{AgreementReport, CompareAnswers};
pub use tasks::align::{Align, AlignFinding, Aligned, AlignmentAtSparsity, check_sparsities};
pub use tasks::benchmark::{Benchmark, Timing};
pub use tasks::corloc::{CountCorLoc, EvaluationSet, Located, Tally};
pub use tasks::discover::{Discover, DiscoverFinding, Discovered, DiscoveryView, MOST_VALUES, meant};
pub use tasks::discovery_sweep::{AxisPlace, DiscoveryAt, DiscoveryAxis, DiscoverySweepFinding, MOST_SPARSITIES, SweepDiscovery, is_layer};
pub use tasks::explain::{Explain, Explained, MapReport, ModelReport, Place, Prediction, Predictions, Truth, View};
pub use tasks::kind::Kind;
pub use tasks::layer_features::{LayerView, ShowFeatures};
pub use tasks::measure::{MeasureMaps, Measured, Pictures, Point};
pub use tasks::odd_one_out::{CompareFeatures, FeatureSimilarity};
pub use tasks::own_weights::{OpenWeights, OwnWeights};
pub use tasks::pack::{OpenPack, PackReport};
pub use tasks::stimuli::{MakeStimulus, SIDE, Source, Stimulus};
pub use tasks::sweep::{RunSweep, SummariseSweep, SweepFinding, Sweeping};
pub use tasks::weights::{ExamineWeights, Examined, Grid, Kernels, LayerWeights};
pub use tasks::{Finding, Listed, Task};

/// A job's number. Replies carry it; a larger number supersedes the smaller ones.
pub type JobId = u32;

/// From the page to the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Choose the device, test it and answer [`Reply::Ready`]. Must come first, once.
    Start {
        /// The wish; [`Reply::Ready`] says what was had and why.
        device: DeviceChoice,
        /// The folder all assets are under, as an absolute address ending in a slash.
        assets: String,
    },
    /// Hand over a picture; the engine keeps the last few.
    Open(Picture),
    /// Do a piece of work.
    Work {
        /// The job's number.
        job: JobId,
        /// What to do.
        task: Task,
    },
    /// End a job, if it is still going.
    Cancel {
        /// The job's number.
        job: JobId,
    },
}

/// A picture with what is known about the object on it, in pixels of the picture as stored (before any EXIF rotation for own pictures
/// there is no truth, so the question does not arise).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Its name in experiments.
    pub image: ImageRef,
    /// The encoded file: JPEG, PNG, WebP, GIF or BMP.
    pub bytes: Vec<u8>,
    /// The file's name for messages.
    pub name: String,
    /// Object boxes x0, y0, x1, y1, the last two exclusive.
    pub boxes: Vec<[f32; 4]>,
    /// A mask as an encoded greyscale picture of the same size, object from 128 up.
    pub mask: Option<Vec<u8>>,
    /// The label's index.
    pub label: Option<usize>,
}

/// From the engine to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The device is chosen and tested.
    Ready(DeviceReport),
    /// How far a run is.
    Progress {
        /// The run.
        job: JobId,
        /// What is being done.
        stage: Stage,
        /// Steps or bytes done.
        done: u64,
        /// Of how many; 0 where unknown.
        total: u64,
    },
    /// A part of the answer. They come in the order they are ready.
    Found {
        /// The run.
        job: JobId,
        /// The part.
        finding: Finding,
    },
    /// The run is over and everything was sent.
    Done {
        /// The run.
        job: JobId,
        /// Wall time in milliseconds.
        millis: f64,
    },
    /// The run ended without (all of) its answer; [`Error::Cancelled`] if newer work ended it.
    Failed {
        /// The run, or `None` where the engine could not start, or could not open a picture.
        job: Option<JobId>,
        /// Why.
        error: Error,
    },
    /// Spare passes after a run have made the network as quick as it gets.
    Settled {
        /// Median time of its last forward passes in milliseconds.
        pass_millis: f64,
    },
}

/// What the engine runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// CPU or GPU; never [`DeviceChoice::Auto`].
    pub device: DeviceChoice,
    /// The device's own name, such as "Apple M2" or "CPU with SIMD, one thread".
    pub name: String,
    /// One sentence: why this device.
    pub why: String,
    /// Largest difference of the self-test from the stored numbers.
    pub self_test: f32,
}

/// A message as bytes for the wire.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(message).map_err(|e| Error::Unreadable { what: "message".into(), reason: e.to_string() })
}

/// A message from the wire's bytes.
pub fn decode<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|e| Error::Unreadable { what: "message".into(), reason: e.to_string() })
}

/// What a target stands for, for a reader.
pub fn describe(target: Target) -> &'static str {
    match target {
        Target::Predicted => "each network's own first choice",
        Target::DensePredicted => "the dense network's first choice",
        Target::Labelled => "the image's label",
        Target::Class(_) => "a chosen class",
    }
}
