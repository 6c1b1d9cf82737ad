//! What comes into a layer, as the matrix its weights are multiplied with: one row for each weight of an output, one column for each place.

use burn::tensor::ops::PadMode;
use burn::tensor::{Slice, Tensor};

use sweetspot_nn::layer::Layer;

/// A layer's input [n, c, h, w] as [groups, in / groups * kernel, n * places], its rows in the order of the weight's.
pub(crate) fn columns(layer: &Layer, x: Tensor<4>) -> Tensor<3> {
    let (outputs, per_group) = (layer.shape[0], layer.shape[1]);
    let side = |axis: usize| layer.shape.get(axis).copied().unwrap_or(1);
    let (kernel_h, kernel_w, stride) = (side(2), side(3), layer.stride);
    debug_assert!(outputs.is_multiple_of(layer.groups));
    let [n, channels, height, width] = x.dims();
    let [(top, bottom), (left, right)] = [layer.padding.of(height, kernel_h, stride), layer.padding.of(width, kernel_w, stride)];
    let x = if top + bottom + left + right > 0 { x.pad((left, right, top, bottom), PadMode::Constant(0.0)) } else { x };
    let [_, _, height, width] = x.dims();
    let (rows, cols) = ((height - kernel_h) / stride + 1, (width - kernel_w) / stride + 1);
    let x = x.swap_dims(0, 1);
    let along = |start: usize, out: usize| Slice::new(start as isize, Some((start + (out - 1) * stride + 1) as isize), stride as isize);
    let moved = |row: usize, column: usize| {
        let part = x.clone().slice([Slice::full(), Slice::full(), along(row, rows), along(column, cols)]);
        part.reshape([channels, 1, n * rows * cols])
    };
    let kernel = (0..kernel_h).flat_map(|row| (0..kernel_w).map(move |column| (row, column)));
    let parts: Vec<Tensor<3>> = kernel.map(|(row, column)| moved(row, column)).collect();
    Tensor::cat(parts, 1).reshape([layer.groups, per_group * kernel_h * kernel_w, n * rows * cols])
}
