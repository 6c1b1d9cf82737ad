//! Sweeps: their pictures, and the runs of their cells.

pub mod pictures;
pub mod runner;
