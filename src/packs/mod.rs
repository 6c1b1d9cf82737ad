//! Packs: sets of images with what is known of them. [`scenes`] are shipped, as few large pictures; the others are folders or archives of single
//! images that somebody made, read by [`open`].

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod annotation;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod build;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod class_folders;
pub mod gallery;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod geirhos;
pub mod manifest;
pub mod open;
pub mod scenes;
pub mod store;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod voc;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod walk;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod write;
