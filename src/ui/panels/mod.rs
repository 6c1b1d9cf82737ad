//! The page's panels, in the order of the page.

pub mod agreement;
pub mod alerts;
pub mod camera;
pub mod compare;
pub mod credits;
pub mod explanation;
pub mod group;
pub mod job;
pub mod layers;
pub mod network;
pub mod picture;
pub mod share;
pub mod status;
pub mod target;
