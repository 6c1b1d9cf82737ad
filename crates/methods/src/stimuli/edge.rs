//! Edges: black outlines on white, by Canny's detector (Canny, 1986), which the "edge" stimuli of Geirhos et al., 2019, were made with.

use super::gaussian::{Border, blur};
use super::plane::Plane;

pub use sweetspot_core::alignment::stimuli::info::DEVIATION;
/// Slopes that are edges if they hang together with [`HIGH`] ones, and those that are edges by themselves, as Sobel's operator measures them (the
/// thresholds of scikit-image; MATLAB's depend on each picture).
const LOW: f64 = 0.1;
const HIGH: f64 = 0.2;

/// The outlines in a picture after a blur of a deviation in pixels.
pub fn edge(plane: &Plane, deviation: f64) -> Plane {
    let edges = canny(plane, deviation);
    plane.with(edges.into_iter().map(|edge| if edge { 0.0 } else { 1.0 }).collect())
}

/// Which pixels are edges: where the slope of the blurred picture is largest along its own direction, and steep or joined to where it is.
fn canny(plane: &Plane, deviation: f64) -> Vec<bool> {
    let smooth = blur(plane, deviation, Border::Nearest);
    let (down, right) = sobel(&smooth);
    let size: Vec<f64> = down.iter().zip(&right).map(|(d, r)| (d * d + r * r).sqrt()).collect();
    let (width, height) = (plane.width, plane.height);
    let inside = |at: usize| (1..width.saturating_sub(1)).contains(&(at % width)) && (1..height.saturating_sub(1)).contains(&(at / width));
    let ridge = |at: usize| inside(at) && size[at] >= LOW && is_ridge(&size, width, at, down[at], right[at]);
    let ridges: Vec<bool> = (0..size.len()).map(ridge).collect();
    let mut edges = vec![false; size.len()];
    let mut open: Vec<usize> = (0..size.len()).filter(|at| ridges[*at] && size[*at] >= HIGH).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut edges[at], true) {
            continue;
        }
        // Ridges keep away from the border, so all eight neighbours exist.
        let around = [at - width - 1, at - width, at - width + 1, at - 1, at + 1, at + width - 1, at + width, at + width + 1];
        open.extend(around.into_iter().filter(|near| ridges[*near] && !edges[*near]));
    }
    edges
}

/// Whether the slope is nowhere larger one step along its direction, either way; between pixels it is taken in proportion.
fn is_ridge(size: &[f64], width: usize, at: usize, down: f64, right: f64) -> bool {
    let (d, r) = (down.abs(), right.abs());
    // One step along the axis that the direction is nearer to, and one along the diagonal between the axes.
    let row = width as isize;
    let vertical = if down < 0.0 { -row } else { row };
    let horizontal = if right < 0.0 { -1 } else { 1 };
    let (straight, share) = if d > r { (vertical, r / d) } else { (horizontal, d / r) };
    let diagonal = vertical + horizontal;
    let value = |step: isize| size[(at as isize + step) as usize];
    let along = |sign: isize| share * value(sign * diagonal) + (1.0 - share) * value(sign * straight);
    along(1) <= size[at] && along(-1) <= size[at]
}

/// Sobel's slopes downwards and to the right; beyond the edge the picture is mirrored.
fn sobel(plane: &Plane) -> (Vec<f64>, Vec<f64>) {
    let (width, height) = (plane.width as isize, plane.height as isize);
    let value = |x: isize, y: isize| plane.values[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) as usize];
    let slopes = |at: isize| {
        let (x, y) = (at % width, at / width);
        let row = |y: isize| value(x - 1, y) + 2.0 * value(x, y) + value(x + 1, y);
        let column = |x: isize| value(x, y - 1) + 2.0 * value(x, y) + value(x, y + 1);
        (row(y + 1) - row(y - 1), column(x + 1) - column(x - 1))
    };
    (0..width * height).map(slopes).unzip()
}
