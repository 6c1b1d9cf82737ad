//! A layer with parameters: what it is called, its weight's shape, and what surrounds it.

/// How a convolution pads its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// The same number of zeros on every side.
    Each(usize),
    /// TensorFlow's "SAME": output side `ceil(input / stride)`, the odd zero at the end.
    Same,
}

impl Padding {
    /// Zeros before and after an axis of `size` for a kernel of `kernel` moved by `stride`.
    pub fn of(self, size: usize, kernel: usize, stride: usize) -> (usize, usize) {
        match self {
            Self::Each(n) => (n, n),
            Self::Same => {
                let total = ((size.div_ceil(stride) - 1) * stride + kernel).saturating_sub(size);
                (total / 2, total - total / 2)
            }
        }
    }
}

/// A batch normalisation that directly follows a layer and is folded into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// The normalisation's name; its tensors are `NAME.weight`, `.bias`, `.running_mean` and `.running_var`.
    pub name: String,
    /// Added to the variance.
    pub epsilon: f32,
}

/// A convolution or linear layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The layer's name; its weight is `NAME.weight`.
    pub name: String,
    /// The weight's shape: [out, in / groups, height, width] or [out, in].
    pub shape: Vec<usize>,
    /// Whether there is a `NAME.bias`.
    pub bias: bool,
    /// Step of a convolution.
    pub stride: usize,
    /// Padding of a convolution.
    pub padding: Padding,
    /// Groups of a convolution.
    pub groups: usize,
    /// The normalisation after it.
    pub norm: Option<Norm>,
}

impl Layer {
    /// A square convolution with a bias, stride 1, no padding and one group.
    pub fn conv(name: impl Into<String>, inputs: usize, outputs: usize, kernel: usize) -> Self {
        Self {
            name: name.into(),
            shape: vec![outputs, inputs, kernel, kernel],
            bias: true,
            stride: 1,
            padding: Padding::Each(0),
            groups: 1,
            norm: None,
        }
    }

    /// A linear layer with a bias.
    pub fn linear(name: impl Into<String>, inputs: usize, outputs: usize) -> Self {
        Self { shape: vec![outputs, inputs], ..Self::conv(name, inputs, outputs, 1) }
    }

    /// The weight tensor's name.
    pub fn weight_name(&self) -> String {
        format!("{}.weight", self.name)
    }

    /// Whether every channel is convolved on its own, with one kernel.
    pub fn depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.shape[0] && self.shape[1] == 1
    }

    /// The layer with a weight of another shape: some of its channels are gone.
    pub(crate) fn resized(mut self, shape: &[usize]) -> Self {
        if self.depthwise() {
            self.groups = shape[0];
        }
        self.shape = shape.into();
        self
    }

    /// Every tensor of the layer and its normalisation with its shape.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let outputs = vec![self.shape[0]];
        let mut tensors = vec![(self.weight_name(), self.shape.clone())];
        if self.bias {
            tensors.push((format!("{}.bias", self.name), outputs.clone()));
        }
        if let Some(norm) = &self.norm {
            tensors.extend(Norm::TENSORS.map(|part| (format!("{}.{part}", norm.name), outputs.clone())));
        }
        tensors
    }
}

impl Norm {
    /// A normalisation's tensors: scale, shift, and the running statistics, which are no parameters.
    pub const TENSORS: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_puts_the_odd_zero_at_the_end() {
        assert_eq!(Padding::Same.of(224, 3, 2), (0, 1));
        assert_eq!(Padding::Same.of(56, 5, 2), (1, 2));
        assert_eq!(Padding::Same.of(7, 3, 1), (1, 1));
        assert_eq!(Padding::Same.of(7, 3, 2), (1, 1));
        assert_eq!(Padding::Same.of(4, 1, 4), (0, 0));
    }
}
