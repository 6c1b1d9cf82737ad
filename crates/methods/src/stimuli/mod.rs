//! Stimuli: pictures changed as the published experiments changed theirs. A manipulation a file.

pub mod apply;
pub mod contrast;
pub mod edge;
pub mod eidolon;
pub mod false_colour;
pub(crate) mod fourier;
pub(crate) mod gaussian;
pub mod greyscale;
pub mod high_pass;
pub mod low_pass;
pub mod noise_mask;
pub mod phase_noise;
pub mod plane;
pub mod power_equalisation;
pub mod rotation;
pub(crate) mod silhouette;
pub mod uniform_noise;
