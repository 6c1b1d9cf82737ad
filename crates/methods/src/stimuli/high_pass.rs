//! High-pass: what a blurred picture lacks (Geirhos et al., 2018, "high-pass").

use super::gaussian::{Border, blur};
use super::low_pass::BACKGROUND;
use super::plane::Plane;

/// A picture less its blur by a Gaussian of a deviation in pixels, moved to the mean grey of the published pictures and cut off at black and white.
/// An infinite deviation leaves it as it is, which is how the published condition `inf` is made.
pub fn high_pass(plane: &Plane, deviation: f64) -> Plane {
    if deviation.is_infinite() {
        return plane.clone();
    }
    let blurred = blur(plane, deviation, Border::Constant(BACKGROUND));
    let fine = plane.with(plane.values.iter().zip(&blurred.values).map(|(value, blurred)| value - blurred).collect());
    let shift = BACKGROUND - fine.mean();
    fine.map(|value| (value + shift).clamp(0.0, 1.0))
}
