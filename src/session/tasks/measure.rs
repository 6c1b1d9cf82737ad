//! Attribution measures that need the network, of the maps that are on the screen.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{MeasureMaps, Measured};

impl Shown for MeasureMaps {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: Measured) -> Then {
        stores.measures.take(&stamp.experiment, finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.measures.waiting.update(|waiting| waiting.retain(|measure| !self.measures.contains(measure)));
    }

    fn dropped(stores: Stores) {
        if !stores.measures.waiting.with_untracked(Vec::is_empty) {
            stores.measures.waiting.set(Vec::new());
        }
    }
}
