//! What the page and the engine say to each other: plain values without tensors, as bytes (postcard) on the wire.

mod objects;
pub mod opening;
mod sweeps;
mod trials;

use serde::{Deserialize, Serialize};
use sweetspot_core::metrics::score::Score;
use sweetspot_core::side::Side;

use sweetspot_core::alignment::observers::Observer;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{DeviceChoice, Experiment, ImageRef, Target};
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::Criterion;

pub use objects::{Album, Along, Discovered, Located, MOST_SPARSITIES, MOST_VALUES, Sighting, Spot, Strip, Tally, is_layer, meant};
pub use sweeps::{Sweeping, Swept};
pub use trials::{Aligned, AlignedAt, Alike, PackReport, SIDE, Source, Stimulus, check_sparsities};

/// A request's number. Replies carry it; a larger number supersedes the smaller ones.
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
    /// Compute everything an experiment shows. A new run ends the one before it.
    Run {
        /// The run's number.
        job: JobId,
        /// What to compute.
        experiment: Experiment,
    },
    /// Compute an experiment's maps and measure them: measures that need the network, which take a while. Counts as a run.
    Measure {
        /// The run's number.
        job: JobId,
        /// Which maps.
        experiment: Experiment,
        /// By which measures.
        measures: Vec<Measure>,
    },
    /// Show what each layer of both networks of an experiment sees. Counts as a run.
    Look {
        /// The run's number.
        job: JobId,
        /// Which networks, on which picture.
        experiment: Experiment,
    },
    /// End the run, if it is still going.
    Cancel {
        /// The run's number.
        job: JobId,
    },
    /// Time warm passes of a network and of the attribution methods on it, for the benchmark.
    Bench {
        /// The run's number.
        job: JobId,
        /// The network.
        model: String,
        /// What besides: "all", "attribution", "measures" or "forward".
        group: String,
        /// Counted runs of each.
        runs: usize,
    },
    /// Read a weights file of the user's own, and keep the network it makes under the id that [`Finding::OwnWeights`] names. Waits for the run
    /// that is going and ends none.
    OpenWeights {
        /// The request's number.
        job: JobId,
        /// The file's name, for messages.
        name: String,
        /// Where it can be read: the object URL that the page made of the file, so that no copy goes from one to the other.
        address: String,
        /// A model's or an architecture's name, if it is not to be guessed from the tensors.
        wanted: Option<String>,
    },
    /// Look at the weights of both networks of an experiment, layer by layer. Counts as a run.
    Examine {
        /// The run's number.
        job: JobId,
        /// Which networks; its picture does not matter.
        experiment: Experiment,
    },
    /// Compare the answers of both networks of an experiment over many pictures. Counts as a run.
    Agree {
        /// The run's number.
        job: JobId,
        /// Which networks; its picture does not matter.
        experiment: Experiment,
    },
    /// Look for the object on an experiment's picture with both networks. Counts as a run.
    Discover {
        /// The run's number.
        job: JobId,
        /// Which networks, on which picture, and how.
        experiment: Experiment,
    },
    /// The same at every layer, or at some sparsities. Counts as a run.
    Follow {
        /// The run's number.
        job: JobId,
        /// Which networks, on which picture, and how.
        experiment: Experiment,
        /// Along what.
        strip: Strip,
    },
    /// Look for objects on many pictures with both networks, and count how often they are found. Counts as a run.
    Locate {
        /// The run's number.
        job: JobId,
        /// Which networks, and how; its picture does not matter.
        experiment: Experiment,
        /// On which pictures.
        album: Album,
    },
    /// Run the steps of a sweep, one by one. Counts as a run.
    Sweep {
        /// The run's number.
        job: JobId,
        /// Which sweep, and what is known of it already.
        asked: Box<Sweeping>,
    },
    /// Reckon what a sweep's cells say, without running anything. Counts as a run.
    Reckon {
        /// The run's number.
        job: JobId,
        /// The cells, as the JSON of [`sweetspot_core::sweep::State`].
        state: String,
    },
    /// Make a picture of the recognition experiment. Waits for the run that is going and ends none.
    Stimulus {
        /// The request's number.
        job: JobId,
        /// Where the picture is from.
        source: Source,
        /// Its name in trials.
        image: String,
        /// Its condition's id.
        condition: String,
    },
    /// Read a pack, in place of the one before. Waits for the run that is going and ends none.
    OpenPack {
        /// The request's number.
        job: JobId,
        /// The file's name, for messages.
        name: String,
        /// Where it can be read: an object URL.
        address: String,
    },
    /// Let both networks of an experiment answer the pictures that people answered, and compare. Counts as a run.
    Align {
        /// The run's number.
        job: JobId,
        /// Which networks; its picture does not matter.
        experiment: Experiment,
        /// Where the pictures are from.
        source: Source,
        /// People, beside those of a pack.
        people: Vec<Observer>,
        /// Sparsities whose networks are compared instead of the experiment's; none for the experiment's two networks.
        sparsities: Vec<f64>,
    },
    /// Say how alike both networks of an experiment find pictures of the recognition experiment, at its layer. Counts as a run.
    OddOneOut {
        /// The run's number.
        job: JobId,
        /// Which networks and which layer; its picture does not matter.
        experiment: Experiment,
        /// The pictures' names.
        images: Vec<String>,
    },
}

impl Request {
    /// The run's number, if the request is one for a run: a new one ends the one before it.
    pub fn run(&self) -> Option<JobId> {
        match self {
            Self::Run { job, .. }
            | Self::Measure { job, .. }
            | Self::Look { job, .. }
            | Self::Examine { job, .. }
            | Self::Agree { job, .. }
            | Self::Discover { job, .. }
            | Self::Follow { job, .. }
            | Self::Locate { job, .. }
            | Self::Sweep { job, .. }
            | Self::Reckon { job, .. }
            | Self::Align { job, .. }
            | Self::OddOneOut { job, .. }
            | Self::Bench { job, .. } => Some(*job),
            Self::Start { .. }
            | Self::Open(_)
            | Self::Cancel { .. }
            | Self::OpenWeights { .. }
            | Self::Stimulus { .. }
            | Self::OpenPack { .. } => None,
        }
    }
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

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Fetching weights; counted in bytes.
    Weights,
    /// The first pass on a device, which prepares it.
    Preparing,
    /// Ranking and zeroing weights; counted in passes or rounds of the criterion.
    Pruning,
    /// Passing the image through the networks.
    Predicting,
    /// Computing the dense network's map; counted in gradient steps.
    DenseMap,
    /// Computing the pruned network's map; counted in gradient steps.
    PrunedMap,
    /// Measuring the dense network's map; counted in passes.
    DenseMeasure,
    /// Measuring the pruned network's map; counted in passes.
    PrunedMeasure,
    /// Looking at layers.
    Looking,
    /// Timing.
    Timing,
    /// Looking at weights.
    Examining,
    /// Comparing both networks' answers over many pictures.
    Agreeing,
    /// Looking for the object on a picture; counted in networks.
    Discovering,
    /// Looking for it along a strip; counted in places.
    Following,
    /// Looking for objects on many pictures.
    Locating,
    /// Running a sweep; counted in pictures.
    Sweeping,
    /// Answering the pictures of the recognition experiment.
    Recognising,
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

/// A part of a run's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Finding {
    /// The part of the picture the networks see, and where the object is in it.
    View(View),
    /// The network.
    Model(ModelReport),
    /// How much of which layer is gone.
    Sparsity(SparsityReport),
    /// What a network says.
    Predictions(Predictions),
    /// A map, and how it agrees with the object's place.
    Map(MapReport),
    /// A measure of a map that needs the network, as [`Request::Measure`] asks for.
    Measured(Measured),
    /// What a layer sees, as [`Request::Look`] asks for.
    Layer(LayerView),
    /// Timings, as [`Request::Bench`] asks for.
    Timings(Vec<Timing>),
    /// A network of the user's own weights, as [`Request::OpenWeights`] asks for.
    OwnWeights(Box<OwnWeights>),
    /// The weights of both networks, as [`Request::Examine`] asks for.
    Examined(Examined),
    /// How far both networks agree, as [`Request::Agree`] asks for; told again and again while it grows.
    Agreement(AgreementReport),
    /// What the networks see while objects are looked for; before anything that was found there.
    Sighting(Sighting),
    /// What a network finds, as [`Request::Discover`] asks for.
    Discovered(Box<Discovered>),
    /// What a network finds at a place of a strip, as [`Request::Follow`] asks for.
    Spot(Spot),
    /// How often objects are found, as [`Request::Locate`] asks for; told again and again while it grows.
    Located(Located),
    /// A part of a sweep, as [`Request::Sweep`] and [`Request::Reckon`] ask for.
    Swept(Swept),
    /// A picture of the recognition experiment, as [`Request::Stimulus`] asks for.
    Stimulus(Box<Stimulus>),
    /// A pack, as [`Request::OpenPack`] asks for.
    Pack(Box<PackReport>),
    /// Both networks beside people, as [`Request::Align`] asks for.
    Aligned(Box<Aligned>),
    /// The network of a sparsity beside people, as [`Request::Align`] asks for.
    AlignedAt(AlignedAt),
    /// How alike both networks find pictures, as [`Request::OddOneOut`] asks for.
    Alike(Box<Alike>),
}

/// The weights of a network before and after pruning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// Every prunable layer, in network order.
    pub layers: Vec<LayerWeights>,
}

/// The weights of a layer before and after pruning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerWeights {
    /// The weight tensor's name.
    pub name: String,
    /// The weight tensor's shape.
    pub shape: Vec<usize>,
    /// The largest absolute value.
    pub range: f32,
    /// How many weights of the dense network fall into each of even bins from `-range` to `range`.
    pub dense: Vec<u32>,
    /// How many of those that stay do, with the values they have then.
    pub kept: Vec<u32>,
    /// The largest absolute value that went, where every one that went is at most as large as every one that stayed.
    pub threshold: Option<f32>,
    /// The share of weights that stay, as a picture: outputs down, everything that comes into one across.
    pub density: Grid,
    /// The kernels themselves, where they look at red, green and blue.
    pub kernels: Option<Kernels>,
}

/// A picture of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
    /// Its values, row by row.
    pub values: Vec<f32>,
}

/// Kernels that look at red, green and blue: values [count, 3, height, width].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kernels {
    /// How many are shown.
    pub count: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// Those of the dense network.
    pub dense: Vec<f32>,
    /// Those of the pruned one; zero where a weight went.
    pub pruned: Vec<f32>,
}

/// How far a pruned network still answers as the dense one does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementReport {
    /// Pictures compared so far.
    pub pictures: usize,
    /// Of these, how many get the same first class.
    pub same: usize,
    /// Mean Kullback-Leibler divergence of the pruned network's probabilities from the dense network's, in nats.
    pub divergence: f32,
    /// Of the pictures, how many have a label among the network's classes.
    pub labelled: usize,
    /// Of the labelled, how many have it as the dense network's first class.
    pub dense_right: usize,
    /// And as the pruned network's.
    pub pruned_right: usize,
    /// What the pictures are.
    pub on: String,
    /// Whether all were compared.
    pub complete: bool,
}

/// A network of the user's own weights: what it is, and how its tensors were found in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnWeights {
    /// Its id in experiments, made of the file's hash.
    pub id: String,
    /// The name in menus, with the file's.
    pub title: String,
    /// One plain sentence on the architecture.
    pub says: String,
    /// The architecture's name.
    pub architecture: String,
    /// Classes; 0 where answers are features.
    pub classes: usize,
    /// How the file is written.
    pub format: String,
    /// Which of the file's dictionaries was taken, keys joined by dots; empty for the top.
    pub part: String,
    /// Other dictionaries of the file that would have fitted as well.
    pub other_parts: Vec<String>,
    /// What stood before every name.
    pub prefix: String,
    /// Tensors that came with a mask.
    pub masked: usize,
    /// Tensors that are no weights and were passed over; the first few.
    pub passed_over: Vec<String>,
    /// How many more of them there are.
    pub passed_over_besides: usize,
    /// How many weights of which layer are zero: what was pruned before.
    pub sparsity: SparsityReport,
    /// The network.
    pub model: ModelReport,
}

/// What the networks see: the picture cut and scaled to their input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Width and height in pixels.
    pub side: usize,
    /// Red, green and blue bytes, row by row.
    pub rgb: Vec<u8>,
    /// Object boxes in pixels of the view, clipped to it.
    pub boxes: Vec<[f32; 4]>,
    /// The object's mask, row by row, where there is one.
    pub mask: Option<Vec<bool>>,
    /// Share of the object's boxes (or mask) that lies inside the view.
    pub inside: Option<f32>,
}

/// The network an experiment names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// The card's id.
    pub id: String,
    /// sha256 of the weights file, hexadecimal.
    pub weights_sha256: String,
    /// Names of the layers that can be looked at, in order.
    pub taps: Vec<String>,
    /// The tap that layer methods use unless told otherwise.
    pub default_tap: String,
    /// Weights that can be pruned.
    pub prunable: usize,
    /// All parameters.
    pub parameters: usize,
    /// The methods that cannot be had on it, each with the reason.
    pub absent: Vec<(Method, String)>,
    /// The criteria that cannot be had on it, each with the reason.
    pub absent_criteria: Vec<(Criterion, String)>,
    /// Whether it has batch normalisations that can be estimated anew.
    pub normalised: bool,
}

/// How much is pruned, overall and per layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SparsityReport {
    /// Weights set to zero.
    pub pruned: usize,
    /// Weights that could have been.
    pub prunable: usize,
    /// sha256 of the mask, one byte a weight (1 kept, 0 pruned) in layer order, hexadecimal.
    pub mask_sha256: String,
    /// What happened besides, in a sentence or two: which pictures were looked at, which layers a pattern left whole. Empty if nothing did.
    pub note: String,
    /// Bytes of the pruned network stored sparse; see `pruning::cost`.
    pub stored_bytes: usize,
    /// Each prunable layer, in network order.
    pub layers: Vec<LayerSparsity>,
}

/// How much of one layer is pruned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSparsity {
    /// The weight tensor's name.
    pub name: String,
    /// The weight tensor's shape.
    pub shape: Vec<usize>,
    /// Weights set to zero.
    pub pruned: usize,
    /// Weights in the layer.
    pub total: usize,
    /// Places of a picture that its kernel is laid on: each weight costs that many multiply-accumulates. 0 where it is not known.
    pub places: usize,
}

impl SparsityReport {
    /// Multiply-accumulates of convolutions and linear layers for one picture: of the dense network, and those whose weight is left.
    pub fn multiply_accumulates(&self) -> (u64, u64) {
        let of = |weights: &dyn Fn(&LayerSparsity) -> usize| self.layers.iter().map(|l| (weights(l) * l.places) as u64).sum();
        (of(&|layer| layer.total), of(&|layer| layer.total - layer.pruned))
    }
}

/// The classes a network favours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// Which network.
    pub side: Side,
    /// The five most probable classes, most probable first.
    pub top: Vec<Prediction>,
    /// The class that is explained, with its probability.
    pub target: Prediction,
    /// sha256 of the logits as little-endian 32-bit floats, hexadecimal.
    pub logits_sha256: String,
}

/// One class and its probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The class's index.
    pub index: usize,
    /// The class's name.
    pub label: String,
    /// Softmax probability.
    pub probability: f32,
}

/// An attribution map with its agreement with the truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapReport {
    /// Which network.
    pub side: Side,
    /// The explained class's index.
    pub target: usize,
    /// Rows and columns.
    pub side_length: usize,
    /// The values, row by row, as the method gives them (not normalised).
    pub values: Vec<f32>,
    /// Whether values below zero mean "against the class".
    pub signed: bool,
    /// What is known of the object's place; `None` where the picture has no truth.
    pub place: Option<Place>,
    /// Every measure that needs only the map and the object's place. Without a place, only those of the map alone.
    pub scores: Vec<Score>,
    /// For methods that share a score out: what there was to share.
    pub total: Option<f32>,
    /// Sum of all values before channels are reduced.
    pub sum: f32,
    /// Whether this is the whole map; a map on its way has no scores yet.
    pub complete: bool,
    /// Milliseconds the map took.
    pub millis: f64,
}

/// The object's place, as a map is measured against it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What it is known from.
    pub truth: Truth,
    /// Share of the view the object covers: what an even map would score in relevance mass and rank.
    pub chance: f32,
}

impl MapReport {
    /// The value of a measure, if the map has it.
    pub fn score(&self, measure: Measure) -> Option<&std::result::Result<f32, Error>> {
        self.scores.iter().find(|score| score.measure == measure).map(|score| &score.value)
    }
}

/// A measure of a map that needs the network, with what happened on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which network.
    pub side: Side,
    /// The measure with its value.
    pub score: Score,
    /// One sentence on what the value rests on: how many steps, samples or seeds.
    pub note: String,
    /// The run's course, from left to right, where it has one.
    pub curve: Vec<Point>,
    /// What the network was shown at each point of the curve, or what came out.
    pub pictures: Pictures,
    /// Milliseconds it took.
    pub millis: f64,
}

/// A point of a measure's course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where on the horizontal axis, 0 to 1.
    pub at: f32,
    /// The value there.
    pub value: f32,
    /// What stands there, such as a layer's name; empty where the axis says it.
    pub label: String,
}

/// The pictures behind a curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Pictures {
    /// None.
    None,
    /// Two views mixed pixel by pixel: at the share `at` of the ranking, that share of the pixels shows `after`, the others `before`.
    Mixed {
        /// At the left end, red, green and blue bytes row by row.
        before: Vec<u8>,
        /// At the right end.
        after: Vec<u8>,
        /// Each pixel's place in the ranking, 0 first.
        rank: Vec<u32>,
    },
    /// A view for each point of the curve, red, green and blue bytes row by row.
    Views(Vec<Vec<u8>>),
    /// A map for each point of the curve, row by row, of the network input's size.
    Maps(Vec<Vec<f32>>),
}

/// What a layer of a network sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerView {
    /// Which network.
    pub side: Side,
    /// The layer's name among the taps.
    pub tap: String,
    /// Channels of the feature map.
    pub channels: usize,
    /// Its rows and columns.
    pub rows: usize,
    /// See `rows`.
    pub columns: usize,
    /// The mean over channels of the features' absolute values, row by row.
    pub mean: Vec<f32>,
    /// The channels that are most active on this picture: number and values, row by row, most active first.
    pub strongest: Vec<(usize, Vec<f32>)>,
    /// Share of the features that are zero.
    pub silent: f32,
}

/// What is known of the object's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truth {
    /// Its outline, exactly.
    Mask,
    /// Boxes around it.
    Box,
}

/// How long something takes, warm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// What was timed.
    pub what: String,
    /// Passes of the network it takes, where it is a matter of their number.
    pub passes: usize,
    /// Each run in milliseconds, in order.
    pub millis: Vec<f64>,
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
