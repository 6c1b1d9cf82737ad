//! The end of tasks: what is over, what is dropped before its turn, and what is put back.

use std::sync::Arc;

use leptos::prelude::*;

use super::queue::Work;
use super::swept::sweep_over;
use crate::stores::Stores;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;

/// Drops the tasks that wait. What is in flight goes on until something supersedes it.
pub(super) fn forget_tasks(stores: Stores) {
    stores.session.update_value(|session| {
        session.measures.clear();
        session.agree = false;
        session.asked.comparison = None;
        session.asked.odd = None;
    });
    if stores.people.aligning.with_untracked(Option::is_some) {
        stores.people.aligning.set(None);
    }
    if stores.people.comparing.get_untracked() {
        stores.people.comparing.set(false);
    }
    forget_objects(stores);
    if stores.agreement.waiting.get_untracked() {
        stores.agreement.waiting.set(false);
    }
    if !stores.measures.waiting.with_untracked(Vec::is_empty) {
        stores.measures.waiting.set(Vec::new());
    }
}

/// Drops strips and pictures that wait to be looked at for objects.
pub(super) fn forget_objects(stores: Stores) {
    stores.session.update_value(|session| (session.strip, session.album) = (None, None));
    stores.objects.rest();
}

/// Puts back what a run of the same experiment is about to supersede.
pub(super) fn keep_measures(stores: Stores, experiment: &Experiment) {
    let still = stores.measures.waiting.get_untracked();
    stores.session.update_value(|session| {
        if let Some(Work::Measure(measures)) = session.flight.as_ref().filter(|f| f.experiment.same_maps(experiment)).map(|f| &f.work) {
            let unfinished: Vec<Measure> = measures.iter().copied().filter(|measure| still.contains(measure)).collect();
            session.measures.splice(0..0, unfinished);
        }
    });
}

/// Takes in that a task is over, in whatever way.
pub(super) fn task_over(stores: Stores, work: &Work, experiment: Arc<Experiment>) {
    match work {
        Work::Run => {}
        Work::Examine => stores.session.update_value(|session| session.examined = Some(experiment)),
        Work::Agree => stores.agreement.waiting.set(false),
        Work::Discover => stores.session.update_value(|session| session.sought = Some(experiment)),
        Work::Follow(_) => stores.objects.following.set(None),
        Work::Locate(_) => stores.objects.locating.set(None),
        Work::Sweep(wait) => sweep_over(stores, wait),
        Work::Align(_) => stores.people.aligning.set(None),
        Work::Odd(_) => stores.people.comparing.set(false),
        Work::Look => stores.session.update_value(|session| session.layers_shown = Some(experiment)),
        Work::Measure(measures) => stores.measures.waiting.update(|waiting| waiting.retain(|measure| !measures.contains(measure))),
    }
}
