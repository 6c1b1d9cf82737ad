//! Pruning: criteria, exact masks, what is left and what it costs. A criterion a file.

pub mod agreement;
pub mod allocation;
pub mod calibration;
pub mod cost;
pub mod erk;
pub mod file;
pub mod filters;
pub mod gradients;
pub mod gram;
pub mod grasp;
pub mod groups;
pub mod lamp;
pub mod magnitude;
pub mod mask;
pub mod n_m;
pub mod prune;
pub mod random;
pub mod re_estimate;
pub mod second_order;
pub mod snip;
pub mod structured;
pub mod synflow;
pub mod taylor;
pub mod uniform_plus;
pub mod wanda;
