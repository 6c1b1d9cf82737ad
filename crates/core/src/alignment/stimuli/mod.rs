//! Stimuli: pictures changed as the published experiments changed theirs. A manipulation a file, registered in [`Manipulation`].
//!
//! Everything drawn comes from the seed, and the same seed gives the same picture everywhere. What manipulations there are is known everywhere; making
//! pictures is the work of `crates/methods`.

pub mod info;

pub use info::{Level, Manipulation, ManipulationInfo};
