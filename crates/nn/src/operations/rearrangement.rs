//! Values in another order: maps cut into windows, neighbours joined, maps moved around. Going back is another order.

use burn::tensor::Tensor;

/// Another order of values: axes are split into six, put in order, and joined again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rearrangement {
    /// The shape before.
    pub from: [usize; 4],
    split: [usize; 6],
    order: [usize; 6],
    to: [usize; 4],
}

impl Rearrangement {
    /// A map [n, c, h, w] cut into windows: [n * windows, c, side * side, 1], in reading order.
    pub(crate) fn into_windows([n, c, h, w]: [usize; 4], side: usize) -> Self {
        let (rows, columns) = (h / side, w / side);
        let split = [n, c, rows, side, columns, side];
        Self { from: [n, c, h, w], split, order: [0, 2, 4, 1, 3, 5], to: [n * rows * columns, c, side * side, 1] }
    }

    /// Two by two neighbours' channels one after the other, [n, c, h, w] to [n, 4 c, h / 2, w / 2]: top left, bottom left, top right, bottom right.
    pub(crate) fn joining_neighbours([n, c, h, w]: [usize; 4]) -> Self {
        Self { from: [n, c, h, w], split: [n, c, h / 2, 2, w / 2, 2], order: [0, 5, 3, 1, 2, 4], to: [n, 4 * c, h / 2, w / 2] }
    }

    /// The order that undoes it.
    pub(crate) fn back(self) -> Self {
        let mut order = [0; 6];
        self.order.iter().enumerate().for_each(|(at, axis)| order[*axis] = at);
        Self { from: self.to, split: self.order.map(|axis| self.split[axis]), order, to: self.from }
    }

    /// Values in the other order.
    pub fn apply(self, x: Tensor<4>) -> Tensor<4> {
        x.reshape(self.split).permute(self.order).reshape(self.to)
    }
}

/// A square map moved by so many rows and columns towards its start.
pub fn rolled(x: Tensor<4>, by: usize) -> Tensor<4> {
    let side = x.dims()[2];
    let along = |x: Tensor<4>, dim: usize| Tensor::cat(vec![x.clone().narrow(dim, by, side - by), x.narrow(dim, 0, by)], dim);
    along(along(x, 2), 3)
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::device::cpu;
    use crate::tape::Operation;

    fn counted(shape: [usize; 4]) -> Tensor<4> {
        let values: Vec<f32> = (0..shape.iter().product::<usize>()).map(|i| i as f32).collect();
        Tensor::from_data(TensorData::new(values, shape), &cpu())
    }

    fn values(x: Tensor<4>) -> Vec<f32> {
        x.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn windows_come_in_reading_order_and_go_back() {
        let x = counted([2, 3, 4, 6]);
        let way = Rearrangement::into_windows([2, 3, 4, 6], 2);
        let windows = way.apply(x.clone());
        assert_eq!(windows.dims(), [12, 3, 4, 1]);
        // The second window of the first image, second channel: rows 0 and 1, columns 2 and 3.
        assert_eq!(values(windows.clone().narrow(0, 1, 1).narrow(1, 1, 1)), [26.0, 27.0, 32.0, 33.0]);
        assert_eq!(values(way.back().apply(windows.clone())), values(x.clone()));
        let gradient = Operation::Rearrange { from: 0, back: way.back() }.back(windows).remove(0).1;
        assert_eq!(values(gradient), values(x));
    }

    #[test]
    fn neighbours_are_joined_column_by_column() {
        let way = Rearrangement::joining_neighbours([1, 2, 2, 2]);
        assert_eq!(values(way.apply(counted([1, 2, 2, 2]))), [0.0, 4.0, 2.0, 6.0, 1.0, 5.0, 3.0, 7.0]);
    }

    #[test]
    fn rolling_goes_back() {
        let x = counted([1, 1, 3, 3]);
        let moved = rolled(x.clone(), 1);
        assert_eq!(values(moved.clone()), [4.0, 5.0, 3.0, 7.0, 8.0, 6.0, 1.0, 2.0, 0.0]);
        assert_eq!(values(Operation::Roll { from: 0, by: 1 }.back(moved).remove(0).1), values(x));
    }
}
