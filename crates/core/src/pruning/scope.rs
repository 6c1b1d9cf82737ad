//! Which weights compete with each other.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

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
