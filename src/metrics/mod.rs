//! Measures: how good a map is. A measure a file, registered in [`Measure`].
//!
//! What a measure is called and what it says is known to the page too; what it computes is compiled with the feature `compute`.

pub mod measure;
#[cfg(feature = "compute")]
pub mod relevance_mass;
#[cfg(feature = "compute")]
pub mod relevance_rank;

#[cfg(feature = "compute")]
pub mod trial;

pub use measure::{Measure, MeasureInfo};

use serde::{Deserialize, Serialize};

#[cfg(feature = "compute")]
use crate::attribution::context::ChannelMap;
#[cfg(feature = "compute")]
use crate::engine::protocol::Score;
use crate::error::{Error, Result};

/// How the values of a map are made positive before its agreement with an object's place is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Values as they are; they must not be negative.
    None,
    /// Sum of the channels' squares: what the paper does with maps of signed channels (`l2-norm,sq` of Arras et al., 2022).
    Squared,
}

impl Pooling {
    /// The pooling a map asks for: squares as soon as it has several channels or a negative value.
    pub fn of(values: &[f32], channels: usize) -> Self {
        if channels > 1 || values.iter().any(|v| *v < 0.0) { Self::Squared } else { Self::None }
    }

    /// Pools [channels, pixels] values to one a pixel.
    pub fn pool(self, values: &[f32], channels: usize) -> Vec<f32> {
        match self {
            Self::None => values.to_vec(),
            Self::Squared => {
                let pixels = values.len() / channels;
                (0..pixels).map(|p| (0..channels).map(|c| values[c * pixels + p].powi(2)).sum()).collect()
            }
        }
    }
}

/// Every measure that needs only a map and, where it is known, the object's place.
#[cfg(feature = "compute")]
pub fn scores(map: &ChannelMap, mask: Option<&[bool]>) -> Vec<Score> {
    // Signed maps are squared channel by channel, as the paper pools them; unsigned ones are reduced as their authors do.
    let pooled = match map.signed {
        true => Pooling::Squared.pool(&map.values, map.channels),
        false => map.reduced(),
    };
    let place = |measure| -> Option<Result<f32>> {
        let mask = mask?;
        match measure {
            Measure::RelevanceMass => Some(relevance_mass::relevance_mass_accuracy(&pooled, mask)),
            Measure::RelevanceRank => Some(relevance_rank::relevance_rank_accuracy(&pooled, mask)),
            _ => None,
        }
    };
    Measure::ALL.into_iter().filter_map(|measure| Some(Score { measure, value: place(measure)? })).collect()
}

/// Checks what every measure against a ground truth needs: as many values as mask pixels, all finite and not negative, not all zero, and
/// an object. Returns the object's size in pixels.
#[cfg(feature = "compute")]
fn check(measure: &str, map: &[f32], mask: &[bool]) -> Result<usize> {
    let undefined = |reason: &str| Error::Undefined { measure: measure.into(), reason: reason.into() };
    debug_assert_eq!(map.len(), mask.len());
    if let Some(bad) = map.iter().find(|v| !v.is_finite() || **v < 0.0) {
        return Err(undefined(&format!("the map holds {bad}, which is negative or not a finite number")));
    }
    if map.iter().all(|v| *v == 0.0) {
        return Err(undefined("the map is zero everywhere"));
    }
    match mask.iter().filter(|&&inside| inside).count() {
        0 => Err(undefined("no pixel belongs to the object")),
        size => Ok(size),
    }
}

/// The mask of boxes: pixels whose centre lies in any of them.
pub fn mask_of_boxes(boxes: &[[f32; 4]], height: usize, width: usize) -> Vec<bool> {
    let inside = |x: f32, y: f32| boxes.iter().any(|[x0, y0, x1, y1]| (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y));
    (0..height * width).map(|i| inside((i % width) as f32 + 0.5, (i / width) as f32 + 0.5)).collect()
}
