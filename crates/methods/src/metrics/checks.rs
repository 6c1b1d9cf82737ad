//! What measures check of a map before they measure it.

use sweetspot_core::error::Error;
use sweetspot_core::error::Result;

/// An [`Error::Undefined`] of a measure, with the reason.
pub fn undefined(measure: &str, reason: impl Into<String>) -> Error {
    Error::Undefined { measure: measure.into(), reason: reason.into() }
}

/// Checks that a map holds finite numbers only.
pub fn finite(measure: &str, map: &[f32]) -> Result<()> {
    match map.iter().find(|v| !v.is_finite()) {
        Some(bad) => Err(undefined(measure, format!("the map holds {bad}, which is not a finite number"))),
        None => Ok(()),
    }
}

/// Checks that a map holds finite numbers only, and not zero everywhere.
pub fn not_empty(measure: &str, map: &[f32]) -> Result<()> {
    finite(measure, map)?;
    match map.iter().all(|v| *v == 0.0) {
        true => Err(undefined(measure, "the map is zero everywhere")),
        false => Ok(()),
    }
}

/// Checks that there are as many mask pixels as values, and an object. Returns the object's size in pixels.
pub(crate) fn check_sizes(measure: &str, map: &[f32], mask: &[bool]) -> Result<usize> {
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
pub fn check(measure: &str, map: &[f32], mask: &[bool]) -> Result<usize> {
    not_empty(measure, map)?;
    match map.iter().find(|v| **v < 0.0) {
        Some(bad) => Err(undefined(measure, format!("the map holds {bad}, which is negative"))),
        None => check_sizes(measure, map, mask),
    }
}

/// Which share of a map's mass lies inside a mask. The map must not be negative, nor zero everywhere.
pub(crate) fn share_inside(map: &[f32], mask: &[bool]) -> f32 {
    let total: f64 = map.iter().map(|v| f64::from(*v)).sum();
    let inside: f64 = map.iter().zip(mask).filter(|(_, inside)| **inside).map(|(v, _)| f64::from(*v)).sum();
    (inside / total) as f32
}

/// What measures of a map alone look at: its absolute values, checked, and the largest of them.
pub fn complexity(measure: &str, map: &[f32]) -> Result<(Vec<f64>, f64)> {
    not_empty(measure, map)?;
    let sizes: Vec<f64> = map.iter().map(|v| f64::from(v.abs())).collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    Ok((sizes, largest))
}
