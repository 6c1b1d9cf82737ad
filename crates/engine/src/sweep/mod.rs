//! Sweeps: what they are given, their pictures, and the runs of their cells.

pub mod fitted;
pub mod given;
pub mod pictures;
pub mod runner;
