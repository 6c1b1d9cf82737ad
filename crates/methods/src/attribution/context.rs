//! What every attribution method is given, and what it gives back.

use burn::tensor::{Tensor, TensorData};

use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::setting::Setting;
use sweetspot_core::attribution::settings::SEED;
use sweetspot_core::draw::{Random, random};
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Attribution;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::logits::softmax;
use sweetspot_nn::network::Network;

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
    /// The smallest and the largest value an input can have, a channel: black and white, normalised.
    pub bounds: &'a [(f32, f32)],
    /// Where progress goes and a wish to stop comes from.
    pub job: &'a Job,
}

impl Context<'_> {
    /// The gradient of the target's logit by each of several images, [n, 3, h, w].
    pub fn gradients(&self, images: Tensor<4>) -> Tensor<4> {
        self.network.record(images).gradient(self.target)
    }

    /// The target's logit for each of several images.
    pub async fn scores(&self, images: Tensor<4>) -> Result<Vec<f32>> {
        values(self.network.logits(images).narrow(1, self.target, 1)).await
    }

    /// The target's probability for each of several images.
    pub async fn probabilities(&self, images: Tensor<4>) -> Result<Vec<f32>> {
        let logits = self.network.logits(images);
        let classes = logits.dims()[1];
        Ok(values(logits).await?.chunks_exact(classes).map(|logits| softmax(logits)[self.target]).collect())
    }

    /// Images from values on the host, [n, channels, h, w] in the input's size.
    pub fn images(&self, values: Vec<f32>) -> Tensor<4> {
        let [_, channels, height, width] = self.input.dims();
        let n = values.len() / (channels * height * width);
        Tensor::from_data(TensorData::new(values, [n, channels, height, width]), &self.input.device())
    }

    /// A parameter of the method that is a whole number.
    pub fn whole(&self, setting: &Setting) -> usize {
        self.parameters.settings.whole(setting)
    }

    /// A parameter of the method that is a number.
    pub fn real(&self, setting: &Setting) -> f64 {
        self.parameters.settings.real(setting)
    }

    /// A parameter of the method that is one of some names.
    pub fn choice(&self, setting: &Setting) -> String {
        self.parameters.settings.text(setting)
    }

    /// The generator of everything the method draws.
    pub fn random(&self) -> Random {
        random(self.whole(&SEED) as u64)
    }
}

/// The map of a tensor [1, channels, h, w].
pub async fn map_of(tensor: Tensor<4>, signed: bool) -> Result<ChannelMap> {
    let [_, channels, height, width] = tensor.dims();
    Ok(ChannelMap { channels, height, width, values: values(tensor).await?, signed, total: None })
}
