//! Layer features: what the layers of both networks compute on the picture.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_protocol::LayerView;

/// Features of layers, each with the experiment they were computed for.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    views: HashMap<(Side, String), (Arc<Experiment>, Arc<LayerView>)>,
}

impl Layers {
    /// A layer's features, with the experiment they were computed for.
    pub fn get(&self, side: Side, tap: &str) -> Option<(Arc<Experiment>, Arc<LayerView>)> {
        self.views.get(&(side, tap.into())).cloned()
    }

    /// Takes in a layer's features. Layers of another network go.
    pub fn put(&mut self, experiment: Arc<Experiment>, view: LayerView) {
        self.views.retain(|_, (old, _)| old.model == experiment.model);
        self.views.insert((view.side, view.tap.clone()), (experiment, Arc::new(view)));
    }

    /// Whether every layer is of these networks on this picture.
    pub fn is_of(&self, experiment: &Experiment) -> bool {
        !self.views.is_empty() && self.views.values().all(|(old, _)| old.same_networks(experiment))
    }
}

/// The store of layer features.
#[derive(Clone, Copy)]
pub struct LayerFeatures {
    /// Whether the reader wants to see them.
    pub wanted: RwSignal<bool>,
    /// What is known.
    pub views: RwSignal<Layers>,
}

impl LayerFeatures {
    /// Not asked for.
    pub fn new() -> Self {
        Self { wanted: RwSignal::new(false), views: RwSignal::new(Layers::default()) }
    }
}
