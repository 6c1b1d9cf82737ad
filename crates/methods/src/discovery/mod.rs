//! Object discovery without labels: which box a network's features set apart from the rest of the picture.

pub mod affinity;
pub mod features;
pub mod find;
pub(crate) mod graph;
pub mod input;
pub(crate) mod lanczos;
pub(crate) mod lost;
pub(crate) mod mask_cut;
pub(crate) mod place;
pub(crate) mod token_cut;
