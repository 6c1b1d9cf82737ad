//! Pruning: criteria, exact masks, what is left and what it costs. A criterion a file.

pub mod agreement;
pub mod allocation;
pub mod calibration;
pub mod cost;
pub mod erk;
pub mod file;
pub mod filters;
pub(crate) mod gradients;
pub(crate) mod gram;
pub mod grasp;
pub mod groups;
pub mod lamp;
pub mod magnitude;
pub mod mask;
pub(crate) mod n_m;
pub mod prune;
pub(crate) mod random;
pub mod re_estimate;
pub mod second_order;
pub mod snip;
pub mod structured;
pub mod synflow;
pub mod taylor;
pub(crate) mod uniform_plus;
pub mod wanda;
