//! Weights of the reader's own: they stay until the page is reloaded.

use std::sync::Arc;

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::assets::card_of_own;
use crate::stores::Stores;
use crate::stores::own_weights::OwnState;
use sweetspot_core::card::Card;
use sweetspot_core::error::Error;
use sweetspot_protocol::{OpenWeights, OwnWeights, Stage};

/// Whether this is the file that is waited for, or was read before the engine was started again.
fn is_current(stores: Stores, task: &OpenWeights) -> bool {
    stores.session.with_value(|session| {
        let file = session.files.pending.as_ref().or(session.files.kept.as_ref());
        file.is_some_and(|file| file.address == task.address)
    })
}

impl Shown for OpenWeights {
    fn progress(&self, stores: Stores, _: Stage, done: u64, total: u64) {
        let pending = stores.session.with_value(|session| session.files.pending.is_some());
        if pending && is_current(stores, self) {
            stores.own_weights.state.set(OwnState::Reading(self.name.clone(), done, total));
        }
    }

    fn found(&self, stores: Stores, _: &Stamp, finding: Box<OwnWeights>) -> Then {
        if !is_current(stores, self) {
            return Then::Nothing;
        }
        let found = *finding;
        let state = stores.session.try_update_value(|session| {
            let new = session.files.pending.take();
            let again = new.is_none();
            session.files.kept = new.or(session.files.kept.take());
            (again, session.files.awaited.take_if(|awaited| awaited.model == found.id))
        });
        let Some((again, awaited)) = state else { return Then::Nothing };
        let id = found.id.clone();
        let like = stores.catalogue.networks.with_untracked(|cards| {
            let same = |card: &&Card| card.architecture == found.architecture && card.classes == found.classes;
            cards.iter().find(same).cloned()
        });
        stores.catalogue.networks.update(|cards| {
            cards.retain(|card| !card.is_own());
            cards.push(card_of_own(&found, like));
        });
        stores.own_weights.state.set(OwnState::Found(Arc::new(found)));
        match awaited {
            _ if again => Then::Nothing,
            Some(experiment) => Then::Open(Box::new(experiment)),
            None => Then::Network(id),
        }
    }

    fn failed(&self, stores: Stores, _: &Stamp, error: &Error) {
        if is_current(stores, self) {
            stores.session.update_value(|session| session.files.pending = None);
            stores.own_weights.state.set(OwnState::Failed(error.to_string()));
        }
    }
}
