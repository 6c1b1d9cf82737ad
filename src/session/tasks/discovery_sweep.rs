//! Objects along a strip: layer by layer, or sparsity by sparsity.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{DiscoverySweepFinding, SweepDiscovery};

impl Shown for SweepDiscovery {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: DiscoverySweepFinding) -> Then {
        match finding {
            DiscoverySweepFinding::DiscoveryView(sighting) => stamp.put(stores.objects.sighting, sighting),
            DiscoverySweepFinding::DiscoveryAt(spot) => {
                stores.objects.spots((&self.strip).into()).update(|spots| spots.put(stamp.experiment.clone(), spot));
            }
        }
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.objects.following.set(None);
    }

    fn dropped(stores: Stores) {
        stores.objects.rest();
    }
}
