//! Batch normalisation by a batch's own statistics, as networks that learn have it.

use burn::tensor::Tensor;

use crate::layer::Norm;

/// A batch normalisation's parameters on the device.
pub(crate) struct PlacedNorm {
    name: String,
    epsilon: f32,
    gain: Tensor<4>,
    shift: Tensor<4>,
}

impl PlacedNorm {
    /// A normalisation with its gain and shift, [1, channels, 1, 1].
    pub(crate) fn new(norm: &Norm, [gain, shift]: [Tensor<4>; 2]) -> Self {
        Self { name: norm.name.clone(), epsilon: norm.epsilon, gain, shift }
    }
}

/// A batch normalised by its own mean and variance (Ioffe and Szegedy, 2015), with what the gradient needs.
pub struct Standardised<'a> {
    norm: &'a PlacedNorm,
    input: Tensor<4>,
    mean: Tensor<4>,
    variance: Tensor<4>,
}

impl<'a> Standardised<'a> {
    /// Standardises a batch; what the gradient needs, and the output.
    pub(crate) fn of(x: Tensor<4>, norm: &'a PlacedNorm) -> (Self, Tensor<4>) {
        let count = places(&x) as f32;
        let mean = channel_sums(x.clone()) / count;
        // Of squares and not of distances: one pass less, and activations are not far from zero compared with their deviation.
        let variance = (channel_sums(x.clone() * x.clone()) / count - mean.clone() * mean.clone()).clamp_min(0.0);
        let this = Self { norm, input: x.clone(), mean, variance };
        let scale = this.scale();
        let output = x * scale.clone() + (norm.shift.clone() - this.mean.clone() * scale);
        (this, output)
    }

    fn deviation(&self) -> Tensor<4> {
        (self.variance.clone() + self.norm.epsilon).sqrt()
    }

    fn scale(&self) -> Tensor<4> {
        self.norm.gain.clone() / self.deviation()
    }

    /// Sum over the batch of the gradient, and of the gradient times the normalised input.
    fn sums(&self, gradient: &Tensor<4>) -> [Tensor<4>; 2] {
        let plain = channel_sums(gradient.clone());
        let along = channel_sums(gradient.clone() * self.input.clone()) - plain.clone() * self.mean.clone();
        [plain, along / self.deviation()]
    }

    /// `scale (g - mean(g) - z mean(g z))` with z the normalised input, written with the input itself.
    pub fn back(&self, gradient: Tensor<4>) -> Tensor<4> {
        let count = places(&gradient) as f32;
        let [plain, along] = self.sums(&gradient).map(|sum| sum / count);
        let scale = self.scale();
        let slope = scale.clone() * along / self.deviation();
        let constant = slope.clone() * self.mean.clone() - scale.clone() * plain;
        gradient * scale - self.input.clone() * slope + constant
    }

    /// Gradients by gain and shift from the output's, each with its parameter's name.
    pub(crate) fn parameter_gradients(&self, gradient: &Tensor<4>) -> [(String, Tensor<4>); 2] {
        let [plain, along] = self.sums(gradient);
        let name = &self.norm.name;
        [(format!("{name}.weight"), along), (format!("{name}.bias"), plain)]
    }

    /// The normalisation's name, the batch's means and variances a channel, and over how many values they were taken.
    pub fn statistics(&self) -> (&str, [Tensor<4>; 2], usize) {
        (&self.norm.name, [self.mean.clone(), self.variance.clone()], places(&self.input))
    }
}

/// Values a channel.
fn places(x: &Tensor<4>) -> usize {
    let [n, _, h, w] = x.dims();
    n * h * w
}

/// Sums over all but channels, [1, c, 1, 1].
pub(crate) fn channel_sums(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, 1, h * w]).sum_dim(3).sum_dim(0)
}
