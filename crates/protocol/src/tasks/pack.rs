//! Packs of pictures, with the answers of people where they have some.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::report::Report;

/// Read a pack, in place of the one before. Waits for what is running and ends nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenPack {
    /// The file's name, for messages.
    pub name: String,
    /// Where it can be read: an object URL; natively a path.
    pub address: String,
}

impl Kind for OpenPack {
    type Finding = Box<PackReport>;

    const ENDS_OTHERS: bool = false;
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
