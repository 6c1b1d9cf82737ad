//! Both networks beside people.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{Align, AlignFinding};

impl Shown for Align {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: AlignFinding) -> Then {
        match finding {
            AlignFinding::Both(aligned) => stamp.put(stores.people.aligned, *aligned),
            AlignFinding::At(at) => stores.people.take_aligned_at(stamp.experiment.clone(), at),
        }
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.people.aligning.set(None);
    }

    fn dropped(stores: Stores) {
        if stores.people.aligning.with_untracked(Option::is_some) {
            stores.people.aligning.set(None);
        }
    }
}
