//! Blurring with a Gaussian, as `scipy.ndimage.gaussian_filter` does: cut off after four deviations, weights that sum to 1.

use super::plane::Plane;

/// What lies beyond the picture's edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Border {
    /// The same value everywhere.
    Constant(f64),
    /// The nearest pixel of the picture.
    Nearest,
}

/// Blurs a plane by a deviation in pixels; 0 changes nothing.
pub(crate) fn blur(plane: &Plane, deviation: f64, border: Border) -> Plane {
    if deviation <= 0.0 {
        return plane.clone();
    }
    let weights = weights(deviation);
    let (width, height) = (plane.width, plane.height);
    // Down the columns first, as scipy goes through the axes.
    let mut down = Vec::with_capacity(plane.values.len());
    for y in 0..height {
        down.extend((0..width).map(|x| weighed(&weights, y, height, border, |y| plane.values[y * width + x])));
    }
    let across = |row: &[f64], x: usize| weighed(&weights, x, width, border, |x| row[x]);
    plane.with(down.chunks_exact(width).flat_map(|row| (0..width).map(move |x| across(row, x))).collect())
}

/// The weights from the middle outwards.
fn weights(deviation: f64) -> Vec<f64> {
    // A picture's side is the most that counts: what is farther lies beyond both edges.
    let radius = (4.0 * deviation + 0.5).min(4.0 * super::plane::MOST_SIDE as f64) as usize;
    let bell: Vec<f64> = (0..=radius).map(|x| (-0.5 * (x as f64 / deviation).powi(2)).exp()).collect();
    let sum = bell[0] + 2.0 * bell[1..].iter().sum::<f64>();
    bell.into_iter().map(|weight| weight / sum).collect()
}

fn weighed(weights: &[f64], at: usize, length: usize, border: Border, value: impl Fn(usize) -> f64) -> f64 {
    let inside = |place: isize| match border {
        Border::Constant(outside) if place < 0 || place >= length as isize => outside,
        _ => value(place.clamp(0, length as isize - 1) as usize),
    };
    let at = at as isize;
    let pair = |(distance, weight): (usize, &f64)| weight * (inside(at - distance as isize) + inside(at + distance as isize));
    weights[0] * inside(at) + weights.iter().enumerate().skip(1).map(pair).sum::<f64>()
}
