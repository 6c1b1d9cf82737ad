//! Object discovery: what the networks find without labels, on the picture, along strips, and over many pictures.

use std::sync::Arc;

use leptos::prelude::*;

use super::stamped::Answer;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_protocol::{AxisPlace, Discovered, DiscoveryAt, DiscoveryAxis, DiscoveryView, EvaluationSet, Located};

/// The two strips along which objects are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// Layer by layer.
    Layers,
    /// Sparsity by sparsity.
    Sparsities,
}

impl From<&DiscoveryAxis> for Following {
    fn from(strip: &DiscoveryAxis) -> Self {
        match strip {
            DiscoveryAxis::Layers => Self::Layers,
            DiscoveryAxis::Sparsities(_) => Self::Sparsities,
        }
    }
}

/// What is found along a strip, of one experiment.
#[derive(Debug, Clone, Default)]
pub struct Spots {
    /// The experiment.
    pub experiment: Option<Arc<Experiment>>,
    /// What was found so far, in the order of the strip.
    pub found: Vec<Arc<DiscoveryAt>>,
}

impl Spots {
    /// The places so far, in order.
    pub fn places(&self) -> Vec<&AxisPlace> {
        let mut places: Vec<&AxisPlace> = Vec::new();
        for spot in &self.found {
            if !places.contains(&&spot.along) {
                places.push(&spot.along);
            }
        }
        places
    }

    /// What a network finds at a place.
    pub fn get(&self, along: &AxisPlace, side: Side) -> Option<&DiscoveryAt> {
        self.found.iter().map(|spot| &**spot).find(|spot| spot.side == side && spot.along == *along)
    }

    /// Takes in what was found. Places of another experiment go.
    pub fn put(&mut self, experiment: Arc<Experiment>, spot: DiscoveryAt) {
        if self.experiment.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &experiment)) {
            *self = Self { experiment: Some(experiment), found: Vec::new() };
        }
        self.found.push(Arc::new(spot));
    }
}

/// The store of object discovery.
#[derive(Clone, Copy)]
pub struct ObjectDiscovery {
    experiment: RwSignal<Experiment>,
    /// Whether the reader wants objects to be looked for.
    pub wanted: RwSignal<bool>,
    /// Why an experiment's object could not be looked for.
    pub not_sought: RwSignal<Option<(Arc<Experiment>, String)>>,
    /// What the networks see while objects are looked for.
    pub sighting: Answer<DiscoveryView>,
    /// The object that the dense network finds.
    pub dense: Answer<Discovered>,
    /// The object that the pruned network finds.
    pub pruned: Answer<Discovered>,
    /// What is found at every layer.
    pub at_layers: RwSignal<Spots>,
    /// What is found at some sparsities.
    pub at_sparsities: RwSignal<Spots>,
    /// The strip that is being followed, or waits for it.
    pub following: RwSignal<Option<Following>>,
    /// The pictures on which objects are being looked for, or wait for it.
    pub locating: RwSignal<Option<EvaluationSet>>,
    /// How often objects are found.
    pub located: Answer<Located>,
}

impl ObjectDiscovery {
    /// Not asked for.
    pub fn new(experiment: RwSignal<Experiment>) -> Self {
        Self {
            experiment,
            wanted: RwSignal::new(false),
            not_sought: RwSignal::new(None),
            sighting: RwSignal::new(None),
            dense: RwSignal::new(None),
            pruned: RwSignal::new(None),
            at_layers: RwSignal::new(Spots::default()),
            at_sparsities: RwSignal::new(Spots::default()),
            following: RwSignal::new(None),
            locating: RwSignal::new(None),
            located: RwSignal::new(None),
        }
    }

    /// The object that a network finds.
    pub fn found(self, side: Side) -> Answer<Discovered> {
        match side {
            Side::Dense => self.dense,
            Side::Pruned => self.pruned,
        }
    }

    /// The spots of a strip.
    pub fn spots(self, strip: Following) -> RwSignal<Spots> {
        match strip {
            Following::Layers => self.at_layers,
            Following::Sparsities => self.at_sparsities,
        }
    }

    /// Whether what is shown is of the present experiment. Follows the signals.
    pub fn is_present(self) -> bool {
        let present = self.experiment.get();
        self.pruned.with(|answer| answer.as_ref().is_some_and(|answer| answer.experiment.same_objects(&present)))
    }

    /// Nothing is followed or located any more.
    pub fn rest(self) {
        if self.following.get_untracked().is_some() {
            self.following.set(None);
        }
        if self.locating.get_untracked().is_some() {
            self.locating.set(None);
        }
    }
}
