//! Noisy linear imputation's linear part (Rong et al., 2022, ROAD): pixels that are taken away become what their surroundings suggest, so that no
//! edge gives them away.

use sweetspot_core::error::Result;

/// The name of the measure that fills pictures in, for messages: ROAD is the only one.
pub const ID: &str = "road";

/// Weight of each of the four direct and of the four diagonal neighbours.
const DIRECT: f64 = 1.0 / 6.0;
const DIAGONAL: f64 = 1.0 / 12.0;

/// How small the residual must be against the right-hand side, both in Euclidean norm.
pub(crate) const RESIDUAL: f64 = 1e-6;

/// Fills the missing pixels of [channels, height, width] values: each becomes the mean of its eight neighbours, direct ones weighing 1/6 and
/// diagonal ones 1/12; neighbours beyond the edge weigh nothing and the others' weights are scaled up to sum to 1. At least one pixel must be there.
///
/// With each equation multiplied by the weights its pixel has, the matrix is a graph's Laplacian with fixed values: symmetric and positive definite.
/// So conjugate gradients solve it, here until the residual is a millionth of the right-hand side.
pub fn impute(values: &[f32], [channels, height, width]: [usize; 3], missing: &[bool]) -> Result<Vec<f32>> {
    let grid = Grid::new(height, width, missing);
    let mut filled = values.to_vec();
    for channel in filled.chunks_exact_mut(height * width).take(channels) {
        grid.fill(channel)?;
    }
    Ok(filled)
}

/// A picture with a rim of one pixel, where values are zero, so that every pixel has eight neighbours.
struct Grid {
    height: usize,
    width: usize,
    /// 1 where a pixel is missing, else 0.
    missing: Vec<f64>,
    /// What each pixel's neighbours inside the picture weigh together.
    weight: Vec<f64>,
}

impl Grid {
    fn new(height: usize, width: usize, missing: &[bool]) -> Self {
        let mut grid = Self { height, width, missing: Vec::new(), weight: Vec::new() };
        grid.missing = grid.padded(missing.iter().map(|&m| f64::from(u8::from(m))));
        grid.weight = grid.neighbours(&grid.padded(std::iter::repeat_n(1.0, height * width)));
        grid
    }

    fn padded(&self, values: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut padded = vec![0.0; (self.height + 2) * (self.width + 2)];
        for (at, value) in values.into_iter().enumerate() {
            padded[self.place(at)] = value;
        }
        padded
    }

    /// Where a pixel is among the padded ones.
    fn place(&self, pixel: usize) -> usize {
        (pixel / self.width + 1) * (self.width + 2) + pixel % self.width + 1
    }

    /// Each pixel's weighted sum of its neighbours; the rim stays zero.
    fn neighbours(&self, values: &[f64]) -> Vec<f64> {
        let row = self.width + 2;
        let mut sums = vec![0.0; values.len()];
        for (y, sums) in sums.chunks_exact_mut(row).enumerate().skip(1).take(self.height) {
            let three = |y: usize| values[y * row..(y + 1) * row].windows(3);
            for (sum, ((above, here), below)) in sums[1..].iter_mut().zip(three(y - 1).zip(three(y)).zip(three(y + 1))) {
                let direct = above[1] + here[0] + here[2] + below[1];
                let diagonal = above[0] + above[2] + below[0] + below[2];
                *sum = DIRECT * direct + DIAGONAL * diagonal;
            }
        }
        sums
    }

    /// The matrix times a vector that is zero where nothing is missing.
    fn apply(&self, values: &[f64]) -> Vec<f64> {
        let mut applied = self.neighbours(values);
        let of_pixel = values.iter().zip(&self.weight).zip(&self.missing);
        applied.iter_mut().zip(of_pixel).for_each(|(sum, ((value, weight), missing))| *sum = missing * (weight * value - *sum));
        applied
    }

    /// Solves for one channel.
    fn fill(&self, channel: &mut [f32]) -> Result<()> {
        let mut known = self.padded(channel.iter().map(|&v| f64::from(v)));
        known.iter_mut().zip(&self.missing).for_each(|(value, missing)| *value *= 1.0 - missing);
        let mut right = self.neighbours(&known);
        right.iter_mut().zip(&self.missing).for_each(|(value, missing)| *value *= missing);

        // Start from the mean of what is there.
        let there = channel.len() as f64 - self.missing.iter().sum::<f64>();
        let mean = known.iter().sum::<f64>() / there;
        let mut solution: Vec<f64> = self.missing.iter().map(|missing| mean * missing).collect();
        let mut residual: Vec<f64> = right.iter().zip(self.apply(&solution)).map(|(b, ax)| b - ax).collect();
        let mut direction = residual.clone();
        let (mut left, enough) = (dot(&residual, &residual), RESIDUAL * RESIDUAL * dot(&right, &right));
        // In exact arithmetic there are at most as many steps as unknowns; far fewer are needed.
        for _ in 0..channel.len() {
            if left <= enough {
                break;
            }
            let applied = self.apply(&direction);
            let length = left / dot(&direction, &applied);
            solution.iter_mut().zip(&direction).for_each(|(x, p)| *x += length * p);
            residual.iter_mut().zip(&applied).for_each(|(r, ap)| *r -= length * ap);
            let before = std::mem::replace(&mut left, dot(&residual, &residual));
            direction.iter_mut().zip(&residual).for_each(|(p, r)| *p = r + left / before * *p);
        }
        // Not the other way round: NaN is not solved either.
        let solved = left <= enough;
        if !solved {
            return Err(crate::metrics::checks::undefined(ID, "the picture could not be filled in"));
        }
        for (at, value) in channel.iter_mut().enumerate() {
            let place = self.place(at);
            if self.missing[place] > 0.0 {
                *value = solution[place] as f32;
            }
        }
        Ok(())
    }
}

/// A sum of products in eight lanes, which a compiler may compute side by side.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(lane, (a, b))| *lane += a * b);
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_pixel_is_the_mean_of_its_neighbours() {
        let values = [1.0, 2.0, 3.0, 4.0, 100.0, 6.0, 7.0, 8.0, 9.0];
        let only = |at: usize| (0..9).map(|i| i == at).collect::<Vec<_>>();
        let filled = impute(&values, [1, 3, 3], &only(4)).unwrap();
        assert!((filled[4] - 5.0).abs() < 1e-4 && filled[0] == 1.0);
        // A corner has two direct neighbours and a diagonal one: (2 + 4) / 6 and 100 / 12, of 5/12.
        let corner = impute(&values, [1, 3, 3], &only(0)).unwrap();
        assert!((f64::from(corner[0]) - (1.0 + 100.0 / 12.0) / (5.0 / 12.0)).abs() < 1e-4, "{}", corner[0]);
    }

    #[test]
    fn every_missing_pixel_solves_its_equation() {
        let (height, width) = (37, 41);
        let mut random = sweetspot_core::draw::random(5);
        let values = sweetspot_core::draw::normal(&mut random, 1.0, 2 * height * width);
        // A ninth of the pixels stays, and a corner goes.
        let missing: Vec<bool> = (0..height * width).map(|i| (i * 7919) % 9 > 0 || i == 0).collect();
        let filled = impute(&values, [2, height, width], &missing).unwrap();
        for (channel, old) in filled.chunks_exact(height * width).zip(values.chunks_exact(height * width)) {
            for (at, &gone) in missing.iter().enumerate() {
                let (y, x) = ((at / width) as i64, (at % width) as i64);
                let (mut sum, mut weights) = (0.0, 0.0);
                for (dy, dx) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dy, dx))).filter(|d| *d != (0, 0)) {
                    let inside = (0..height as i64).contains(&(y + dy)) && (0..width as i64).contains(&(x + dx));
                    if inside {
                        let weight = if dy * dx == 0 { 1.0 / 6.0 } else { 1.0 / 12.0 };
                        sum += weight * f64::from(channel[((y + dy) * width as i64 + x + dx) as usize]);
                        weights += weight;
                    }
                }
                let expected = if gone { sum / weights } else { f64::from(old[at]) };
                assert!((f64::from(channel[at]) - expected).abs() < 1e-4, "pixel {at}: {}, expected {expected}", channel[at]);
            }
        }
    }

    #[test]
    fn an_even_picture_stays_even_and_no_pixel_is_no_answer() {
        let filled = impute(&[2.5; 400], [1, 20, 20], &[[false; 10], [true; 10]].concat().repeat(20)).unwrap();
        assert!(filled.iter().all(|v| (v - 2.5).abs() < 1e-5));
        assert!(impute(&[1.0; 9], [1, 3, 3], &[true; 9]).is_err());
    }
}
