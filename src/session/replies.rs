//! What the engine says: what each reply means, and starting it again when it has stopped.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::engine::start_engine;
use super::fitting::fitted;
use super::people::send_people;
use super::runs::{adopt, cancel, change, fail, flush, go_back};
use super::tasks::{self, Stamp, Then};
use super::waiting::task_over;
use super::weights::send_weights;
use crate::address::Commit;
use crate::engine_client::Event;
use crate::stores::Stores;
use crate::stores::engine_status::{EngineState, Progress};
use crate::stores::stamped::BEFOREHAND;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{DeviceChoice, Experiment};
use sweetspot_protocol::{Explain, Explained, Finding, JobId, Reply, Task};

/// Runs that take no longer than this many milliseconds are let finish before the next one.
const QUICK: f64 = 350.0;

/// Starts the first engine, and listens to it and to those that may follow.
pub fn begin(stores: Stores) {
    stores.session.update_value(|session| session.listener = Some(Rc::new(move |worker, event| on_event(stores, worker, event))));
    start_engine(stores, stores.experiment.with_untracked(|experiment| experiment.device));
}

fn on_event(stores: Stores, worker: u32, event: Event) {
    if stores.session.with_value(|session| session.worker) != worker {
        return;
    }
    match event {
        Event::Reply(reply) => on_reply(stores, reply),
        Event::Arriving(done, total) => stores.engine.arriving.set(Some((done, total))),
        Event::Arrived => stores.engine.arriving.set(None),
        Event::Broken(reason) => recover(stores, reason, false),
    }
}

/// Starts the engine again, once; the second time it stays down and says so.
fn recover(stores: Stores, reason: String, gpu_lost: bool) {
    stores.engine.idle();
    let again = stores.session.try_update_value(|session| {
        session.restarts += 1;
        session.restarts == 1
    });
    if again != Some(true) {
        // The client is dropped in a later turn: its callback may be what is running now.
        set_timeout(move || stores.session.update_value(|session| session.client = None), Duration::ZERO);
        stores.session.update_value(|session| (session.ready, session.worker) = (false, session.worker + 1));
        // What has just failed twice is not what to try again with.
        go_back(stores);
        return stores.engine.state.set(EngineState::Down(reason));
    }
    let device = if gpu_lost { DeviceChoice::Cpu } else { stores.experiment.with_untracked(|experiment| experiment.device) };
    let how = if gpu_lost { " on the CPU" } else { "" };
    stores.engine.restarted.set(Some(format!("The engine stopped ({reason}) and was started again{how}.")));
    stores.engine.state.set(EngineState::Starting);
    set_timeout(move || start_engine(stores, device), Duration::ZERO);
}

fn on_reply(stores: Stores, reply: Reply) {
    let Some(reply) = beside(stores, reply) else { return };
    match reply {
        Reply::Ready(report) => {
            stores.engine.state.set(EngineState::Ready(report));
            stores.session.update_value(|session| session.ready = true);
            send_weights(stores);
            send_people(stores);
            flush(stores);
        }
        Reply::Progress { job, stage, done, total } => {
            if flying(stores, job).is_some() {
                stores.engine.progress.set(Some(Progress { stage, done, total }));
            }
        }
        Reply::Found { job, finding } => {
            if let Some((task, experiment)) = flying(stores, job) {
                stores.session.update_value(|session| session.flight.iter_mut().for_each(|flight| flight.shown = true));
                follow(stores, tasks::found(stores, &task, &Stamp { job, experiment }, finding));
            }
        }
        Reply::Done { job, millis } => {
            if let Some((task, experiment)) = flying(stores, job) {
                landed(stores, job, &task, experiment, millis);
            }
        }
        Reply::Settled { pass_millis } => stores.engine.pace.set(Some(pass_millis)),
        Reply::Failed { job: None, error: error @ Error::Device { .. } } => recover(stores, error.to_string(), true),
        Reply::Failed { job: None, error } if !stores.session.with_value(|session| session.ready) => {
            recover(stores, error.to_string(), false)
        }
        Reply::Failed { job: None, error } => fail(stores, &error),
        Reply::Failed { job: Some(job), error } => match flying(stores, job) {
            None => {}
            Some(_) if error == Error::Cancelled => cancel(stores),
            Some((task, _)) if matches!(*task, Task::Explain(_)) => fail(stores, &error),
            Some((task, experiment)) => {
                // The run it belongs to is answered and stays.
                tasks::failed(stores, &task, &Stamp { job, experiment: experiment.clone() }, &error);
                stores.session.update_value(|session| session.flight = None);
                task_over(stores, &task, experiment);
                stores.engine.idle();
                flush(stores);
            }
        },
    }
}

/// Takes a reply to a task that ends nothing; gives back any other.
fn beside(stores: Stores, reply: Reply) -> Option<Reply> {
    let (job, ended) = match &reply {
        Reply::Progress { job, .. } | Reply::Found { job, .. } => (*job, false),
        Reply::Done { job, .. } | Reply::Failed { job: Some(job), .. } => (*job, true),
        _ => return Some(reply),
    };
    let Some(task) = stores.session.with_value(|session| session.beside.get(&job).cloned()) else { return Some(reply) };
    let stamp = Stamp { job, experiment: Arc::new(stores.experiment.get_untracked()) };
    match reply {
        Reply::Progress { stage, done, total, .. } => tasks::progress(stores, &task, stage, done, total),
        Reply::Found { finding, .. } => follow(stores, tasks::found(stores, &task, &stamp, finding)),
        Reply::Failed { error, .. } => tasks::failed(stores, &task, &stamp, &error),
        _ => {}
    }
    if ended {
        stores.session.update_value(|session| drop(session.beside.remove(&job)));
        tasks::over(stores, &task);
    }
    None
}

/// Does what follows from a part of an answer.
fn follow(stores: Stores, then: Then) {
    match then {
        Then::Nothing => {}
        Then::Open(experiment) => {
            let experiment = fitted(stores, *experiment);
            stores.address.show(&experiment, Commit::Done("network"));
            adopt(stores, experiment);
        }
        Then::Network(id) => change(stores, Commit::Done("network"), |experiment| experiment.model = id),
    }
}

/// Takes in an answer that was computed beforehand.
pub fn found_beforehand(stores: Stores, experiment: &Arc<Experiment>, parts: Vec<Explained>) {
    let task = Explain { experiment: (**experiment).clone() }.into();
    let stamp = Stamp { job: BEFOREHAND, experiment: experiment.clone() };
    for part in parts {
        tasks::found(stores, &task, &stamp, Finding::Explain(part));
    }
}

/// Takes in that the job in flight was answered in full.
fn landed(stores: Stores, job: JobId, task: &Task, experiment: Arc<Experiment>, millis: f64) {
    task_over(stores, task, experiment.clone());
    let is_run = matches!(*task, Task::Explain(_));
    let more = stores.session.try_update_value(|session| {
        if is_run {
            session.quick = millis <= QUICK;
            session.good = Some((job, experiment));
        }
        session.flight = None;
        session.wanted
    });
    stores.engine.progress.set(None);
    stores.engine.running.set(more == Some(true));
    if is_run {
        stores.answers.finished.set(job);
    }
    flush(stores);
}

/// The job in flight, if it is this one: what it does, for which experiment.
fn flying(stores: Stores, job: JobId) -> Option<(Rc<Task>, Arc<Experiment>)> {
    stores.session.with_value(|session| session.flying(job))
}
