//! The miniature networks: small enough to be trained here from nothing, on scenes of 64 x 64 pixels.

use super::resnet::{self, Residual};
use super::vit::{self, Transformer};
use crate::architecture::Architecture;
use crate::layer::Layer;

/// Classes of the scenes: Fashion-MNIST's garments.
const CLASSES: usize = 10;
/// Side of a scene in pixels.
const SIDE: usize = 64;

struct ResNetSmall;
impl Residual for ResNetSmall {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 16, stages: &[(24, 1), (48, 1), (96, 1)], classes: CLASSES };
}

struct ResNetLarge;
impl Residual for ResNetLarge {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 24, stages: &[(32, 1), (64, 1), (128, 2)], classes: CLASSES };
}

struct ViTSmall;
impl Transformer for ViTSmall {
    const SIZES: vit::Sizes =
        vit::Sizes { depth: 3, width: 48, heads: 3, patch: 8, stem: &[24, 48], side: SIDE, classes: CLASSES, ratio: 2 };
}

struct ViTLarge;
impl Transformer for ViTLarge {
    const SIZES: vit::Sizes =
        vit::Sizes { depth: 4, width: 64, heads: 4, patch: 8, stem: &[32, 64], side: SIDE, classes: CLASSES, ratio: 2 };
}

/// A residual network.
pub static RESNET_SMALL: Architecture = resnet::architecture::<ResNetSmall>("mini_resnet_small");
/// A larger one.
pub static RESNET_LARGE: Architecture = resnet::architecture::<ResNetLarge>("mini_resnet_large");
/// A vision transformer.
pub static VIT_SMALL: Architecture = vit::architecture::<ViTSmall>("mini_vit_small");
/// A larger one.
pub static VIT_LARGE: Architecture = vit::architecture::<ViTLarge>("mini_vit_large");

/// All of them.
pub static MINIATURES: [&Architecture; 4] = [&RESNET_SMALL, &RESNET_LARGE, &VIT_SMALL, &VIT_LARGE];

/// Weights that pruning chooses from.
pub fn prunable(architecture: &Architecture) -> usize {
    (architecture.layers)().iter().map(weights).sum()
}

fn weights(layer: &Layer) -> usize {
    layer.shape.iter().product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_between_a_twentieth_and_one_and_a_half_million() {
        for architecture in MINIATURES {
            let count = prunable(architecture);
            assert!((50_000..1_500_000).contains(&count), "{} has {count}", architecture.id);
        }
    }
}
