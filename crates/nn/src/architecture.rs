//! What makes an architecture: layers with parameters, and how a batch passes through them. The architectures themselves are listed in
//! [`crate::architectures`].

use crate::layer::Layer;
use crate::pass::Pass;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

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
    /// How it attention: its methods are others then.
    pub attention: AttentionKind,
    /// The tap that layer methods look at unless told otherwise: the last feature map before the classifier.
    pub default_tap: &'static str,
}

impl Architecture {
    /// Every tensor with its shape.
    pub fn tensors(&self) -> impl Iterator<Item = (String, Vec<usize>)> {
        self.tensors_with((self.layers)())
    }

    /// Every tensor with its shape when these are the layers.
    pub(crate) fn tensors_with(&self, layers: Vec<Layer>) -> impl Iterator<Item = (String, Vec<usize>)> {
        layers.into_iter().flat_map(|layer| layer.tensors()).chain((self.extras)())
    }
}
