//! The tests of this crate, as one program.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![cfg(not(target_arch = "wasm32"))]

mod alignment;
mod experiment_file;
mod files;
mod lessons;
mod link;
mod registry;
mod statistics;
mod sweep;
