//! The networks. An architecture a file, registered in [`ARCHITECTURES`]; a [card](sweetspot_core::card) says which weights it runs with.

pub mod efficientnet_lite;
pub mod miniature;
pub mod offers;
pub mod resnet;
pub mod squeezenet;
pub mod swin;
pub mod vit;

use crate::layer::Layer;
use crate::network::Pass;
use crate::tape::Value;
use crate::weights::Weights;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::error::{Error, Result};

/// An architecture: its layers in network order, and how a batch passes through them.
pub struct Architecture {
    /// The name, as torchvision or timm write it.
    pub id: &'static str,
    /// Its layers with parameters, in the order torch's `named_modules` gives them.
    pub layers: fn() -> Vec<Layer>,
    /// Names and shapes of the parameters that belong to none of the layers, as torch stores them: a value a channel, or [1, tokens, channels].
    /// They are not pruned.
    pub extras: fn() -> Vec<(String, Vec<usize>)>,
    /// The layer whose outputs are the classes, of which a weights file may have any number; `None` where the answer is features.
    pub head: Option<&'static str>,
    /// The forward pass, images [n, 3, h, w] to logits [n, classes, 1, 1].
    pub forward: fn(&mut Pass<'_, '_>, Value) -> Value,
    /// Names of the feature maps that can be looked at, in network order.
    pub taps: fn() -> Vec<String>,
    /// How it attends: its methods are others then.
    pub attention: AttentionKind,
    /// The tap that layer methods look at unless told otherwise: the last feature map before the classifier.
    pub default_tap: &'static str,
}

impl Architecture {
    /// Every tensor with its shape.
    pub fn tensors(&self) -> impl Iterator<Item = (String, Vec<usize>)> {
        tensors((self.layers)(), (self.extras)())
    }

    /// The same, with as many classes as the weights have.
    pub fn tensors_of(&self, weights: &Weights) -> impl Iterator<Item = (String, Vec<usize>)> {
        tensors(self.layers_of(weights), (self.extras)())
    }

    /// The layers, with as many classes as the weights have.
    pub fn layers_of(&self, weights: &Weights) -> Vec<Layer> {
        let mut layers = (self.layers)();
        if let Some(head) = layers.iter_mut().find(|layer| self.head == Some(&layer.name))
            && let Some(classes) = weights.tensors().get(&head.weight_name()).and_then(|weight| weight.shape.first())
            && *classes > 0
        {
            head.shape[0] = *classes;
        }
        layers
    }
}

fn tensors(layers: Vec<Layer>, extras: Vec<(String, Vec<usize>)>) -> impl Iterator<Item = (String, Vec<usize>)> {
    layers.into_iter().flat_map(|layer| layer.tensors()).chain(extras)
}

/// Every architecture.
pub static ARCHITECTURES: [&Architecture; 15] = [
    &squeezenet::SQUEEZENET1_1,
    &efficientnet_lite::EFFICIENTNET_LITE0,
    &miniature::RESNET_SMALL,
    &miniature::RESNET_LARGE,
    &miniature::VIT_SMALL,
    &miniature::VIT_LARGE,
    &offers::RESNET18,
    &offers::RESNET50,
    &offers::VIT_B_32,
    &offers::VIT_B_16,
    &offers::DEIT_TINY,
    &offers::DEIT_SMALL,
    &offers::DINO_S_16,
    &offers::DINO_S_8,
    &swin::SWIN_V2_T,
];

/// The architecture of a name.
pub fn architecture(id: &str) -> Result<&'static Architecture> {
    ARCHITECTURES.into_iter().find(|a| a.id == id).ok_or_else(|| Error::unknown("architecture", id, ARCHITECTURES.map(|a| a.id)))
}
