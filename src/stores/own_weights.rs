//! Weights of the reader's own.

use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_protocol as protocol;

/// How it is with weights of the reader's own.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnState {
    /// None were brought.
    None,
    /// A file is being read: its name, bytes so far, of how many.
    Reading(String, u64, u64),
    /// They run.
    Found(Arc<protocol::OwnWeights>),
    /// They do not, and why.
    Failed(String),
}

/// The store of weights of the reader's own.
#[derive(Clone, Copy)]
pub struct OwnWeights {
    /// How it is with them.
    pub state: RwSignal<OwnState>,
}

impl OwnWeights {
    /// None were brought.
    pub fn new() -> Self {
        Self { state: RwSignal::new(OwnState::None) }
    }
}
