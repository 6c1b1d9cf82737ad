//! Pruning: which weights go. A criterion a file, registered in [`Criterion`]; `mask` turns scores into exact masks.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

#[cfg(feature = "compute")]
pub mod magnitude;
#[cfg(feature = "compute")]
pub mod mask;

/// What ranks the weights: those with the lowest score go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Criterion {
    /// The weight's absolute value (the paper's criterion).
    Magnitude,
}

impl Criterion {
    /// Every criterion, in the order menus show.
    pub const ALL: [Self; 1] = [Self::Magnitude];

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Magnitude => "magnitude",
        }
    }

    /// The criterion of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|c| c.id() == id).ok_or_else(|| Error::unknown("criterion", id, Self::ALL.map(Self::id)))
    }
}

/// Which weights compete with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// All prunable weights of the network.
    Global,
    /// The weights of one layer; every layer loses the same share.
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
