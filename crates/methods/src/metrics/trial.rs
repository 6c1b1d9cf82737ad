//! Measures that need the network: what they are given, and what they give back.

use crate::attribution::Attribute;
use burn::tensor::Tensor;

use crate::attribution::context::Context;
use crate::pruning::mask::Mask;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::settings::SEED;
use sweetspot_core::card::Recipe;
use sweetspot_core::draw::{Random, normal, random};
use sweetspot_core::error::Result;
use sweetspot_core::metrics::rank::descending;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::image::denormalise;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;
use sweetspot_protocol::{Pictures, Point, View};

/// What a measure that needs the network works on.
pub struct Trial<'a> {
    /// The network, the image, the class and the method that made the map, so that it can be made again. Its job counts passes.
    pub context: &'a Context<'a>,
    /// The map.
    pub map: &'a ChannelMap,
    /// The network's architecture.
    pub architecture: &'static Architecture,
    /// Its weights, pruned if it is.
    pub weights: &'a Weights,
    /// Which of the dense network's weights are left; `None` for all.
    pub mask: Option<&'a Mask>,
    /// How the image became an input, and so how an input becomes an image.
    pub recipe: &'a Recipe,
    /// The image for a reader, where pictures of what the network is shown are wanted.
    pub view: Option<&'a View>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The measure's value.
    pub value: f32,
    /// One sentence on what it rests on.
    pub note: String,
    /// The course, where there is one.
    pub curve: Vec<Point>,
    /// What the network was shown on the way, or what came out.
    pub pictures: Pictures,
}

impl Default for Outcome {
    fn default() -> Self {
        Self { value: f32::NAN, note: String::new(), curve: Vec::new(), pictures: Pictures::None }
    }
}

impl Trial<'_> {
    /// The input's values, [channels, h, w] row by row.
    pub async fn input(&self) -> Result<Vec<f32>> {
        values(self.context.input.clone()).await
    }

    /// Pixels, most important first: the reduced map as it is, so that of a signed one what speaks against the class comes last; of equal values
    /// the one with the lower index comes first.
    pub fn order(&self) -> Vec<usize> {
        descending(&self.map.reduced())
    }

    /// The generator of everything a measure draws. It follows the method's seed, if it has one, but never draws the numbers the method drew:
    /// a measure must not test a map with the very noise it was made of.
    pub fn random(&self) -> Random {
        // Methods' seeds have 32 bits, so that these are all others.
        random((1 << 32) | self.context.whole(&SEED) as u64)
    }

    /// Normal noise for an image, its standard deviation a share of the range from black to white, a channel.
    pub fn noise(&self, random: &mut Random, share: f64) -> Vec<f32> {
        let pixels = self.map.height * self.map.width;
        let channel = |&(least, most): &(f32, f32)| normal(random, share * f64::from(most - least), pixels);
        self.context.bounds.iter().flat_map(channel).collect()
    }

    /// The same method's map of another input.
    pub async fn map_of(&self, input: Tensor<4>) -> Result<ChannelMap> {
        self.again(self.context.network, input, self.context.target).await
    }

    /// The same method's map of another network of the same architecture.
    pub(crate) async fn map_by(&self, network: &Network) -> Result<ChannelMap> {
        self.again(network, self.context.input.clone(), self.context.target).await
    }

    /// The same method's map for another class.
    pub(crate) async fn map_for(&self, target: usize) -> Result<ChannelMap> {
        self.again(self.context.network, self.context.input.clone(), target).await
    }

    async fn again(&self, network: &Network, input: Tensor<4>, target: usize) -> Result<ChannelMap> {
        let Context { parameters, tap, batch, bounds, job, .. } = *self.context;
        let job = job.unwatched();
        parameters.method.attribute(&Context { network, input, target, parameters, tap, batch, bounds, job: &job }).await
    }

    /// Two inputs mixed pixel by pixel in an order, as a reader sees them, if one looks.
    pub fn mixed(&self, before: &[f32], after: &[f32], order: &[usize]) -> Pictures {
        if self.view.is_none() {
            return Pictures::None;
        }
        let mut rank = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &pixel)| rank[pixel] = place as u32);
        Pictures::Mixed { before: denormalise(before, self.recipe), after: denormalise(after, self.recipe), rank }
    }
}
