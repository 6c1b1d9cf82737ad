//! What is done with networks: pruning, attribution, measures of maps, object discovery, and the stimuli of experiments with people. A method a file.

#![warn(unreachable_pub)]

pub mod attribution;
pub mod discovery;
pub mod metrics;
pub mod pruning;
pub mod registry;
pub mod stimuli;
