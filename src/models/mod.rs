//! The networks. An architecture a file, registered in [`ARCHITECTURES`]; a [`card`] says which weights it runs with.

pub mod card;
pub mod efficientnet_lite;
pub mod initial;
pub mod layer;
pub mod learning;
pub mod miniature;
pub mod network;
pub mod resnet;
pub mod sparse;
pub mod squeezenet;
pub mod tape;
pub mod tokens;
pub mod vit;
pub mod weights;

use crate::error::{Error, Result};
use layer::Layer;
use network::Pass;
use tape::Value;

/// An architecture: its layers in network order, and how a batch passes through them.
pub struct Architecture {
    /// The name, as torchvision or timm write it.
    pub id: &'static str,
    /// Its layers with parameters, in the order torch's `named_modules` gives them.
    pub layers: fn() -> Vec<Layer>,
    /// Names and shapes of the parameters that belong to none of the layers, as torch stores them: a value a channel, or [1, tokens, channels].
    /// They are not pruned.
    pub extras: fn() -> Vec<(String, Vec<usize>)>,
    /// The forward pass, images [n, 3, h, w] to logits [n, classes, 1, 1].
    pub forward: fn(&mut Pass<'_, '_>, Value) -> Value,
    /// Names of the feature maps that can be looked at, in network order.
    pub taps: fn() -> Vec<String>,
    /// Whether it attends: its methods are others then.
    pub attends: bool,
    /// The tap that layer methods look at unless told otherwise: the last feature map before the classifier.
    pub default_tap: &'static str,
}

/// Every architecture.
pub static ARCHITECTURES: [&Architecture; 6] = [
    &squeezenet::SQUEEZENET1_1,
    &efficientnet_lite::EFFICIENTNET_LITE0,
    &miniature::RESNET_SMALL,
    &miniature::RESNET_LARGE,
    &miniature::VIT_SMALL,
    &miniature::VIT_LARGE,
];

/// The architecture of a name.
pub fn architecture(id: &str) -> Result<&'static Architecture> {
    ARCHITECTURES.into_iter().find(|a| a.id == id).ok_or_else(|| Error::unknown("architecture", id, ARCHITECTURES.map(|a| a.id)))
}
