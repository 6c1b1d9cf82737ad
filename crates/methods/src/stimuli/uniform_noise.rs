//! Uniform noise on a grey picture of low contrast (Geirhos et al., 2018, "uniform noise").

use super::contrast::contrast;
use super::plane::Plane;

/// The contrast of the picture under the noise, low so that the sum seldom leaves black and white.
pub(crate) const CONTRAST: f64 = 0.3;

/// A picture of contrast 0.3, plus a number between `-width` and `width` a pixel, cut off at black and white. `draw` gives numbers from 0 to 1, a pixel
/// each, row by row.
pub fn uniform_noise(plane: &Plane, width: f64, mut draw: impl FnMut() -> f64) -> Plane {
    let faint = contrast(plane, CONTRAST);
    faint.with(faint.values.iter().map(|value| (value + width * (2.0 * draw() - 1.0)).clamp(0.0, 1.0)).collect())
}
