//! Parts that panels are made of.

pub mod colour;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod bars;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod class_search;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod colour_bar;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod map_canvas;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod range_control;
