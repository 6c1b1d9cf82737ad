//! Weights of the reader's own: handing a file to the engine, and what comes of it. They stay until the page is reloaded.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{File, Url};

use crate::address::Commit;
use crate::assets::Card;
use crate::state::{Lab, OwnState};
use sweetspot_core::experiment::{Experiment, OWN};
use sweetspot_protocol::{Finding, JobId, OwnWeights, Reply, Request};

/// A file of the reader's own, where the engine can read it.
#[derive(Debug)]
pub struct OwnFile {
    name: String,
    /// An object URL.
    address: String,
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// Files of weights, and what is known of them.
#[derive(Debug, Default)]
pub struct OwnFiles {
    job: JobId,
    /// The one that is being read.
    pending: Option<OwnFile>,
    /// The one whose network runs; read again by an engine that is started again.
    kept: Option<OwnFile>,
    /// The experiment of a link that needs a file.
    awaited: Option<Experiment>,
}

/// Whether a file holds weights, by its name.
pub fn is_weights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".safetensors", ".pth", ".pt", ".bin", ".ckpt"].iter().any(|ending| name.ends_with(ending))
}

impl Lab {
    /// Reads a file of weights.
    pub fn open_weights(self, file: &File) {
        let Ok(address) = Url::create_object_url_with_blob(file) else {
            return self.own_weights.set(OwnState::Failed("the browser cannot read the file".into()));
        };
        let name = file.name();
        self.own_weights.set(OwnState::Reading(name.clone(), 0, 0));
        let ready = self.session.try_update_value(|session| {
            session.files.pending = Some(OwnFile { name, address });
            session.ready
        });
        if ready == Some(true) {
            self.send_weights();
        }
    }

    /// Hands the engine the file that waits, or after a restart the one it had.
    pub(super) fn send_weights(self) {
        let request = self.session.try_update_value(|session| {
            let file = session.files.pending.as_ref().or(session.files.kept.as_ref())?;
            session.last_job += 1;
            session.files.job = session.last_job;
            Some(Request::OpenWeights { job: session.last_job, name: file.name.clone(), address: file.address.clone(), wanted: None })
        });
        if let Some(Some(request)) = request {
            self.send(&request);
        }
    }

    /// Remembers the experiment of a link until its file is opened.
    pub(crate) fn await_weights(self, experiment: &Experiment) {
        if experiment.model.starts_with(OWN) {
            self.session.update_value(|session| session.files.awaited = Some(experiment.clone()));
        }
    }

    /// Takes a reply that is about weights of the reader's own; gives back any other.
    pub(super) fn about_weights(self, reply: Reply) -> Option<Reply> {
        let (job, name) =
            self.session.with_value(|session| (session.files.job, session.files.pending.as_ref().map(|file| file.name.clone())));
        match reply {
            Reply::Progress { job: of, done, total, .. } if of == job => {
                if let Some(name) = name {
                    self.own_weights.set(OwnState::Reading(name, done, total));
                }
            }
            Reply::Found { job: of, finding: Finding::OwnWeights(found) } if of == job => self.take_weights(*found),
            Reply::Failed { job: Some(of), error } if of == job => {
                self.session.update_value(|session| session.files.pending = None);
                self.own_weights.set(OwnState::Failed(error.to_string()));
            }
            Reply::Done { job: of, .. } if of == job => {}
            other => return Some(other),
        }
        None
    }

    fn take_weights(self, found: OwnWeights) {
        let state = self.session.try_update_value(|session| {
            let new = session.files.pending.take();
            let again = new.is_none();
            session.files.kept = new.or(session.files.kept.take());
            (again, session.files.awaited.take_if(|awaited| awaited.model == found.id))
        });
        let Some((again, awaited)) = state else { return };
        let id = found.id.clone();
        let like = self.networks.with_untracked(|cards| {
            let same = |card: &&Card| card.architecture == found.architecture && card.classes == Some(found.classes);
            cards.iter().find(same).cloned()
        });
        self.networks.update(|cards| {
            cards.retain(|card| !card.is_own());
            cards.push(Card::of_own(&found, like));
        });
        self.own_weights.set(OwnState::Found(Arc::new(found)));
        if again {
            return;
        }
        match awaited {
            Some(experiment) => {
                let experiment = self.fitted(experiment);
                self.session.update_value(|session| session.address.show(&experiment, Commit::Done("network")));
                self.adopt(experiment);
            }
            None => self.change(Commit::Done("network"), |experiment| experiment.model = id),
        }
    }
}
