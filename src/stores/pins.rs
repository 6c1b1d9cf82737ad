//! Results that are kept in sight while the experiment goes on.

use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_protocol::{MapReport, View};

/// How many are kept; the oldest goes.
const MOST: usize = 4;

/// A result that is kept.
#[derive(Debug, Clone)]
pub struct Pin {
    /// Its number on the page, from 1 up.
    pub number: usize,
    /// What was asked.
    pub experiment: Arc<Experiment>,
    /// Which of the two networks answered.
    pub side: Side,
    /// The network's first class, with its probability.
    pub verdict: String,
    /// What the network saw.
    pub view: Arc<View>,
    /// Its map.
    pub map: Arc<MapReport>,
}

/// The store of pinned results.
#[derive(Clone, Copy)]
pub struct Pinned {
    /// Oldest first.
    pub all: RwSignal<Vec<Pin>>,
}

impl Pinned {
    /// None.
    pub fn new() -> Self {
        Self { all: RwSignal::new(Vec::new()) }
    }

    /// Keeps a result, under a number of its own.
    pub fn keep(self, pin: Pin) {
        self.all.update(|pins| {
            let number = pins.iter().map(|pin| pin.number).max().unwrap_or(0) + 1;
            pins.push(Pin { number, ..pin });
            let surplus = pins.len().saturating_sub(MOST);
            pins.drain(..surplus);
        });
    }

    /// Keeps it no longer.
    pub fn remove(self, number: usize) {
        self.all.update(|pins| pins.retain(|pin| pin.number != number));
    }
}
