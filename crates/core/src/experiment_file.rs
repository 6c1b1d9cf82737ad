//! An experiment as a file: its link, and the reader's own picture where it looks at one, which no link can carry.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::experiment::{Experiment, ImageRef};
use crate::link;

/// What the names of such files end with.
pub const ENDING: &str = ".sweetspot";

/// The version that is written, and the newest that can be read.
pub const VERSION: u32 = 1;

/// The longest file that is read, in bytes: a large photo.
pub const MAX_BYTES: usize = 64_000_000;

/// A picture in such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// The picture file's name.
    pub name: String,
    /// The picture file's bytes in base64.
    pub data: String,
}

/// The file, as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stored {
    sweetspot: u32,
    link: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    picture: Option<Enclosed>,
}

/// The text of an experiment's file.
pub fn write(experiment: &Experiment, picture: Option<Enclosed>) -> String {
    let picture = picture.filter(|_| matches!(experiment.image, ImageRef::Own(_)));
    let stored = Stored { sweetspot: VERSION, link: link::write(experiment), picture };
    // Texts and a number always have a JSON form.
    serde_json::to_string_pretty(&stored).unwrap_or_default()
}

/// Reads such a file.
///
/// # Errors
///
/// A text that is too long, none of this kind, or of a newer version; and what [`link::read`] says of its link.
pub fn read(name: &str, text: &str) -> Result<(Experiment, Option<Enclosed>)> {
    let name: String = name.chars().take(60).collect();
    let wrong = |expected: &str| Error::bad_value("the experiment file", &name, expected);
    if text.len() > MAX_BYTES {
        return Err(wrong("no larger than 64 MB"));
    }
    let stored: Stored = serde_json::from_str(text).map_err(|_| wrong("a file that this page has saved"))?;
    if stored.sweetspot == 0 || stored.sweetspot > VERSION {
        return Err(wrong("of version 1; reload the page to get its newest version"));
    }
    Ok((link::read(&stored.link)?, stored.picture))
}
