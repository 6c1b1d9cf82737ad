//! The tests of this crate, as one program.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![cfg(not(target_arch = "wasm32"))]

mod attribution;
mod backprop;
mod criteria;
mod faithfulness;
mod measures;
mod pruning;
mod stimuli;
mod tiny;
mod transformer;
mod weights;
mod weights_files;
