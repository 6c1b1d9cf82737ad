//! Packs: sets of images with what is known of them. [`scenes`] are shipped, as few large pictures; the others are folders or archives of single
//! images that somebody made, read by [`open`].

pub mod gallery;
pub mod manifest;
pub mod open;
pub mod scenes;
pub mod store;
