//! Measures that need the network: what they are given, and what they give back.

use super::Measure;
use crate::attribution::context::{ChannelMap, Context};
use crate::engine::protocol::{Pictures, Point, View};
use crate::error::Result;
use crate::models::Architecture;
use crate::models::card::Recipe;
use crate::models::weights::Weights;
use crate::pruning::mask::Mask;

/// What a measure that needs the network works on.
pub struct Trial<'a> {
    /// The network, the image, the class and the method that made the map, so that it can be made again. Its job counts passes.
    pub context: &'a Context<'a>,
    /// The map.
    pub map: &'a ChannelMap,
    /// The network's architecture.
    pub architecture: &'static Architecture,
    /// Its weights before pruning.
    pub weights: &'a Weights,
    /// Which of them are left; `None` for all.
    pub mask: Option<&'a Mask>,
    /// How a picture becomes its input.
    pub recipe: &'a Recipe,
    /// The image for a reader, where pictures of what the network is shown are wanted.
    pub view: Option<&'a View>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The measure's value.
    pub value: f32,
    /// One sentence on what it rests on.
    pub note: String,
    /// The course, where there is one.
    pub curve: Vec<Point>,
    /// What the network was shown on the way, or what came out.
    pub pictures: Pictures,
}

impl Default for Outcome {
    fn default() -> Self {
        Self { value: f32::NAN, note: String::new(), curve: Vec::new(), pictures: Pictures::None }
    }
}

/// Measures a map.
pub async fn evaluate(measure: Measure, _trial: &Trial<'_>) -> Result<Outcome> {
    Err(crate::error::Error::Undefined { measure: measure.id().into(), reason: "to be written".into() })
}
