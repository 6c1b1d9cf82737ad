//! The course of a class's probability while an image turns into another one, pixels in a given order: what deletion, insertion and pixel
//! flipping rest on.

use crate::attribution::context::Context;
use sweetspot_core::error::Result;
use sweetspot_protocol::Point;

/// How an image turns into another one.
pub struct Course<'a> {
    /// What the network is shown first, [channels, pixels].
    pub from: &'a [f32],
    /// What it is shown last.
    pub to: &'a [f32],
    /// The order in which pixels change.
    pub order: &'a [usize],
    /// How many of them have changed at each point of the course, ascending.
    pub counts: &'a [usize],
}

/// The target's probability at each point of a course; a pass each.
pub async fn probabilities(context: &Context<'_>, course: &Course<'_>) -> Result<Vec<f32>> {
    let pixels = course.order.len();
    let mut image = course.from.to_vec();
    let (mut changed, mut found) = (0, Vec::with_capacity(course.counts.len()));
    for counts in course.counts.chunks(context.batch) {
        context.job.step(found.len() as u64, course.counts.len() as u64).await?;
        let mut batch = Vec::with_capacity(counts.len() * image.len());
        for &count in counts {
            for &pixel in &course.order[changed..count] {
                (pixel..image.len()).step_by(pixels).for_each(|at| image[at] = course.to[at]);
            }
            changed = count;
            batch.extend_from_slice(&image);
        }
        found.extend(context.probabilities(context.images(batch)).await?);
    }
    Ok(found)
}

/// 0, `step`, two `step`s and so on up to `total`, which ends the last step early where it must.
pub fn counts(total: usize, step: usize) -> Vec<usize> {
    (0..total).step_by(step).chain([total]).collect()
}

/// The area under a curve on even steps from 0 to 1: `(sum - first / 2 - last / 2) / (n - 1)`, as RISE's code has it.
pub fn area(values: &[f32]) -> f32 {
    let [first, .., last] = values else { return values.first().copied().unwrap_or(0.0) };
    let sum: f64 = values.iter().map(|v| f64::from(*v)).sum();
    ((sum - f64::from(first + last) / 2.0) / (values.len() - 1) as f64) as f32
}

/// A curve for a reader: values over the share of pixels that have changed.
pub fn points(counts: &[usize], values: &[f32], pixels: usize) -> Vec<Point> {
    let point = |(&count, &value): (&usize, &f32)| Point { at: count as f32 / pixels as f32, value, label: String::new() };
    counts.iter().zip(values).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_is_counted_once() {
        assert_eq!(counts(7, 3), [0, 3, 6, 7]);
        assert_eq!(counts(6, 3), [0, 3, 6]);
        assert_eq!(counts(50_176, 224).len(), 225);
    }

    #[test]
    fn the_area_is_the_trapezoids() {
        assert_eq!(area(&[1.0, 0.5, 0.0]), 0.5);
        assert_eq!(area(&[1.0, 0.0, 0.0, 0.0, 0.0]), 0.125);
        assert_eq!(area(&[0.25, 0.25]), 0.25);
    }
}
