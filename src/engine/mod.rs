//! The engine: it owns every tensor and the only device. Requests go in, findings come out as plain values ([`protocol`]).

pub mod protocol;

#[cfg(feature = "compute")]
pub mod album;
#[cfg(feature = "compute")]
pub mod bench;
#[cfg(feature = "compute")]
mod discover;
#[cfg(feature = "compute")]
mod examine;
#[cfg(all(feature = "engine", target_arch = "wasm32"))]
mod file;
#[cfg(feature = "compute")]
pub mod look;
#[cfg(feature = "compute")]
pub mod measure;
#[cfg(feature = "compute")]
pub mod model;
#[cfg(feature = "compute")]
mod odd;
#[cfg(feature = "compute")]
pub mod own;
#[cfg(feature = "compute")]
pub mod picture;
#[cfg(feature = "compute")]
mod recent;
#[cfg(feature = "compute")]
pub mod run;
#[cfg(feature = "compute")]
pub mod shown;
#[cfg(feature = "compute")]
pub(crate) mod stimulate;
#[cfg(feature = "compute")]
pub mod stimuli;
#[cfg(feature = "compute")]
pub mod stored;
#[cfg(feature = "compute")]
mod sweeping;
#[cfg(all(feature = "engine", target_arch = "wasm32"))]
pub mod worker;
