//! The page's panels, in the order of the page.

pub mod alerts;
pub mod answers;
pub mod audit;
pub mod camera;
pub mod compare;
pub mod credits;
pub mod explanation;
pub mod group;
pub mod job;
pub mod language;
pub mod lesson;
pub mod look;
pub mod measures;
pub mod method;
pub mod network;
pub mod objects;
pub mod own_weights;
pub mod picture;
pub mod pruning;
pub mod settings;
pub mod share;
pub mod sights;
pub mod status;
pub mod target;
pub mod teach;
pub mod weights;
