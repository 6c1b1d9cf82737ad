//! Rotation: a grey picture turned by quarters (Geirhos et al., 2018, "rotation").

use super::plane::Plane;

/// A picture turned against the clock by so many quarters of a circle.
pub fn rotation(plane: &Plane, quarters: usize) -> Plane {
    (0..quarters % 4).fold(plane.clone(), |plane, _| quarter(&plane))
}

fn quarter(plane: &Plane) -> Plane {
    let (width, height) = (plane.width, plane.height);
    // The last column becomes the first row.
    let values = (0..width).rev().flat_map(|x| (0..height).map(move |y| y * width + x)).map(|at| plane.values[at]).collect();
    Plane { width: height, height: width, values }
}
