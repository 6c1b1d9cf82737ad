//! Object discovery without labels: which box a network's features set apart from the rest of the picture.

pub mod affinity;
pub mod features;
pub mod find;
pub mod graph;
pub mod input;
pub mod lanczos;
pub mod lost;
pub mod mask_cut;
pub mod place;
pub mod token_cut;
