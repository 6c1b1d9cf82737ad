//! The two networks that stand side by side.

use serde::{Deserialize, Serialize};

/// Which of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// All weights.
    Dense,
    /// Without the pruned ones.
    Pruned,
}

impl Side {
    /// Both, in the order in which they are computed.
    pub const BOTH: [Self; 2] = [Self::Dense, Self::Pruned];
}
