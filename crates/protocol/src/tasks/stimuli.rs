//! The pictures of the recognition experiment.

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// Make a picture of the recognition experiment. Waits for what is running and ends nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MakeStimulus {
    /// Where the picture is from.
    pub source: Source,
    /// Its name in trials.
    pub image: String,
    /// Its condition's id.
    pub condition: String,
}

impl Kind for MakeStimulus {
    type Finding = Box<Stimulus>;

    const ENDS_OTHERS: bool = false;
}

/// Side of the experiment's pictures in pixels.
pub const SIDE: usize = 224;

/// Where the experiment's pictures are from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// The shipped ones, changed on the device.
    Shipped,
    /// A pack that was opened, by its sha256; its pictures are changed already.
    Pack(String),
}

/// A picture of the experiment, as people and networks see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stimulus {
    /// Its name in trials.
    pub image: String,
    /// Its condition's id.
    pub condition: String,
    /// Red, green and blue bytes, [`SIDE`] x [`SIDE`], row by row.
    pub rgb: Vec<u8>,
    /// The noise that is shown after it, a grey byte a pixel.
    pub noise: Vec<u8>,
}
