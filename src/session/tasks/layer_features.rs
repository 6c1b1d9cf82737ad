//! Layer features: shown as long as their panel is open, again for every network and picture.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{LayerView, ShowFeatures};

impl Shown for ShowFeatures {
    const STANDING: bool = true;

    fn standing(stores: Stores, experiment: &Experiment) -> Option<Self> {
        let wanted = stores.layers.wanted.get_untracked();
        let done = stores.session.with_value(|session| session.is_done("ShowFeatures", |done| done.same_networks(experiment)));
        (wanted && !done).then(|| Self { experiment: experiment.clone() })
    }

    fn found(&self, stores: Stores, stamp: &Stamp, finding: LayerView) -> Then {
        stores.layers.views.update(|layers| layers.put(stamp.experiment.clone(), finding));
        Then::Nothing
    }
}
