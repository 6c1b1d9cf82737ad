//! Stimuli: pictures changed as the published experiments changed theirs. A manipulation a file, registered in [`Manipulation`].
//!
//! Everything drawn comes from the seed, and the same seed gives the same picture everywhere. What manipulations there are is known everywhere; making
//! pictures needs the feature `compute`.

#[cfg(feature = "compute")]
pub mod apply;
#[cfg(feature = "compute")]
pub mod contrast;
#[cfg(feature = "compute")]
pub mod edge;
#[cfg(feature = "compute")]
pub mod eidolon;
#[cfg(feature = "compute")]
pub mod false_colour;
#[cfg(feature = "compute")]
pub mod fourier;
#[cfg(feature = "compute")]
pub mod gaussian;
#[cfg(feature = "compute")]
pub mod greyscale;
#[cfg(feature = "compute")]
pub mod high_pass;
pub mod info;
#[cfg(feature = "compute")]
pub mod low_pass;
#[cfg(feature = "compute")]
pub mod noise_mask;
#[cfg(feature = "compute")]
pub mod phase_noise;
#[cfg(feature = "compute")]
pub mod plane;
#[cfg(feature = "compute")]
pub mod power_equalisation;
#[cfg(feature = "compute")]
pub mod rotation;
#[cfg(feature = "compute")]
pub mod silhouette;
#[cfg(feature = "compute")]
pub mod uniform_noise;

#[cfg(feature = "compute")]
pub use apply::Needs;
pub use info::{Level, Manipulation, ManipulationInfo};
