//! For tests: what the library's recorder of gradients finds.

use burn::tensor::{Tensor, TensorData};

use sweetspot_core::compare::largest_difference;

pub(crate) fn waves(shape: [usize; 4], step: f32) -> Tensor<4> {
    let values: Vec<f32> = (0..shape.iter().product()).map(|i| 1.5 * (i as f32 * step).sin()).collect();
    Tensor::from_data(TensorData::new(values, shape), &crate::device::cpu())
}

pub(crate) fn apart_by(a: Tensor<4>, b: Tensor<4>) -> f32 {
    assert_eq!(a.dims(), b.dims());
    let [a, b] = [a, b].map(|x| x.into_data().try_into_vec::<f32>().unwrap());
    largest_difference(&a, &b).unwrap() as f32
}

/// Sums of at most 24 products of numbers below 2, in single precision.
pub(crate) const BOUND: f32 = 1e-5;

/// The recorder's gradients of inputs when `gradient` is at the output.
pub(crate) fn recorded<const N: usize>(
    inputs: [Tensor<4>; N],
    gradient: &Tensor<4>,
    f: impl FnOnce([Tensor<4>; N]) -> Tensor<4>,
) -> [Tensor<4>; N] {
    let inputs = inputs.map(|x| x.autodiff().require_grad());
    let output = f(inputs.clone());
    let gradients = (output * Tensor::from_inner(gradient.clone())).sum().backward();
    inputs.map(|x| x.grad(&gradients).unwrap())
}
