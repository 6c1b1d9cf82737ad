//! Parts that panels are made of.

pub mod contour;
pub mod difference;
pub mod markup;
pub mod strongest;
pub mod window;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod bars;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod choice;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod class_search;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod colour_bar;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod copy;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod curve;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod frames;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod histogram;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod map_canvas;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod object_canvas;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod pixels;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod qr;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod range_control;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod save_map;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod segments;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod sheet;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) mod why_not;
