//! Attribution measures that need the network, as far as they were asked for.

use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;
use sweetspot_protocol::Measured;

/// Measures that need the network, of one experiment: they are never mixed with those of another.
#[derive(Debug, Clone, Default)]
pub struct Measurements {
    /// The experiment.
    pub experiment: Option<Arc<Experiment>>,
    /// What was found so far.
    pub found: Vec<Arc<Measured>>,
}

impl Measurements {
    /// A measure of a network's map.
    pub fn get(&self, measure: Measure, side: Side) -> Option<Arc<Measured>> {
        self.found.iter().find(|found| found.score.measure == measure && found.side == side).cloned()
    }

    /// Whether a measure of both networks' maps is known.
    pub fn has(&self, measure: Measure) -> bool {
        Side::BOTH.iter().all(|side| self.get(measure, *side).is_some())
    }

    /// Takes in a measure, in place of an older one.
    pub fn put(&mut self, measured: Measured) {
        self.found.retain(|old| (old.score.measure, old.side) != (measured.score.measure, measured.side));
        self.found.push(Arc::new(measured));
    }

    /// Whether they are of this experiment.
    pub fn is_of(&self, experiment: &Experiment) -> bool {
        self.experiment.as_ref().is_some_and(|own| own.same_maps(experiment))
    }
}

/// The store of measures.
#[derive(Clone, Copy)]
pub struct Measures {
    /// What was found.
    pub found: RwSignal<Measurements>,
    /// Measures that are waited for.
    pub waiting: RwSignal<Vec<Measure>>,
}

impl Measures {
    /// None was asked for.
    pub fn new() -> Self {
        Self { found: RwSignal::new(Measurements::default()), waiting: RwSignal::new(Vec::new()) }
    }

    /// Notes that an experiment's measures are asked for; answers those that are neither known nor waited for, which wait from now on.
    pub fn want(self, present: Experiment, measures: impl IntoIterator<Item = Measure>) -> Vec<Measure> {
        self.found.update(|found| {
            if !found.is_of(&present) {
                *found = Measurements { experiment: Some(Arc::new(present)), found: Vec::new() };
            }
        });
        let waiting = self.waiting.get_untracked();
        let new: Vec<Measure> = self.found.with_untracked(|found| {
            measures.into_iter().filter(|measure| measure.needs_network() && !waiting.contains(measure) && !found.has(*measure)).collect()
        });
        self.waiting.update(|waiting| waiting.extend(&new));
        new
    }

    /// Takes in a measure of an experiment. Those of another experiment have no place among these.
    pub fn take(self, experiment: &Experiment, measured: Measured) {
        let measure = measured.score.measure;
        let both = self.found.try_update(|found| {
            if found.is_of(experiment) {
                found.put(measured);
            }
            found.has(measure)
        });
        if both == Some(true) {
            self.waiting.update(|waiting| waiting.retain(|one| *one != measure));
        }
    }
}
