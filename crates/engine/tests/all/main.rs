//! The tests of this crate, as one program.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![cfg(not(target_arch = "wasm32"))]

mod discovery;
mod engine;
mod engine_alignment;
mod engine_objects;
mod engine_sweeps;
mod filters;
mod opening;
mod perturbation;
mod sweep_runner;
