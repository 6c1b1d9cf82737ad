//! How alike both networks find pictures.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{CompareFeatures, FeatureSimilarity};

impl Shown for CompareFeatures {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: Box<FeatureSimilarity>) -> Then {
        stamp.put(stores.people.alike, *finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.people.comparing.set(false);
    }

    fn dropped(stores: Stores) {
        if stores.people.comparing.get_untracked() {
            stores.people.comparing.set(false);
        }
    }
}
