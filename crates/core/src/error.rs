//! The one error type. Every variant carries the facts a reader needs: what was wrong, with which input, and what to do.
//!
//! Errors cross the worker boundary as values, so the type is serialisable and holds no source error.

use serde::{Deserialize, Serialize};

/// What can go wrong. The text is one sentence, lower case, without a final stop, as the command line and the page print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The bytes are no picture in a format that is read here, or the file is cut short.
    #[error("{name}: not a picture that can be read here ({reason}); JPEG, PNG, WebP, GIF and BMP are")]
    NotAPicture {
        /// The file's name, or what stands for it.
        name: String,
        /// The decoder's reason.
        reason: String,
    },
    /// The picture's sides are outside what is accepted.
    #[error(
        "{name}: {width} x {height} pixels; a picture needs at least {min} px on its short side and at most {max_megapixels} megapixels"
    )]
    PictureSize {
        /// The file's name.
        name: String,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The least length of the short side in pixels.
        min: u32,
        /// The most megapixels.
        max_megapixels: u32,
    },
    /// `raw` preprocessing takes a picture that already has the network's input size.
    #[error("{name}: {width} x {height} pixels, but the network's input is {side} x {side}; use the card's preprocessing instead of raw")]
    NotInputSize {
        /// The file's name.
        name: String,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The side of the network's square input in pixels.
        side: usize,
    },
    /// A name is not in its registry.
    #[error("unknown {kind} '{name}'; known: {known}")]
    Unknown {
        /// What kind of thing was named: model, method, criterion, tap.
        kind: String,
        /// The name as given.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// A number or word is outside its range.
    #[error("{name} is {value}; it must be {expected}")]
    BadValue {
        /// The parameter's name.
        name: String,
        /// The value as given.
        value: String,
        /// What would be accepted.
        expected: String,
    },
    /// A weights file cannot be read at all.
    #[error("weights of {model}: {reason}")]
    Weights {
        /// The model's id.
        model: String,
        /// What is wrong with the file.
        reason: String,
    },
    /// The bytes are not the ones the card names.
    #[error("weights of {model}: sha256 is {got}, the card says {expected}; fetch the file again")]
    Hash {
        /// The model's id.
        model: String,
        /// The hash on the card, hexadecimal.
        expected: String,
        /// The hash of the bytes at hand, hexadecimal.
        got: String,
    },
    /// Tensors are missing from a weights file, it has some the architecture does not know, or some have another shape.
    #[error("weights of {model}: missing tensors: {missing}; unknown tensors: {surplus}; tensors of another shape: {misshapen}")]
    Tensors {
        /// The model's id.
        model: String,
        /// Names the architecture needs, separated by commas, or "none".
        missing: String,
        /// Names the architecture does not know, separated by commas, or "none".
        surplus: String,
        /// Names with the shape found and the shape needed, separated by commas, or "none".
        misshapen: String,
    },
    /// A tensor holds a NaN or an infinite number.
    #[error("weights of {model}: tensor '{tensor}' holds a value that is not a finite number at index {index}")]
    NotFinite {
        /// The model's id.
        model: String,
        /// The tensor's name.
        tensor: String,
        /// Flat index of the first such value.
        index: usize,
    },
    /// Two grids that must have the same size do not.
    #[error("the map has {map_height} x {map_width} values, the ground truth {truth_height} x {truth_width}")]
    SizeMismatch {
        /// Rows of the map.
        map_height: usize,
        /// Columns of the map.
        map_width: usize,
        /// Rows of the mask.
        truth_height: usize,
        /// Columns of the mask.
        truth_width: usize,
    },
    /// A measure has no defined value for this input.
    #[error("{measure} is not defined here: {reason}")]
    Undefined {
        /// The measure's id.
        measure: String,
        /// Why.
        reason: String,
    },
    /// A method that a network does not offer what it needs.
    #[error("{method} cannot be had here: {reason}; choose another method")]
    Absent {
        /// The id of the attribution method or criterion; empty for anything else.
        id: String,
        /// Its name.
        method: String,
        /// What is missing.
        reason: String,
    },
    /// Something the experiment needs has not been given or cannot be fetched.
    #[error("{what} is missing: {reason}")]
    Missing {
        /// What is missing.
        what: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The device cannot compute, or computes wrong numbers.
    #[error("{device}: {reason}")]
    Device {
        /// The device's name.
        device: String,
        /// What it does.
        reason: String,
    },
    /// A link or a message from the other side of the worker boundary cannot be read.
    #[error("{what} cannot be read: {reason}")]
    Unreadable {
        /// What was being read.
        what: String,
        /// Why it cannot.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {reason}")]
    Io {
        /// The path as given.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// Two results of the same thing differ.
    #[error("{what}: {here} in one and {there} in the other; results that contradict each other are not put together")]
    Contradiction {
        /// What differs, and where.
        what: String,
        /// What it is in the results at hand.
        here: String,
        /// What it is in those that were to be added.
        there: String,
    },
    /// The work was stopped because newer work came, or by the user.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    /// Whether the input is to blame: the command line's exit code is 2 then, and 1 otherwise.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Device { .. } | Self::Cancelled)
    }

    /// An [`Error::Unknown`] from a kind, a name and the names that exist.
    pub fn unknown<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        // A hostile link can hold a very long name; the sentence stays a sentence.
        let name: String = name.chars().take(60).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        Self::Unknown { kind: kind.into(), name, known }
    }

    /// An [`Error::BadValue`] from a parameter's name, the value as given and what would be accepted.
    pub fn bad_value(name: &str, value: impl std::fmt::Display, expected: &str) -> Self {
        let value = value.to_string().chars().take(60).collect();
        Self::BadValue { name: name.into(), value, expected: expected.into() }
    }
}

/// A result with the crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
