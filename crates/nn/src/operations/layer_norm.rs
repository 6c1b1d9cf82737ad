//! Layer normalisation over channels, forwards and back.

use burn::tensor::Tensor;

/// What a layer normalisation's gradient needs.
pub struct Normalisation<'a> {
    normed: Tensor<4>,
    deviation: Tensor<4>,
    gain: (&'a str, &'a Tensor<4>),
    shift: &'a str,
}

impl<'a> Normalisation<'a> {
    pub(crate) fn of(x: Tensor<4>, gain: (&'a str, &'a Tensor<4>), shift: (&'a str, &Tensor<4>), epsilon: f32) -> (Self, Tensor<4>) {
        let centred = x.clone() - x.mean_dim(1);
        let deviation = ((centred.clone() * centred.clone()).mean_dim(1) + epsilon).sqrt();
        let normed = centred / deviation.clone();
        let output = normed.clone() * gain.1.clone() + shift.1.clone();
        (Self { normed, deviation, gain, shift: shift.0 }, output)
    }

    /// The gradient of the input, from the output's.
    pub fn back(&self, gradient: Tensor<4>) -> Tensor<4> {
        let gradient = gradient * self.gain.1.clone();
        let along = (gradient.clone() * self.normed.clone()).mean_dim(1);
        (gradient.clone() - gradient.mean_dim(1) - self.normed.clone() * along) / self.deviation.clone()
    }

    /// Gradients by the gain and the shift, each with its parameter's name.
    pub(crate) fn parameter_gradients(&self, gradient: &Tensor<4>) -> [(&'a str, Tensor<4>); 2] {
        let all = |x: Tensor<4>| x.sum_dim(2).sum_dim(0);
        [(self.gain.0, all(gradient.clone() * self.normed.clone())), (self.shift, all(gradient.clone()))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::against_recorder::{BOUND, apart_by, recorded, waves};

    #[test]
    fn normalisation_goes_back_as_the_librarys_recorder_does() {
        let (gain, shift) = (waves([1, 24, 1, 1], 0.9), waves([1, 24, 1, 1], 0.4));
        let (x, gradient) = (waves([2, 24, 5, 1], 0.37), waves([2, 24, 5, 1], 0.71));
        let (normalisation, output) = Normalisation::of(x.clone(), ("gain", &gain), ("shift", &shift), 1e-6);
        // The library's own normalises the last axis.
        let last = |x: Tensor<4>| x.swap_dims(1, 3).reshape([10, 24]);
        let theirs = burn::tensor::module::layer_norm(last(x.clone()), gain.clone().reshape([24]), Some(shift.clone().reshape([24])), 1e-6);
        assert!(apart_by(last(output).reshape([1, 1, 10, 24]), theirs.reshape([1, 1, 10, 24])) < BOUND);
        let [expected] = recorded([x], &gradient, |[x]| {
            let centred = x.clone() - x.mean_dim(1);
            let variance = (centred.clone() * centred.clone()).mean_dim(1);
            centred / (variance + 1e-6).sqrt() * Tensor::from_inner(gain.clone()) + Tensor::from_inner(shift.clone())
        });
        assert!(apart_by(normalisation.back(gradient), expected) < BOUND);
    }
}
