//! How the engine is, and how far its job.

use leptos::prelude::*;

use sweetspot_protocol::{DeviceReport, Stage};

/// Whether the engine runs.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineState {
    /// Being fetched, compiled and tested.
    Starting,
    /// Computing on this device.
    Ready(DeviceReport),
    /// Gone, with the reason.
    Down(String),
}

/// How far the running job is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps or bytes done.
    pub done: u64,
    /// Of how many; 0 where unknown.
    pub total: u64,
}

/// The engine, as the page knows it.
#[derive(Clone, Copy)]
pub struct EngineStatus {
    /// Whether it runs.
    pub state: RwSignal<EngineState>,
    /// How much of its program is there, while it comes: bytes, and of how many (0 where unknown).
    pub arriving: RwSignal<Option<(u64, u64)>>,
    /// Milliseconds of a forward pass, as last told.
    pub pace: RwSignal<Option<f64>>,
    /// A sentence about a restart.
    pub restarted: RwSignal<Option<String>>,
    /// Whether a job is going on.
    pub running: RwSignal<bool>,
    /// How far it is.
    pub progress: RwSignal<Option<Progress>>,
}

impl EngineStatus {
    /// On its way.
    pub fn new() -> Self {
        Self {
            state: RwSignal::new(EngineState::Starting),
            arriving: RwSignal::new(None),
            pace: RwSignal::new(None),
            restarted: RwSignal::new(None),
            running: RwSignal::new(false),
            progress: RwSignal::new(None),
        }
    }

    /// No job is going on.
    pub fn idle(self) {
        self.running.set(false);
        self.progress.set(None);
    }
}
