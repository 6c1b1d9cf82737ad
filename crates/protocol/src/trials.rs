//! What is said of the recognition experiment: its pictures, packs of them, and networks beside people.

use serde::{Deserialize, Serialize};

use sweetspot_core::alignment::accuracy::{Confusion, Share};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::consistency::Estimate;
use sweetspot_core::alignment::observers::Observer;
use sweetspot_core::alignment::odd_one_out::Likeness;
use sweetspot_core::alignment::summary::Alignment;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;

/// Side of the experiment's pictures in pixels.
pub const SIDE: usize = 224;
/// The most sparsities of one comparison.
pub const MOST_DENSITIES: usize = 40;

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

/// How alike both networks find pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// The layer whose features were compared.
    pub tap: String,
    /// The dense network.
    pub dense: Likeness,
    /// The pruned one.
    pub pruned: Likeness,
}

/// An opened pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackReport {
    /// Its identity.
    pub sha256: String,
    /// What to call it.
    pub title: String,
    /// Where its images are from.
    pub source: String,
    /// Their licence.
    pub licence: String,
    /// Which published data set it is.
    pub data_set: Option<String>,
    /// Its images: name, category if it is one of the 16, condition.
    pub images: Vec<(String, Option<Category>, String)>,
    /// Its observers, with how many answers.
    pub observers: Vec<(String, usize)>,
    /// What of its trials was used and what refused.
    pub trials: Report,
    /// Which images have a file.
    pub files: Report,
}

/// Both networks beside people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// Where the pictures are from.
    pub source: Source,
    /// The data set's name, if it is a published one.
    pub data_set: Option<String>,
    /// The dense network.
    pub dense: Alignment,
    /// The pruned one.
    pub pruned: Alignment,
    /// Dense, pruned, then people.
    pub names: Vec<String>,
    /// The mean error consistency over conditions of each with each.
    pub matrix: Vec<Vec<Option<f64>>>,
    /// What people take for what, all of them together.
    pub people: Confusion,
    /// What both networks answered, for export.
    pub networks: [Observer; 2],
    /// Which of people's answers were used, and which belong to no picture there is.
    pub report: Report,
}

/// The network of a sparsity beside people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlignedAt {
    /// The sparsity.
    pub sparsity: f64,
    /// Its right answers.
    pub accuracy: Share,
    /// Its error consistency with people.
    pub error_consistency: Option<Estimate>,
}

/// Checks what a comparison is asked for along sparsities.
pub fn check_sparsities(sparsities: &[f64]) -> Result<()> {
    match sparsities.len() <= MOST_DENSITIES {
        true => Ok(()),
        false => Err(Error::bad_value("the number of sparsities", sparsities.len(), &format!("at most {MOST_DENSITIES}"))),
    }
}
