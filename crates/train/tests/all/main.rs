//! The tests of this crate, as one program.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![cfg(not(target_arch = "wasm32"))]

mod distil;
mod learning;
mod scenes;
mod training;
