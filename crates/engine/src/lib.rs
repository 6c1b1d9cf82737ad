//! The engine: it owns every tensor and the only device. Tasks go in, findings come out as plain values ([`sweetspot_protocol`]).

pub mod engine;
pub mod evaluation_set;
pub mod event;
#[cfg(target_arch = "wasm32")]
mod file;
mod keys;
pub mod model;
pub mod own;
pub mod picture;
mod recent;
mod recognition;
pub mod scene;
pub mod shown;
pub mod stimuli;
pub mod stored;
pub mod sweep;
mod tasks;
pub mod timing;
#[cfg(target_arch = "wasm32")]
pub mod worker;
