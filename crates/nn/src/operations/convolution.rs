//! Convolutions and linear layers on a device: forwards, back to the input, and back to the weight.

use std::cell::OnceCell;

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions, PadMode};
use burn::tensor::{Slice, Tensor};

use super::batch_norm::PlacedNorm;
use crate::layer::Layer;

/// A layer with its weights on the device.
pub struct PlacedLayer {
    /// The layer's name, shape, stride and padding.
    pub layer: Layer,
    /// Its weight, `[out, in / groups, h, w]`.
    pub weight: Tensor<4>,
    /// Its bias, `[out]`.
    pub bias: Tensor<1>,
    /// Whether it is a linear layer, written as a 1 x 1 convolution.
    pub linear: bool,
    /// The batch normalisation after it, where it is not folded into the weight.
    pub(crate) norm: Option<PlacedNorm>,
    turned: OnceCell<Tensor<4>>,
}

impl PlacedLayer {
    /// A convolution by itself.
    pub(crate) fn of(layer: Layer, weight: Tensor<4>, bias: Tensor<1>) -> Self {
        Self { layer, weight, bias, linear: false, norm: None, turned: OnceCell::new() }
    }

    /// The same as a linear layer, or not.
    pub(crate) fn linear(self, linear: bool) -> Self {
        Self { linear, ..self }
    }

    /// The same with a batch normalisation after it that is not folded in, or none.
    pub(crate) fn normed(self, norm: Option<PlacedNorm>) -> Self {
        Self { norm, ..self }
    }

    /// Zeros before and after the rows and columns of an input of this height and width.
    pub fn padding(&self, [height, width]: [usize; 2]) -> [(usize, usize); 2] {
        let layer = &self.layer;
        [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)]
    }

    /// The layer's convolution with a weight and a bias in place of its own.
    pub fn convolve(&self, x: Tensor<4>, weight: &Tensor<4>, bias: Option<&Tensor<1>>, padding: [(usize, usize); 2]) -> Tensor<4> {
        let options = ConvOptions::new_with_padding([self.layer.stride; 2], padding, [1, 1], self.layer.groups);
        conv2d(x, weight.clone(), bias.cloned(), options)
    }

    /// The kernel turned half around, with inputs and outputs exchanged unless it keeps channels apart: what input gradients are convolved with.
    pub fn turned(&self) -> Tensor<4> {
        self.turned.get_or_init(|| self.turn(&self.weight)).clone()
    }

    /// The same of another weight in its place.
    pub fn turn(&self, weight: &Tensor<4>) -> Tensor<4> {
        let turned = weight.clone().flip([2, 3]);
        if self.layer.groups > 1 {
            return turned;
        }
        let [outputs, inputs, height, width] = turned.dims();
        // Through a flat shape, so that the exchange is carried out once and not at every use.
        turned.swap_dims(0, 1).reshape([outputs * inputs * height * width]).reshape([inputs, outputs, height, width])
    }
}

/// A convolution's input gradient. Moved by one, it is a convolution with the turned kernel; moved further, a transposed one, or for a kernel
/// a channel the former on the gradient with zeros between its values.
pub(crate) fn convolve_back(placed: &PlacedLayer, gradient: Tensor<4>, size: [usize; 2], padding: [(usize, usize); 2]) -> Tensor<4> {
    convolve_back_with(placed, &placed.weight, || placed.turned(), gradient, size, padding)
}

/// The same with another weight in the layer's place, and that weight turned.
pub fn convolve_back_with(
    placed: &PlacedLayer,
    weight: &Tensor<4>,
    turned: impl FnOnce() -> Tensor<4>,
    gradient: Tensor<4>,
    [height, width]: [usize; 2],
    padding: [(usize, usize); 2],
) -> Tensor<4> {
    let layer = &placed.layer;
    let [kernel_h, kernel_w] = [layer.shape[2], layer.shape[3]];
    let [top, left] = padding.map(|(begin, _)| begin);
    if !layer.depthwise() && (layer.groups > 1 || layer.stride > 1) {
        let [_, _, out_h, out_w] = gradient.dims();
        // Rows and columns of the padded input that no window reached get no gradient, but must be there.
        let reached = |out: usize, kernel: usize, begin: usize| (out - 1) * layer.stride + kernel - begin;
        let (rows, columns) = (reached(out_h, kernel_h, top), reached(out_w, kernel_w, left));
        let options = ConvTransposeOptions::new([layer.stride; 2], [0, 0], [0, 0], [1, 1], layer.groups);
        let whole = conv_transpose2d(gradient, weight.clone(), None, options);
        return fit(whole.narrow(2, top, rows).narrow(3, left, columns), height, width);
    }
    let gradient = if layer.stride > 1 { spread(gradient, layer.stride) } else { gradient };
    let [_, _, out_h, out_w] = gradient.dims();
    // Output i of the turned convolution belongs to input i when k - 1 - begin zeros come before, and enough after to reach the last input.
    let zeros = |begin: usize, kernel: usize, out: usize, size: usize| (kernel - 1 - begin, size + begin - out);
    let zeros = [zeros(top, kernel_h, out_h, height), zeros(left, kernel_w, out_w, width)];
    conv2d(gradient, turned(), None, ConvOptions::new_with_padding([1, 1], zeros, [1, 1], layer.groups))
}

/// Values with `stride - 1` zeros between them: a transposed convolution with kernels of one 1, the library's quickest way to write apart.
fn spread(x: Tensor<4>, stride: usize) -> Tensor<4> {
    let channels = x.dims()[1];
    let ones = Tensor::ones([channels, 1, 1, 1], &x.device());
    conv_transpose2d(x, ones, None, ConvTransposeOptions::new([stride; 2], [0, 0], [0, 0], [1, 1], channels))
}

/// Cuts off or fills up with zeros at the end of both axes.
fn fit(x: Tensor<4>, height: usize, width: usize) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    let x = x.narrow(2, 0, h.min(height)).narrow(3, 0, w.min(width));
    if h < height || w < width {
        return x.pad((0, width.saturating_sub(w), 0, height.saturating_sub(h)), PadMode::Constant(0.0));
    }
    x
}

/// A convolution's gradient by its weight, from its input [n, in, h, w] and its output's gradient [n, out, h', w']: for each place of the kernel,
/// the product of the gradient with the input moved by that much.
pub(crate) fn weight_gradient(placed: &PlacedLayer, x: Tensor<4>, gradient: Tensor<4>, padding: [(usize, usize); 2]) -> Tensor<4> {
    let layer = &placed.layer;
    let [outputs, per_group, kernel_h, kernel_w] = [0, 1, 2, 3].map(|axis| layer.shape[axis]);
    let groups = layer.groups;
    let [n, _, out_h, out_w] = gradient.dims();
    let places = n * out_h * out_w;
    // Channels first, so that each moved input is one matrix.
    let gradient = gradient.swap_dims(0, 1).reshape([groups, outputs / groups, places]);
    let [(top, bottom), (left, right)] = padding;
    let x = if top + bottom + left + right > 0 { x.pad((left, right, top, bottom), PadMode::Constant(0.0)) } else { x };
    let x = x.swap_dims(0, 1);
    let moved = |row: usize, column: usize| {
        let along = |start: usize, out: usize| {
            Slice::new(start as isize, Some((start + (out - 1) * layer.stride + 1) as isize), layer.stride as isize)
        };
        let all = Slice::full();
        x.clone().slice([all, all, along(row, out_h), along(column, out_w)]).reshape([groups, per_group, places])
    };
    let product = |moved: Tensor<3>| match outputs == groups && per_group == 1 {
        true => (gradient.clone() * moved).sum_dim(2),
        false => gradient.clone().matmul(moved.swap_dims(1, 2)),
    };
    let kernel = (0..kernel_h).flat_map(|row| (0..kernel_w).map(move |column| (row, column)));
    let parts: Vec<Tensor<3>> = kernel.map(|(row, column)| product(moved(row, column)).reshape([outputs, per_group, 1])).collect();
    Tensor::cat(parts, 2).reshape([outputs, per_group, kernel_h, kernel_w])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Padding;
    use crate::operations::against_recorder::{apart_by, waves};

    #[test]
    fn convolutions_go_back_as_the_librarys_recorder_does() {
        let layers = [
            Layer::conv("plain 1 x 1", 6, 4, 1),
            Layer { padding: Padding::Each(1), ..Layer::conv("padded 3 x 3", 6, 4, 3) },
            Layer { stride: 2, ..Layer::conv("stride 2", 6, 4, 3) },
            Layer { stride: 2, padding: Padding::Same, ..Layer::conv("stride 2, same", 6, 4, 3) },
            Layer { stride: 3, padding: Padding::Each(2), ..Layer::conv("stride 3", 6, 4, 5) },
            Layer { groups: 6, padding: Padding::Same, ..Layer::conv("depthwise", 1, 6, 5) },
            Layer { groups: 6, stride: 2, padding: Padding::Same, ..Layer::conv("depthwise, stride 2", 1, 6, 5) },
            Layer { groups: 6, stride: 2, padding: Padding::Each(1), ..Layer::conv("depthwise, stride 2, even padding", 1, 6, 3) },
            Layer { groups: 2, padding: Padding::Each(1), ..Layer::conv("grouped", 3, 4, 3) },
        ];
        for layer in layers {
            for (height, width) in [(9, 9), (8, 11), (12, 7)] {
                let kernel = waves([layer.shape[0], layer.shape[1], layer.shape[2], layer.shape[3]], 0.37);
                let padding =
                    [layer.padding.of(height, layer.shape[2], layer.stride), layer.padding.of(width, layer.shape[3], layer.stride)];
                let options = ConvOptions::new_with_padding([layer.stride; 2], padding, [1, 1], layer.groups);
                let image = waves([2, 6, height, width], 0.11).autodiff().require_grad();
                let output = conv2d(image.clone(), kernel.clone(), None, options);
                let gradient = waves(output.dims(), 0.71);
                let expected = image.grad(&(output * gradient.clone()).sum().backward()).unwrap();
                let name = layer.name.clone();
                let placed = PlacedLayer::of(layer.clone(), kernel, Tensor::zeros([layer.shape[0]], &crate::device::cpu()));
                let got = convolve_back(&placed, gradient, [height, width], padding);
                // Sums of at most 54 products of sines.
                assert!(apart_by(got, expected) < 1e-4, "{name}, {height} x {width}");
            }
        }
    }
}
