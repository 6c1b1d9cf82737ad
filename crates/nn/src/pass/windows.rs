//! What networks with attention in windows do besides (Liu et al., 2022, "Swin Transformer V2"): windows cut out and put back, maps moved
//! around, places told apart by a small network of their distance, and neighbours joined.

use burn::tensor::{Device, Int, Tensor, TensorData, activation};

use super::Pass;
use crate::operations::rearrangement::{Rearrangement, rolled};
use crate::tape::{Operation, Value};

impl Pass<'_, '_> {
    /// A map [n, c, h, w] cut into windows of `side` by `side`: [n * windows, c, side * side, 1], in reading order.
    pub fn windows(&mut self, side: usize, x: &Value) -> Value {
        self.rearrange(x, Rearrangement::into_windows(x.tensor.dims(), side))
    }

    /// Windows put back into a map of this shape, [n, c, h, w].
    pub fn from_windows(&mut self, shape: [usize; 4], side: usize, x: &Value) -> Value {
        self.rearrange(x, Rearrangement::into_windows(shape, side).back())
    }

    /// Two by two neighbours' channels one after the other, [n, c, h, w] to [n, 4 c, h / 2, w / 2]: top left, bottom left, top right, bottom right.
    pub fn neighbours(&mut self, x: &Value) -> Value {
        self.rearrange(x, Rearrangement::joining_neighbours(x.tensor.dims()))
    }

    fn rearrange(&mut self, x: &Value, way: Rearrangement) -> Value {
        if self.over() {
            return x.clone();
        }
        let (tensor, kept) = (way.apply(x.tensor.clone()), self.kept(&[x]));
        self.value(tensor, x.node, kept, |from, _| Operation::Rearrange { from, back: way.back() })
    }

    /// A square map moved by so many rows and columns towards its start; what falls off comes in at the end.
    pub fn roll(&mut self, by: usize, x: Value) -> Value {
        let by = by % x.tensor.dims()[2];
        if by == 0 || self.over() {
            return x;
        }
        let (tensor, kept) = (rolled(x.tensor.clone(), by), self.kept(&[&x]));
        self.value(tensor, x.node, kept, |from, _| Operation::Roll { from, by })
    }

    /// Attention within windows [n * windows, c, side * side, 1] of a map that was moved by `shift`: by cosines, each head's times a learnt factor
    /// of at most 100, with 16 times the sigmoid of a small network's answer to the distance added, and nothing between places that only moving
    /// brought together.
    pub fn attend_in_windows(&mut self, name: &str, windows: &Windows, queries: &Value, keys: &Value) -> Value {
        if self.over() {
            return queries.clone();
        }
        let Windows { heads, side, .. } = *windows;
        let device = queries.tensor.device();
        let (_, factor) = self.named_extra(&format!("{name}.logit_scale"));
        let scale = factor.clone().clamp_max(100.0_f32.ln()).exp().reshape([1, heads, 1, 1]);
        let places = self.conv(&format!("{name}.cpb_mlp.0"), &Value::constant(distances(side, &device)));
        let places = self.relu(places);
        let places = self.conv(&format!("{name}.cpb_mlp.2"), &places).tensor;
        let tokens = side * side;
        let bias = activation::sigmoid(places).select(2, pairs(side, &device)).reshape([1, heads, tokens, tokens]) * 16.0;
        let count = windows.count();
        let images = queries.tensor.dims()[0] / count;
        let added = match windows.apart(&device) {
            Some(apart) => (apart + bias).repeat_dim(0, images),
            None => bias,
        };
        self.attend_by_cosines(queries, keys, scale, added)
    }
}

/// How a block's windows lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Heads.
    pub heads: usize,
    /// Side of a window.
    pub side: usize,
    /// Side of the map, a multiple of the window's.
    pub map: usize,
    /// By how much the map was moved, less than a window's side.
    pub shift: usize,
}

impl Windows {
    fn count(self) -> usize {
        (self.map / self.side).pow(2)
    }

    /// What is added between places that were not neighbours before the map was moved, [windows, 1, tokens, tokens]: enough to leave nothing.
    fn apart(self, device: &Device) -> Option<Tensor<4>> {
        // torchvision's and the authors' constant.
        const NOTHING: f32 = -100.0;
        let Self { side, map, shift, .. } = self;
        if shift == 0 {
            return None;
        }
        // Rows that stayed together: up to the last window, up to what came in at the end, and that.
        let strip = |at: usize| usize::from(at >= map - side) + usize::from(at >= map - shift);
        let (tokens, across) = (side * side, map / side);
        let area = |window: usize, token: usize| {
            let (row, column) = (window / across * side + token / side, window % across * side + token % side);
            3 * strip(row) + strip(column)
        };
        let of = |window: usize, at: usize| if area(window, at / tokens) == area(window, at % tokens) { 0.0 } else { NOTHING };
        let values: Vec<f32> = (0..self.count()).flat_map(|window| (0..tokens * tokens).map(move |at| of(window, at))).collect();
        Some(Tensor::from_data(TensorData::new(values, [self.count(), 1, tokens, tokens]), device))
    }
}

/// Every distance two places of a window can have, rows and columns on a logarithmic scale, as tokens [1, 2, (2 side - 1)^2, 1].
fn distances(side: usize, device: &Device) -> Tensor<4> {
    let span = 2 * side - 1;
    let scaled = |at: usize| {
        let share = 8.0 * (at as f32 - (side - 1) as f32) / (side - 1) as f32;
        share.signum() * (share.abs() + 1.0).log2() / 3.0
    };
    let rows = (0..span * span).map(|at| scaled(at / span));
    let columns = (0..span * span).map(|at| scaled(at % span));
    Tensor::from_data(TensorData::new(rows.chain(columns).collect::<Vec<f32>>(), [1, 2, span * span, 1]), device)
}

/// Which of [`distances`] each pair of places has, from the second to the first.
fn pairs(side: usize, device: &Device) -> Tensor<1, Int> {
    let (tokens, span) = (side * side, 2 * side - 1);
    let of = |at: usize| {
        let (to, from) = (at / tokens, at % tokens);
        let row = to / side + side - 1 - from / side;
        (row * span + to % side + side - 1 - from % side) as i32
    };
    Tensor::from_data(TensorData::new((0..tokens * tokens).map(of).collect::<Vec<i32>>(), [tokens * tokens]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::cpu;

    fn values(x: Tensor<4>) -> Vec<f32> {
        x.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn only_what_lay_together_is_together() {
        let windows = Windows { heads: 1, side: 2, map: 4, shift: 1 };
        let apart = windows.apart(&cpu()).unwrap();
        // The first window is whole; of the second, the right column came from the other edge.
        assert_eq!(values(apart.clone().narrow(0, 0, 1)), [0.0; 16]);
        assert_eq!(values(apart.narrow(0, 1, 1).narrow(2, 0, 1)), [0.0, -100.0, 0.0, -100.0]);
        assert!(Windows { shift: 0, ..windows }.apart(&cpu()).is_none());
    }
}
