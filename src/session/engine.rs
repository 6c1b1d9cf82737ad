//! The way to the engine: starting it, and sending to it.

use std::rc::Rc;

use leptos::prelude::*;

use super::waiting::forget_tasks;
use crate::address;
use crate::engine_client::Client;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_protocol::{JobId, Request, Task};

/// Starts a new engine in place of the one there is. What it says goes to the session's listener.
pub(super) fn start_engine(stores: Stores, device: DeviceChoice) {
    stores.engine.state.set(EngineState::Starting);
    stores.engine.arriving.set(None);
    let worker = stores.session.try_update_value(|session| {
        session.worker += 1;
        (session.client, session.ready, session.opened, session.flight) = (None, false, None, None);
        session.wanted = true;
        session.done.clear();
        session.beside.clear();
        (session.worker, session.listener.clone())
    });
    let Some((worker, listener)) = worker else { return };
    forget_tasks(stores);
    let hear = move |event| {
        if let Some(listener) = &listener {
            listener(worker, event);
        }
    };
    let started = Client::start(hear).and_then(|client| {
        client.send(&Request::Start { device, assets: address::folder() })?;
        Ok(client)
    });
    match started {
        Ok(client) => stores.session.update_value(|session| session.client = Some(client)),
        Err(error) => stores.engine.state.set(EngineState::Down(error.to_string())),
    }
}

/// Sends a request, where there is an engine.
pub(super) fn send(stores: Stores, request: &Request) {
    let sent = stores.session.with_value(|session| session.client.as_ref().map_or(Ok(()), |client| client.send(request)));
    if let Err(error) = sent {
        stores.messages.say(error.to_string());
    }
}

/// Sends a task under a new number. It is answered in a later turn.
pub(super) fn send_work(stores: Stores, task: Task) -> Option<(JobId, Rc<Task>)> {
    let job = stores.session.try_update_value(|session| {
        session.last_job += 1;
        session.last_job
    })?;
    let request = Request::Work { job, task };
    send(stores, &request);
    // Taken out again: a sweep's cells or people's answers are not copied.
    if let Request::Work { task, .. } = request { Some((job, Rc::new(task))) } else { None }
}

/// Sends a task that ends nothing.
pub(super) fn send_beside(stores: Stores, task: Task) {
    if let Some((job, task)) = send_work(stores, task) {
        stores.session.update_value(|session| drop(session.beside.insert(job, task)));
    }
}
