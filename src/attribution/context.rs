//! What every attribution method is given, and what it gives back.

use burn::tensor::Tensor;

use crate::device::values;
use crate::engine::job::Job;
use crate::error::Result;
use crate::experiment::Attribution;
use crate::models::network::Network;

/// What a method works on.
pub struct Context<'a> {
    /// The network.
    pub network: &'a Network,
    /// The image as network input, [1, 3, h, w].
    pub input: Tensor<4>,
    /// The class whose logit is explained.
    pub target: usize,
    /// The method's parameters.
    pub parameters: &'a Attribution,
    /// The tap of layer methods, the network's default unless chosen.
    pub tap: &'a str,
    /// How many images go through the network at once.
    pub batch: usize,
    /// Where progress goes and a wish to stop comes from.
    pub job: &'a Job,
}

impl Context<'_> {
    /// The gradient of the target's logit by each of several images, [n, 3, h, w].
    pub fn gradients(&self, images: Tensor<4>) -> Tensor<4> {
        self.network.record(images).gradient(self.target)
    }
}

/// A map before its channels are reduced: [channels, height, width] values, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelMap {
    /// Channels: 3 for methods that give each colour a value, else 1.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// The values.
    pub values: Vec<f32>,
    /// Whether a negative value means "against the class".
    pub signed: bool,
}

impl ChannelMap {
    /// The map of a tensor [1, channels, h, w].
    pub async fn of(tensor: Tensor<4>, signed: bool) -> Result<Self> {
        let [_, channels, height, width] = tensor.dims();
        Ok(Self { channels, height, width, values: values(tensor).await?, signed })
    }

    /// One value a pixel, as the methods' authors reduce channels: the sum of signed values, the maximum of unsigned ones.
    pub fn reduced(&self) -> Vec<f32> {
        let pixels = self.height * self.width;
        let channels = |pixel: usize| (0..self.channels).map(move |c| self.values[c * pixels + pixel]);
        match self.signed {
            true => (0..pixels).map(|p| channels(p).sum()).collect(),
            false => (0..pixels).map(|p| channels(p).fold(f32::NEG_INFINITY, f32::max)).collect(),
        }
    }
}
