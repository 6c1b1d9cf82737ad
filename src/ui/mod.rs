//! The page: controls that make an [`Experiment`](crate::experiment::Experiment), and panels that draw its findings.
//!
//! What needs no browser (words, colours, the scale of the sparsity control, the search for a class) is compiled everywhere and tested
//! natively; the rest is compiled with the feature `page` for the browser.

pub mod alignment;
pub mod archive;
pub mod objects;
pub mod rounds;
pub mod scores;
pub mod search;
pub mod text;
pub mod widgets;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod address;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod app;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod assets;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod download;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod engine_client;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod experiment_files;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod folders;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod kept_look;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod live;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod navigation;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod offline;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod panels;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod people;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod pictures;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod predictions;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod session;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod showing;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod state;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod storage;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod sweeps;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub use app::mount;
