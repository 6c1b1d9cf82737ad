//! The value of a measure.

use serde::{Deserialize, Serialize};

use super::Measure;
use crate::error::Error;

/// A measure's value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The measure.
    pub measure: Measure,
    /// Its value.
    pub value: std::result::Result<f32, Error>,
}
