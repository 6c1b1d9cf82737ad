//! Packs: sets of images with what is known of them, read from few files.

pub mod scenes;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod write;
