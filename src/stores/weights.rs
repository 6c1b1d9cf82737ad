//! Statistics of both networks' weights, layer by layer.

use leptos::prelude::*;

use super::stamped::Answer;
use sweetspot_protocol::Examined;

/// The store of weights' statistics.
#[derive(Clone, Copy)]
pub struct WeightStatistics {
    /// Whether the reader wants to see them.
    pub wanted: RwSignal<bool>,
    /// What was found.
    pub found: Answer<Examined>,
}

impl WeightStatistics {
    /// Not asked for.
    pub fn new() -> Self {
        Self { wanted: RwSignal::new(false), found: RwSignal::new(None) }
    }
}
