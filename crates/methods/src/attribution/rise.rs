//! RISE (Petsiuk, Das and Saenko, 2018): the mean of random soft masks, each weighted by the class's probability on the masked image.

use rand::RngExt;

use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::methods::rise::{CELLS, MASKS, SHARE};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;

pub(crate) const ENTRY: Entry = Entry { of: Method::Rise, compute: |context| Box::pin(attribute(context)) };

/// A coarse grid of visible cells, and how far its enlargement is moved before it is cut to the image's size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Cells a side.
    pub cells: usize,
    /// Which cells are visible, row by row.
    pub visible: Vec<bool>,
    /// Rows and columns that are cut off at the beginning.
    pub shift: (usize, usize),
}

impl Grid {
    /// The mask for an image of `height` x `width`: the grid enlarged to one cell more than the image needs, bilinearly with mirrored edges (as
    /// scikit-image's `resize` does in the authors' code), moved and cut.
    pub fn mask(&self, height: usize, width: usize) -> Vec<f32> {
        let axis = |length: usize, shift: usize| -> Vec<(usize, usize, f32)> {
            let size = (self.cells + 1) * length.div_ceil(self.cells);
            let last = (self.cells - 1) as f32;
            (shift..shift + length)
                .map(|i| {
                    let at = ((i as f32 + 0.5) * self.cells as f32 / size as f32 - 0.5).abs();
                    let at = if at > last { 2.0 * last - at } else { at }.clamp(0.0, last);
                    let low = at as usize;
                    (low, (low + 1).min(self.cells - 1), at - low as f32)
                })
                .collect()
        };
        let (rows, columns) = (axis(height, self.shift.0), axis(width, self.shift.1));
        let cell = |y: usize, x: usize| f32::from(u8::from(self.visible[y * self.cells + x]));
        let mut mask = Vec::with_capacity(height * width);
        for &(y0, y1, fy) in &rows {
            for &(x0, x1, fx) in &columns {
                let upper = cell(y0, x0) * (1.0 - fx) + cell(y0, x1) * fx;
                let lower = cell(y1, x0) * (1.0 - fx) + cell(y1, x1) * fx;
                mask.push(upper * (1.0 - fy) + lower * fy);
            }
        }
        mask
    }
}

/// The mean over drawn masks.
pub async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    let [_, _, height, width] = context.input.dims();
    let (cells, share) = (context.whole(&CELLS), context.real(&SHARE));
    if cells > height.min(width) {
        return Err(Error::bad_value("cells", cells, &format!("at most the image's side, {}", height.min(width))));
    }
    let mut random = context.random();
    let grids = |_| Grid {
        cells,
        visible: (0..cells * cells).map(|_| random.random_bool(share)).collect(),
        shift: (random.random_range(0..height.div_ceil(cells)), random.random_range(0..width.div_ceil(cells))),
    };
    of_grids(context, context.whole(&MASKS), share, grids).await
}

/// `1 / (N p) sum_i P_c(x * m_i) m_i` over the masks of these grids, a function of the mask's number; `share` is p, a cell's probability of
/// being visible. Masked pixels are zero in normalised units.
pub async fn of_grids(context: &Context<'_>, masks: usize, share: f64, mut grids: impl FnMut(usize) -> Grid) -> Result<ChannelMap> {
    let [_, channels, height, width] = context.input.dims();
    let image = values(context.input.clone()).await?;
    let mut sum = vec![0.0_f64; height * width];
    let map = |sum: &[f64], count: usize| {
        let values = sum.iter().map(|v| (v / (count as f64 * share)) as f32).collect();
        ChannelMap { channels: 1, height, width, values, signed: false, total: None }
    };
    let mut done = 0;
    while done < masks {
        if done > 0 {
            context.job.show(|| map(&sum, done));
        }
        context.job.step(done as u64, masks as u64).await?;
        let batch: Vec<Vec<f32>> = (done..masks.min(done + context.batch)).map(|i| grids(i).mask(height, width)).collect();
        let mut masked = Vec::with_capacity(batch.len() * image.len());
        for mask in &batch {
            for channel in image.chunks_exact(height * width).take(channels) {
                masked.extend(channel.iter().zip(mask).map(|(x, m)| x * m));
            }
        }
        for (mask, probability) in batch.iter().zip(context.probabilities(context.images(masked)).await?) {
            sum.iter_mut().zip(mask).for_each(|(sum, m)| *sum += f64::from(probability * m));
        }
        done += batch.len();
    }
    Ok(map(&sum, masks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_of_visible_cells_hides_nothing_and_shifts_move_it() {
        let all = Grid { cells: 3, visible: vec![true; 9], shift: (1, 2) };
        assert!(all.mask(10, 8).iter().all(|m| *m == 1.0));
        let one = |shift| Grid { cells: 3, visible: (0..9).map(|i| i == 4).collect(), shift }.mask(9, 9);
        let (still, moved) = (one((0, 0)), one((1, 2)));
        // A moved mask shows the same picture, one row up and two columns to the left.
        assert!((0..8).all(|y| (0..7).all(|x| moved[y * 9 + x] == still[(y + 1) * 9 + x + 2])));
    }
}
