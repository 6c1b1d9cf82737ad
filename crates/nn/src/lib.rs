//! Networks: architectures, forward passes and gradients, weights files, and the devices they run on. Knows no method of pruning or attribution.

pub mod architectures;
pub mod device;
pub mod files;
pub mod frozen;
pub mod image;
pub mod initial;
pub mod job;
pub mod layer;
pub mod learning;
pub mod logits;
pub mod macs;
pub mod matching;
pub mod network;
pub mod self_test;
pub mod sparse;
pub mod tape;
pub mod tokens;
pub mod weights;
pub mod windows;
