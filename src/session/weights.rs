//! Weights of the reader's own: handing a file to the engine, and what comes of it. They stay until the page is reloaded.

use leptos::prelude::*;
use web_sys::{File, Url};

use super::engine::send_beside;
use super::queue::OwnFile;

use crate::stores::Stores;
use crate::stores::own_weights::OwnState;
use sweetspot_core::experiment::{Experiment, OWN};
use sweetspot_protocol::OpenWeights;

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
    let task = stores.session.with_value(|session| {
        let file = session.files.pending.as_ref().or(session.files.kept.as_ref())?;
        Some(OpenWeights { name: file.name.clone(), address: file.address.clone(), wanted: None })
    });
    if let Some(task) = task {
        send_beside(stores, task.into());
    }
}

/// Remembers the experiment of a link until its file is opened.
pub fn await_weights(stores: Stores, experiment: &Experiment) {
    if experiment.model.starts_with(OWN) {
        stores.session.update_value(|session| session.files.awaited = Some(experiment.clone()));
    }
}
