//! The page: controls that make an [`Experiment`](sweetspot_core::experiment::Experiment), and panels that draw its findings.
//!
//! What needs no browser (words, colours, the scale of the sparsity control, the search for a class) is compiled everywhere and tested
//! natively; the rest is compiled for the browser.

pub mod alignment;
pub mod archive;
pub mod objects;
pub mod rounds;
pub mod scores;
pub mod search;
pub mod text;
pub mod widgets;

#[cfg(target_arch = "wasm32")]
mod address;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod assets;
#[cfg(target_arch = "wasm32")]
mod display_preferences;
#[cfg(target_arch = "wasm32")]
mod download;
#[cfg(target_arch = "wasm32")]
mod engine_client;
#[cfg(target_arch = "wasm32")]
mod experiment_files;
#[cfg(target_arch = "wasm32")]
mod file_kinds;
#[cfg(target_arch = "wasm32")]
mod folders;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod navigation;
#[cfg(target_arch = "wasm32")]
mod offline;
#[cfg(target_arch = "wasm32")]
mod panels;
#[cfg(target_arch = "wasm32")]
mod people;
#[cfg(target_arch = "wasm32")]
mod pictures;
#[cfg(target_arch = "wasm32")]
mod predictions;
#[cfg(target_arch = "wasm32")]
mod presenting;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod showing;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod stores;
#[cfg(target_arch = "wasm32")]
mod sweeps;

#[cfg(target_arch = "wasm32")]
pub use app::mount;
