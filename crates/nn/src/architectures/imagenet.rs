//! ResNets and vision transformers in the sizes that are trained on ImageNet, named as torchvision, timm or DINO's repository name them. Too large
//! to be shipped.

use super::resnet::{self, Residual};
use super::vit::{self, Sizes, Transformer};
use crate::architecture::Architecture;

/// Classes of ImageNet.
pub const IMAGENET: usize = 1000;

struct ResNet18;
impl Residual for ResNet18 {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 64, stages: &[(64, 2), (128, 2), (256, 2), (512, 2)], classes: IMAGENET };
    const POOLED: bool = true;
}

struct ResNet50;
impl Residual for ResNet50 {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 64, stages: &[(64, 3), (128, 4), (256, 6), (512, 3)], classes: IMAGENET };
    const POOLED: bool = true;
    const BOTTLENECKS: bool = true;
}

/// Twelve blocks on 224 pixels, heads of 64 channels: what all of these transformers share.
const fn sizes(width: usize, patch: usize, classes: usize) -> Sizes {
    Sizes { depth: 12, width, heads: width / 64, patch, stem: &[], side: 224, classes, ratio: 4 }
}

struct ViTBase32;
impl Transformer for ViTBase32 {
    const SIZES: Sizes = sizes(768, 32, IMAGENET);
}

struct ViTBase16;
impl Transformer for ViTBase16 {
    const SIZES: Sizes = sizes(768, 16, IMAGENET);
}

struct DeiTTiny;
impl Transformer for DeiTTiny {
    const SIZES: Sizes = sizes(192, 16, IMAGENET);
}

struct DeiTSmall;
impl Transformer for DeiTSmall {
    const SIZES: Sizes = sizes(384, 16, IMAGENET);
}

struct DinoSmall16;
impl Transformer for DinoSmall16 {
    const SIZES: Sizes = sizes(384, 16, 0);
}

struct DinoSmall8;
impl Transformer for DinoSmall8 {
    const SIZES: Sizes = sizes(384, 8, 0);
}

/// ResNet-18.
pub static RESNET18: Architecture = resnet::architecture::<ResNet18>("resnet18");
/// ResNet-50.
pub static RESNET50: Architecture = resnet::architecture::<ResNet50>("resnet50");
/// ViT-B/32.
pub static VIT_B_32: Architecture = vit::architecture::<ViTBase32>("vit_b_32");
/// ViT-B/16.
pub static VIT_B_16: Architecture = vit::architecture::<ViTBase16>("vit_b_16");
/// DeiT-tiny.
pub static DEIT_TINY: Architecture = vit::architecture::<DeiTTiny>("deit_tiny_patch16_224");
/// DeiT-small.
pub static DEIT_SMALL: Architecture = vit::architecture::<DeiTSmall>("deit_small_patch16_224");
/// DINO's ViT-S/16.
pub static DINO_S_16: Architecture = vit::architecture::<DinoSmall16>("dino_vits16");
/// DINO's ViT-S/8.
pub static DINO_S_8: Architecture = vit::architecture::<DinoSmall8>("dino_vits8");
