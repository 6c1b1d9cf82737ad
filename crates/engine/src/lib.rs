//! The engine: it owns every tensor and the only device. Requests go in, findings come out as plain values ([`sweetspot_protocol`]).

pub mod album;
pub mod bench;
mod discover;
mod examine;
#[cfg(target_arch = "wasm32")]
mod file;
pub mod look;
pub mod measure;
pub mod model;
mod odd;
pub mod own;
pub mod picture;
mod recent;
pub mod run;
pub mod shown;
pub mod stimulate;
pub mod stimuli;
pub mod stored;
pub mod sweep;
mod sweeping;
#[cfg(target_arch = "wasm32")]
pub mod worker;
