//! Looks for objects: on the picture while the reader wants to see it, along strips and on many pictures when asked for.

use std::sync::Arc;

use leptos::prelude::*;

use super::Flight;
use crate::state::{Following, Lab};
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{Album, Request, Strip};

impl From<&Strip> for Following {
    fn from(strip: &Strip) -> Self {
        match strip {
            Strip::Layers => Self::Layers,
            Strip::Sparsities(_) => Self::Sparsities,
        }
    }
}

impl Lab {
    /// Looks for the object, or stops to. Asking again repeats a look that was stopped.
    pub fn discover(self, open: bool) {
        self.discovering.set(open);
        if open {
            let there = self.pruned.discovered.with_untracked(|answer| answer.as_ref().map(|answer| answer.experiment.clone()));
            self.session.update_value(|session| session.sought = there);
            self.flush();
        }
    }

    /// Looks for the object along a strip.
    pub fn follow(self, strip: Strip) {
        self.following.set(Some((&strip).into()));
        self.session.update_value(|session| session.strip = Some(strip));
        self.flush();
    }

    /// Looks for objects on many pictures.
    pub fn locate(self, album: Album) {
        self.locating.set(Some(album));
        self.session.update_value(|session| session.album = Some(album));
        self.flush();
    }

    /// Takes up an experiment that looks for objects otherwise and is the same in everything else: the maps stay, and what else waits goes on.
    pub(super) fn seek_otherwise(self, after: Experiment) {
        let superseded = self.session.try_update_value(|session| {
            if let Some((_, good)) = session.good.as_mut().filter(|(_, good)| good.same_maps(&after)) {
                *good = Arc::new(after.clone());
            }
            let seeks = |flight: &&Flight| flight.work.seeks() && flight.experiment.discovery != after.discovery;
            let job = session.flight.as_ref().filter(seeks).map(|flight| flight.job);
            if job.is_some() {
                session.flight = None;
            }
            job
        });
        self.forget_objects();
        self.experiment.set(after);
        if let Some(Some(job)) = superseded {
            self.send(&Request::Cancel { job });
            self.idle();
        }
        self.flush();
    }

    /// Drops strips and pictures that wait.
    pub(super) fn forget_objects(self) {
        self.session.update_value(|session| (session.strip, session.album) = (None, None));
        if self.following.get_untracked().is_some() {
            self.following.set(None);
        }
        if self.locating.get_untracked().is_some() {
            self.locating.set(None);
        }
    }
}
