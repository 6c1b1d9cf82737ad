//! Networks: architectures, forward passes and gradients, weights files, and the devices they run on. Knows no method of pruning or attribution.

#![warn(unreachable_pub)]

pub mod architecture;
pub mod architectures;
mod array;
pub mod batch_norm_folding;
pub mod device;
pub mod files;
pub mod image;
pub mod initial;
pub mod job;
pub mod layer;
pub mod logits;
pub mod macs;
pub mod matching;
pub mod network;
pub mod operations;
pub mod own_architectures;
pub mod parameters;
pub mod pass;
pub mod recorded;
pub mod self_test;
mod sparse;
pub mod tape;
pub mod weights;
