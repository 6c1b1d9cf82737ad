//! Pruning: which weights go. A criterion a file, registered in [`Criterion`]; `mask` turns scores into exact masks, `prune` does it all.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub mod criterion;

#[cfg(feature = "compute")]
pub mod agreement;
#[cfg(feature = "compute")]
pub mod allocation;
#[cfg(feature = "compute")]
pub mod calibration;
#[cfg(feature = "compute")]
pub mod cost;
#[cfg(feature = "compute")]
pub mod erk;
#[cfg(feature = "compute")]
pub mod file;
#[cfg(feature = "compute")]
pub mod filters;
#[cfg(feature = "compute")]
pub mod gradients;
#[cfg(feature = "compute")]
pub mod gram;
#[cfg(feature = "compute")]
pub mod grasp;
#[cfg(feature = "compute")]
pub mod groups;
#[cfg(feature = "compute")]
pub mod lamp;
#[cfg(feature = "compute")]
pub mod magnitude;
#[cfg(feature = "compute")]
pub mod mask;
#[cfg(feature = "compute")]
pub mod n_m;
#[cfg(feature = "compute")]
pub mod prune;
#[cfg(feature = "compute")]
pub mod random;
#[cfg(feature = "compute")]
pub mod re_estimate;
#[cfg(feature = "compute")]
pub mod second_order;
#[cfg(feature = "compute")]
pub mod snip;
#[cfg(feature = "compute")]
pub mod structured;
#[cfg(feature = "compute")]
pub mod synflow;
#[cfg(feature = "compute")]
pub mod taylor;
#[cfg(feature = "compute")]
pub mod uniform_plus;
#[cfg(feature = "compute")]
pub mod wanda;

pub use criterion::Criterion;

/// Which weights compete with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// All prunable weights of the network.
    Global,
    /// The weights of one layer; every layer loses the same share, or the one the criterion gives it.
    Layer,
}

impl Scope {
    /// Both scopes.
    pub const ALL: [Self; 2] = [Self::Global, Self::Layer];

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Layer => "layer",
        }
    }

    /// The scope of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id).ok_or_else(|| Error::unknown("scope", id, Self::ALL.map(Self::id)))
    }
}
