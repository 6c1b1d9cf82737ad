//! Low-pass: a blurred grey picture (Geirhos et al., 2018, "low-pass").

use super::gaussian::{Border, blur};
use super::plane::Plane;

/// The mean grey of the published pictures, which stands for what lies beyond the edge.
pub(crate) const BACKGROUND: f64 = 0.4423;

/// A picture blurred by a Gaussian of a deviation in pixels; 0 leaves it as it is.
pub fn low_pass(plane: &Plane, deviation: f64) -> Plane {
    blur(plane, deviation, Border::Constant(BACKGROUND)).map(|value| value.clamp(0.0, 1.0))
}
