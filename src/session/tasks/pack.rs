//! Packs that the reader opens.

use std::sync::Arc;

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::address::Commit;
use crate::presenting;
use crate::stores::Stores;
use sweetspot_core::error::Error;
use sweetspot_protocol::{OpenPack, PackReport};

impl Shown for OpenPack {
    fn found(&self, stores: Stores, _: &Stamp, finding: Box<PackReport>) -> Then {
        // Another file may have been opened since.
        let file = stores.session.try_update_value(|session| session.pack.opening.take_if(|file| file.address == self.address)).flatten();
        let Some(file) = file else { return Then::Nothing };
        stores.session.update_value(|session| session.pack.open = Some(file));
        stores.people.forget_pictures();
        stores.people.pack_state.set(String::new());
        let hash = finding.sha256.clone();
        stores.people.pack.set(Some(Arc::new(*finding)));
        presenting::present(stores, Commit::Done("pack"), |presentation| presentation.pack = Some(hash));
        Then::Nothing
    }

    fn failed(&self, stores: Stores, _: &Stamp, error: &Error) {
        if stores.session.with_value(|session| session.pack.opening.as_ref().is_some_and(|file| file.address == self.address)) {
            stores.people.pack_state.set(format!("Not opened: {error}."));
        }
    }

    fn over(&self, stores: Stores) {
        stores.session.update_value(|session| drop(session.pack.opening.take_if(|file| file.address == self.address)));
    }
}
