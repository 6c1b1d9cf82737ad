//! The list of architectures. Each has a file here, or shares one with others of its family; a [card](sweetspot_core::card) says which weights it
//! runs with.

pub(crate) mod efficientnet_lite;
pub mod imagenet;
pub mod miniature;
pub mod resnet;
pub(crate) mod squeezenet;
pub mod swin;
pub mod vit;

use crate::architecture::Architecture;
use sweetspot_core::error::{Error, Result};

/// Every architecture.
pub static ARCHITECTURES: [&Architecture; 15] = [
    &squeezenet::SQUEEZENET1_1,
    &efficientnet_lite::EFFICIENTNET_LITE0,
    &miniature::RESNET_SMALL,
    &miniature::RESNET_LARGE,
    &miniature::VIT_SMALL,
    &miniature::VIT_LARGE,
    &imagenet::RESNET18,
    &imagenet::RESNET50,
    &imagenet::VIT_B_32,
    &imagenet::VIT_B_16,
    &imagenet::DEIT_TINY,
    &imagenet::DEIT_SMALL,
    &imagenet::DINO_S_16,
    &imagenet::DINO_S_8,
    &swin::SWIN_V2_T,
];

/// The architecture of a name.
pub fn architecture(id: &str) -> Result<&'static Architecture> {
    ARCHITECTURES.into_iter().find(|a| a.id == id).ok_or_else(|| Error::unknown("architecture", id, ARCHITECTURES.map(|a| a.id)))
}
