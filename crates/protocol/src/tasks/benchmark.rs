//! How long passes, methods and measures take.

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// Time warm passes of a network and of the attribution methods on it, for the benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// The network.
    pub model: String,
    /// What besides: "all", "attribution", "measures", "discovery" or "forward" for nothing.
    pub group: String,
    /// Counted runs of each.
    pub runs: usize,
}

impl Kind for Benchmark {
    type Finding = Vec<Timing>;
}

/// How long something takes, warm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// What was timed.
    pub what: String,
    /// Passes of the network it takes, where it is a matter of their number.
    pub passes: usize,
    /// Each run in milliseconds, in order.
    pub millis: Vec<f64>,
}
