//! The end of tasks: what is dropped before its turn, and what is put back.

use std::sync::Arc;

use leptos::prelude::*;

use super::tasks::{dropped, is_standing, over, seeks};
use crate::stores::Stores;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_protocol::{MeasureMaps, Task};

/// Drops the tasks that wait. What is in flight goes on until something supersedes it.
pub(super) fn forget_tasks(stores: Stores) {
    stores.session.update_value(|session| session.waiting.clear());
    dropped(stores);
}

/// Drops what waits to be looked at for objects.
pub(super) fn forget_objects(stores: Stores) {
    stores.session.update_value(|session| session.waiting.retain(|task| !seeks(task)));
    stores.objects.rest();
}

/// Puts back the measures that a run of the same experiment is about to supersede.
pub(super) fn keep_measures(stores: Stores, experiment: &Experiment) {
    let still = stores.measures.waiting.get_untracked();
    let unfinished = stores.session.with_value(|session| {
        let flight = session.flight.as_ref().filter(|flight| flight.experiment.same_maps(experiment));
        match flight.map(|flight| &*flight.task) {
            Some(Task::MeasureMaps(task)) => task.measures.iter().copied().filter(|measure| still.contains(measure)).collect(),
            _ => Vec::new(),
        }
    });
    want_measures(stores, experiment, unfinished, true);
}

/// Lets measures wait, in front of or behind those that wait already.
pub(super) fn want_measures(stores: Stores, experiment: &Experiment, measures: Vec<Measure>, first: bool) {
    if measures.is_empty() {
        return;
    }
    stores.session.update_value(|session| {
        let waiting = session.waiting.iter_mut().find_map(|task| if let Task::MeasureMaps(task) = task { Some(task) } else { None });
        match waiting {
            Some(task) => {
                let at = if first { 0 } else { task.measures.len() };
                task.measures.splice(at..at, measures);
            }
            None => session.waiting.push(MeasureMaps { experiment: experiment.clone(), measures }.into()),
        }
    });
}

/// Notes that a standing task need not be done again for an experiment.
pub(super) fn note_done(stores: Stores, task: &Task, experiment: Arc<Experiment>) {
    if is_standing(task) {
        stores.session.update_value(|session| drop(session.done.insert(task.kind(), experiment)));
    }
}

/// Takes in that a task is over, in whatever way.
pub(super) fn task_over(stores: Stores, task: &Task, experiment: Arc<Experiment>) {
    note_done(stores, task, experiment);
    over(stores, task);
}
