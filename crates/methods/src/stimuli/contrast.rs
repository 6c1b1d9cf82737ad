//! Contrast: a grey picture drawn towards middle grey (Geirhos et al., 2018, "contrast").

use super::plane::Plane;

/// `(1 - level) / 2 + level v`: 1 leaves a picture as it is, 0 leaves nothing.
pub fn contrast(plane: &Plane, level: f64) -> Plane {
    plane.map(|value| (1.0 - level) / 2.0 + level * value)
}
