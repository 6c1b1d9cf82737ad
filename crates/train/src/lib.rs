//! Training in miniature, native only: the data, "fashion in the wild", and the trainer; and distillation of larger networks.
//!
//! A scene shows a garment of Fashion-MNIST on a piece of a photo: 64 x 64 pixels, ten classes, and where the garment is to the pixel.

#![warn(unreachable_pub)]

pub mod crops;
pub mod data;
pub mod distil;
pub mod fashion;
pub mod files;
pub mod learner;
pub mod optimiser;
pub(crate) mod photos;
pub mod plan;
pub(crate) mod pruned;
pub mod scene;
pub mod schedule;
pub(crate) mod state;
pub mod trainer;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Which garments and which photos: the two splits share neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// What networks learn from.
    Train,
    /// What they are measured on.
    Test,
}

impl Split {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Train, Self::Test];
}
