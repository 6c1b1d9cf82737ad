//! Which way an effect would have to go.

use serde::{Deserialize, Serialize};

/// What is held against "there is no effect".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alternative {
    /// There is one, either way.
    #[default]
    TwoSided,
    /// It is positive.
    Greater,
    /// It is negative.
    Less,
}

impl Alternative {
    /// A statistic that is centred at 0, turned so that the larger it is the more it speaks against "no effect".
    pub(super) fn directed(self, statistic: f64) -> f64 {
        match self {
            Self::TwoSided => statistic.abs(),
            Self::Greater => statistic,
            Self::Less => -statistic,
        }
    }
}
