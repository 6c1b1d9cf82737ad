//! Weights of the reader's own: handing a file to the engine, and what comes of it. They stay until the page is reloaded.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{File, Url};

use super::engine::send;
use super::fitting::fitted;
use super::queue::OwnFile;
use super::runs::{adopt, change};

use crate::address::Commit;
use crate::assets::card_of_own;
use crate::stores::Stores;
use crate::stores::own_weights::OwnState;
use sweetspot_core::card::Card;
use sweetspot_core::experiment::{Experiment, OWN};
use sweetspot_protocol::{Finding, OwnWeights, Reply, Request};

/// Reads a file of weights.
pub fn open_weights(stores: Stores, file: &File) {
    let Ok(address) = Url::create_object_url_with_blob(file) else {
        return stores.own_weights.state.set(OwnState::Failed("the browser cannot read the file".into()));
    };
    let name = file.name();
    stores.own_weights.state.set(OwnState::Reading(name.clone(), 0, 0));
    let ready = stores.session.try_update_value(|session| {
        session.files.pending = Some(OwnFile { name, address });
        session.ready
    });
    if ready == Some(true) {
        send_weights(stores);
    }
}

/// Hands the engine the file that waits, or after a restart the one it had.
pub(super) fn send_weights(stores: Stores) {
    let request = stores.session.try_update_value(|session| {
        let file = session.files.pending.as_ref().or(session.files.kept.as_ref())?;
        session.last_job += 1;
        session.files.job = session.last_job;
        Some(Request::OpenWeights { job: session.last_job, name: file.name.clone(), address: file.address.clone(), wanted: None })
    });
    if let Some(Some(request)) = request {
        send(stores, &request);
    }
}

/// Remembers the experiment of a link until its file is opened.
pub fn await_weights(stores: Stores, experiment: &Experiment) {
    if experiment.model.starts_with(OWN) {
        stores.session.update_value(|session| session.files.awaited = Some(experiment.clone()));
    }
}

/// Takes a reply that is about weights of the reader's own; gives back any other.
pub(super) fn about_weights(stores: Stores, reply: Reply) -> Option<Reply> {
    let (job, name) =
        stores.session.with_value(|session| (session.files.job, session.files.pending.as_ref().map(|file| file.name.clone())));
    match reply {
        Reply::Progress { job: of, done, total, .. } if of == job => {
            if let Some(name) = name {
                stores.own_weights.state.set(OwnState::Reading(name, done, total));
            }
        }
        Reply::Found { job: of, finding: Finding::OwnWeights(found) } if of == job => take_weights(stores, *found),
        Reply::Failed { job: Some(of), error } if of == job => {
            stores.session.update_value(|session| session.files.pending = None);
            stores.own_weights.state.set(OwnState::Failed(error.to_string()));
        }
        Reply::Done { job: of, .. } if of == job => {}
        other => return Some(other),
    }
    None
}

fn take_weights(stores: Stores, found: OwnWeights) {
    let state = stores.session.try_update_value(|session| {
        let new = session.files.pending.take();
        let again = new.is_none();
        session.files.kept = new.or(session.files.kept.take());
        (again, session.files.awaited.take_if(|awaited| awaited.model == found.id))
    });
    let Some((again, awaited)) = state else { return };
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
    if again {
        return;
    }
    match awaited {
        Some(experiment) => {
            let experiment = fitted(stores, experiment);
            stores.address.show(&experiment, Commit::Done("network"));
            adopt(stores, experiment);
        }
        None => change(stores, Commit::Done("network"), |experiment| experiment.model = id),
    }
}
