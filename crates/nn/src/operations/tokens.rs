//! Tokens and the grid they come from. The class token is the first one, patches follow in reading order.

use burn::tensor::Tensor;

/// Tokens without the first, as a grid of this height and width.
pub(crate) fn without_class(x: Tensor<4>, [height, width]: [usize; 2]) -> Tensor<4> {
    let [n, c, ..] = x.dims();
    x.narrow(2, 1, height * width).reshape([n, c, height, width])
}

/// The gradient of tokens of which only the first was taken.
pub(crate) fn first_back(gradient: Tensor<4>, tokens: usize) -> Tensor<4> {
    let [n, c, ..] = gradient.dims();
    let others = Tensor::zeros([n, c, tokens - 1, 1], &gradient.device());
    Tensor::cat(vec![gradient, others], 2)
}
