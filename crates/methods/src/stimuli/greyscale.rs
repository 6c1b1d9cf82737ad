//! Greyscale: no colour (Geirhos et al., 2018, "colour").

use super::plane::Plane;

/// A grey picture as it is.
pub fn greyscale(plane: &Plane) -> Plane {
    plane.clone()
}
