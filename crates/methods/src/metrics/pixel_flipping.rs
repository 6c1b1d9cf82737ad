//! Pixel flipping by regions (Samek et al., 2017): how far the class's probability falls while the strongest squares of the picture are flipped,
//! on average over the perturbation curve (AOPC).

use super::entry::{Compute, Entry};
use super::perturbation_curve::{Course, counts, points, probabilities};
use super::trial::{Outcome, Trial};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::rank::descending;

pub(crate) const ENTRY: Entry = Entry { of: Measure::PixelFlipping, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// Squares along each side of the picture: 16 x 16 pixels each on 224 x 224.
pub(crate) const SQUARES: usize = 14;

/// The most steps.
pub const STEPS: usize = 50;

/// `mean over k = 0..=L of f(x_0) - f(x_k)` with `f` the target's probability and `x_k` the image whose squares with the largest sums of the map
/// have become zero in normalised units (the recipe's mean colour; Samek et al. draw uniform noise). The L steps take the same number of squares
/// each and end with none left. Between -1 and 1; higher is better. At most 51 passes.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let image = trial.input().await?;
    let nothing = vec![0.0; image.len()];
    let squares = squares(&trial.map.reduced(), trial.map.height, trial.map.width);
    let order = squares.concat();
    let step = squares.len().div_ceil(STEPS);
    // Pixels flipped after each square.
    let ends: Vec<usize> = squares
        .iter()
        .scan(0, |end, square| {
            *end += square.len();
            Some(*end)
        })
        .collect();
    let counts: Vec<usize> = counts(squares.len(), step).into_iter().map(|n| if n == 0 { 0 } else { ends[n - 1] }).collect();
    let course = Course { from: &image, to: &nothing, order: &order, counts: &counts };
    let values = probabilities(trial.context, &course).await?;
    Ok(Outcome {
        value: aopc(&values),
        note: format!(
            "{} steps, each of which flips {step} of {} squares to the mean colour, the strongest first.",
            counts.len() - 1,
            squares.len()
        ),
        curve: points(&counts, &values, order.len()),
        pictures: trial.mixed(&image, &nothing, &order),
    })
}

/// The mean fall from the first of some values.
pub fn aopc(values: &[f32]) -> f32 {
    let Some(first) = values.first() else { return 0.0 };
    (values.iter().map(|v| f64::from(first - v)).sum::<f64>() / values.len() as f64) as f32
}

/// The pixels of each square of a map of `height` x `width` values, the square with the largest sum first; of equal ones the upper, then the left.
pub fn squares(map: &[f32], height: usize, width: usize) -> Vec<Vec<usize>> {
    let side = height.max(width).div_ceil(SQUARES);
    let mut squares = Vec::new();
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            let rows = top..(top + side).min(height);
            squares.push(rows.flat_map(|y| (left..(left + side).min(width)).map(move |x| y * width + x)).collect::<Vec<_>>());
        }
    }
    let sums: Vec<f32> = squares.iter().map(|square| square.iter().map(|&p| f64::from(map[p])).sum::<f64>() as f32).collect();
    descending(&sums).into_iter().map(|at| std::mem::take(&mut squares[at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_cover_the_picture_strongest_first() {
        let (height, width) = (30, 28);
        let mut map = vec![0.0; height * width];
        // Rows of 3 pixels a square: the last column of squares is one pixel wide.
        map[29 * width + 27] = 2.0;
        map[3 * width] = 1.0;
        map[4 * width + 2] = 0.5;
        let squares = squares(&map, height, width);
        assert_eq!(squares.len(), 100);
        assert_eq!(squares[0], [27, 28, 29].map(|y| y * width + 27));
        assert_eq!(squares[1][0], 3 * width);
        assert_eq!(squares[2][..2], [0, 1]);
        let mut all = squares.concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..height * width));
    }

    #[test]
    fn the_start_counts_as_no_fall() {
        assert_eq!(aopc(&[0.75, 0.5, 0.25, 0.5]), 0.25);
    }
}
