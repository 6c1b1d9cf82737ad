//! Objects on the picture: looked for as long as their panel is open, again for every network, picture and way to look.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{Discover, DiscoverFinding};

impl Shown for Discover {
    const STANDING: bool = true;

    fn standing(stores: Stores, experiment: &Experiment) -> Option<Self> {
        let wanted = stores.objects.wanted.get_untracked();
        let done = stores.session.with_value(|session| session.is_done("Discover", |done| done.same_objects(experiment)));
        (wanted && !done).then(|| Self { experiment: experiment.clone() })
    }

    fn found(&self, stores: Stores, stamp: &Stamp, finding: DiscoverFinding) -> Then {
        match finding {
            DiscoverFinding::DiscoveryView(sighting) => stamp.put(stores.objects.sighting, sighting),
            DiscoverFinding::Discovered(found) => stamp.put(stores.objects.found(found.side), *found),
        }
        Then::Nothing
    }

    /// Said where the answer would stand.
    fn failed(&self, stores: Stores, stamp: &Stamp, error: &Error) {
        stores.objects.not_sought.set(Some((stamp.experiment.clone(), error.to_string())));
    }
}
