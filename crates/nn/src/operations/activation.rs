//! Rectifiers and GELU, back.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use burn::tensor::{Bool, Tensor};

/// Where ReLU6 is not flat. At its kinks the gradient is zero, as in PyTorch's hardtanh.
pub(crate) fn between_0_and_6(output: &Tensor<4>) -> Tensor<4, Bool> {
    output.clone().greater_elem(0.0).bool_and(output.clone().lower_elem(6.0))
}

/// `d/dx x Phi(x) = Phi(x) + x phi(x)`.
pub(crate) fn gelu_back(input: &Tensor<4>, gradient: Tensor<4>) -> Tensor<4> {
    let below = ((input.clone() * FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
    let density = (input.clone() * input.clone() * -0.5).exp() * (1.0 / (2.0 * PI).sqrt());
    gradient * (below + input.clone() * density)
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation::gelu;

    use super::*;
    use crate::operations::against_recorder::{BOUND, apart_by, recorded, waves};

    #[test]
    fn gelu_goes_back_as_the_librarys_recorder_does() {
        let (x, gradient) = (waves([2, 3, 7, 1], 0.37) * 3.0, waves([2, 3, 7, 1], 0.71));
        let [expected] = recorded([x.clone()], &gradient, |[x]| gelu(x));
        assert!(apart_by(gelu_back(&x, gradient), expected) < BOUND);
        // x Phi(x) at 1 is 0.841344746..., where the approximation by a hyperbolic tangent has 0.8412.
        assert!((gelu(Tensor::<1>::from_floats([1.0], &crate::device::cpu())).into_scalar::<f32>() - 0.841_344_7).abs() < 1e-6);
    }
}
