//! Looks for objects: on the picture while the reader wants to see it, along strips and on many pictures when asked for.

use leptos::prelude::*;

use super::runs::flush;
use crate::stores::Stores;
use sweetspot_protocol::{CountCorLoc, DiscoveryAxis, EvaluationSet, SweepDiscovery};

/// Looks for the object, or stops to. Asking again repeats a look that was stopped.
pub fn discover(stores: Stores, open: bool) {
    stores.objects.wanted.set(open);
    if open {
        let there = stores.objects.pruned.with_untracked(|answer| answer.as_ref().map(|answer| answer.experiment.clone()));
        stores.session.update_value(|session| session.set_done("Discover", there));
        flush(stores);
    }
}

/// Looks for the object along a strip.
pub fn follow(stores: Stores, strip: DiscoveryAxis) {
    stores.objects.following.set(Some((&strip).into()));
    let experiment = stores.experiment.get_untracked();
    stores.session.update_value(|session| session.wait_for(SweepDiscovery { experiment, strip }.into()));
    flush(stores);
}

/// Looks for objects on many pictures.
pub fn locate(stores: Stores, set: EvaluationSet) {
    stores.objects.locating.set(Some(set));
    let experiment = stores.experiment.get_untracked();
    stores.session.update_value(|session| session.wait_for(CountCorLoc { experiment, set }.into()));
    flush(stores);
}
