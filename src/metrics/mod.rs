//! Measures: how good a map is. A measure a file, registered in [`Measure`].
//!
//! What a measure is called and what it says is known to the page too; what it computes is compiled with the feature `compute`.

#[cfg(feature = "compute")]
pub mod auc;
#[cfg(feature = "compute")]
pub mod best_iou;
#[cfg(feature = "compute")]
pub mod deletion;
#[cfg(feature = "compute")]
pub mod effective_complexity;
#[cfg(feature = "compute")]
pub mod energy_pointing_game;
#[cfg(feature = "compute")]
pub mod entropy;
#[cfg(feature = "compute")]
pub mod gini;
#[cfg(feature = "compute")]
pub mod imputation;
#[cfg(feature = "compute")]
pub mod infidelity;
#[cfg(feature = "compute")]
pub mod insertion;
#[cfg(feature = "compute")]
pub mod local_lipschitz;
#[cfg(feature = "compute")]
pub mod max_sensitivity;
pub mod measure;
#[cfg(feature = "compute")]
pub mod parameter_randomisation;
#[cfg(feature = "compute")]
pub mod perturbation_curve;
#[cfg(feature = "compute")]
pub mod pixel_flipping;
#[cfg(feature = "compute")]
pub mod pointing_game;
#[cfg(feature = "compute")]
pub mod random_logit;
pub mod rank;
#[cfg(feature = "compute")]
pub mod redrawn;
#[cfg(feature = "compute")]
pub mod relevance_mass;
#[cfg(feature = "compute")]
pub mod relevance_rank;
#[cfg(feature = "compute")]
pub mod road;
#[cfg(feature = "compute")]
pub mod robustness;
pub mod spearman;
#[cfg(feature = "compute")]
pub mod sufficiency;
#[cfg(feature = "compute")]
pub mod trial;
#[cfg(feature = "compute")]
pub mod untrained;

pub use measure::{Measure, MeasureInfo};

use serde::{Deserialize, Serialize};

#[cfg(feature = "compute")]
use crate::attribution::context::ChannelMap;
#[cfg(feature = "compute")]
use crate::engine::protocol::Score;
#[cfg(feature = "compute")]
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
    let reduced = map.reduced();
    // Signed maps are squared channel by channel, as the paper pools them; unsigned ones are reduced as their authors do.
    let pooled = match map.signed {
        true => &Pooling::Squared.pool(&map.values, map.channels),
        false => &reduced,
    };
    let value = |measure: Measure| -> Option<Result<f32>> {
        match measure {
            Measure::RelevanceMass => mask.map(|mask| relevance_mass::relevance_mass_accuracy(pooled, mask)),
            Measure::RelevanceRank => mask.map(|mask| relevance_rank::relevance_rank_accuracy(pooled, mask)),
            Measure::PointingGame => mask.map(|mask| pointing_game::pointing_game(pooled, mask)),
            Measure::EnergyPointingGame => mask.map(|mask| energy_pointing_game::energy_pointing_game(&reduced, mask)),
            Measure::BestIou => mask.map(|mask| best_iou::best_iou(pooled, mask)),
            Measure::Auc => mask.map(|mask| auc::auc(pooled, mask)),
            Measure::Gini => Some(gini::gini(&reduced)),
            Measure::Entropy => Some(entropy::entropy(&reduced)),
            Measure::EffectiveComplexity => Some(effective_complexity::effective_complexity(&reduced)),
            _ => None,
        }
    };
    Measure::ALL.into_iter().filter_map(|measure| Some(Score { measure, value: value(measure)? })).collect()
}

/// An [`Error::Undefined`] of a measure, with the reason.
#[cfg(feature = "compute")]
fn undefined(measure: &str, reason: impl Into<String>) -> Error {
    Error::Undefined { measure: measure.into(), reason: reason.into() }
}

/// Checks that a map holds finite numbers only.
#[cfg(feature = "compute")]
fn finite(measure: &str, map: &[f32]) -> Result<()> {
    match map.iter().find(|v| !v.is_finite()) {
        Some(bad) => Err(undefined(measure, format!("the map holds {bad}, which is not a finite number"))),
        None => Ok(()),
    }
}

/// Checks that a map holds finite numbers only, and not zero everywhere.
#[cfg(feature = "compute")]
pub(crate) fn not_empty(measure: &str, map: &[f32]) -> Result<()> {
    finite(measure, map)?;
    match map.iter().all(|v| *v == 0.0) {
        true => Err(undefined(measure, "the map is zero everywhere")),
        false => Ok(()),
    }
}

/// Checks that there are as many mask pixels as values, and an object. Returns the object's size in pixels.
#[cfg(feature = "compute")]
fn check_sizes(measure: &str, map: &[f32], mask: &[bool]) -> Result<usize> {
    if map.len() != mask.len() {
        return Err(undefined(measure, format!("the map has {} values, the object's mask {} pixels", map.len(), mask.len())));
    }
    match mask.iter().filter(|&&inside| inside).count() {
        0 => Err(undefined(measure, "no pixel belongs to the object")),
        size => Ok(size),
    }
}

/// Checks what every measure against a ground truth needs: as many values as mask pixels, all finite and not negative, not all zero, and
/// an object. Returns the object's size in pixels.
#[cfg(feature = "compute")]
fn check(measure: &str, map: &[f32], mask: &[bool]) -> Result<usize> {
    not_empty(measure, map)?;
    match map.iter().find(|v| **v < 0.0) {
        Some(bad) => Err(undefined(measure, format!("the map holds {bad}, which is negative"))),
        None => check_sizes(measure, map, mask),
    }
}

/// Which share of a map's mass lies inside a mask. The map must not be negative, nor zero everywhere.
#[cfg(feature = "compute")]
fn share_inside(map: &[f32], mask: &[bool]) -> f32 {
    let total: f64 = map.iter().map(|v| f64::from(*v)).sum();
    let inside: f64 = map.iter().zip(mask).filter(|(_, inside)| **inside).map(|(v, _)| f64::from(*v)).sum();
    (inside / total) as f32
}

/// What measures of a map alone look at: its absolute values, checked, and the largest of them.
#[cfg(feature = "compute")]
fn complexity(measure: &str, map: &[f32]) -> Result<(Vec<f64>, f64)> {
    not_empty(measure, map)?;
    let sizes: Vec<f64> = map.iter().map(|v| f64::from(v.abs())).collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    Ok((sizes, largest))
}

/// The mask of boxes: pixels whose centre lies in any of them.
pub fn mask_of_boxes(boxes: &[[f32; 4]], height: usize, width: usize) -> Vec<bool> {
    let inside = |x: f32, y: f32| boxes.iter().any(|[x0, y0, x1, y1]| (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y));
    (0..height * width).map(|i| inside((i % width) as f32 + 0.5, (i / width) as f32 + 0.5)).collect()
}
