//! How often objects are found, over many pictures.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{CountCorLoc, Located};

impl Shown for CountCorLoc {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: Located) -> Then {
        stamp.put(stores.objects.located, finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.objects.locating.set(None);
    }

    fn dropped(stores: Stores) {
        stores.objects.rest();
    }
}
