//! What is done next. The newest value wins: a change asks for a run at the next frame; runs that take less time than a hand needs are let
//! finish first, so that results follow a dragged control, and longer ones are superseded at once. When a run fails, the controls go back to
//! the experiment that is on the screen.
//!
//! The engine does one thing at a time. A run goes before everything else; tasks are sent when the run they belong to is answered, one
//! after the other.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::engine::{send, send_work, start_engine};
use super::fitting::entailed;
use super::queue::{Flight, Session};
use super::swept::{forget_sweeps, sweep_task};
use super::tasks::{rank, seeks, standing};
use super::waiting::{forget_objects, forget_tasks, keep_measures, note_done};
use crate::address::Commit;
use crate::assets;
use crate::stores::Stores;
use crate::stores::catalogue::not_in_gallery;
use crate::stores::pictures::somebody_elses;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Attribution, DeviceChoice, Experiment, ImageRef};
use sweetspot_core::pruning::Criterion;
use sweetspot_protocol::{Explain, JobId, Picture, Request, Task};

/// How long a quick run is waited for.
const PATIENCE: Duration = Duration::from_millis(700);

/// Changes the experiment, shows it in the address and asks for its results.
pub fn change(stores: Stores, commit: Commit, edit: impl FnOnce(&mut Experiment)) {
    let before = stores.experiment.get_untracked();
    let mut after = before.clone();
    edit(&mut after);
    let after = entailed(stores, &before, after);
    stores.address.show(&after, commit);
    if after != before {
        adopt(stores, after);
    }
}

/// Ends the running job and forgets the waiting ones; what is on the screen stays.
pub fn cancel(stores: Stores) {
    let flight = stores.session.try_update_value(|session| {
        session.wanted = false;
        session.flight.take()
    });
    let flight = flight.flatten();
    if let Some(Flight { job, task, experiment, .. }) = flight {
        note_done(stores, &task, experiment);
        send(stores, &Request::Cancel { job });
    }
    forget_tasks(stores);
    forget_sweeps(stores);
    stores.engine.idle();
}

/// Asks for the present experiment's results at the next frame.
pub fn ask(stores: Stores) {
    let asked = stores.session.try_update_value(|session| {
        session.wanted = true;
        (std::mem::replace(&mut session.frame_asked, true), session.ready)
    });
    if asked.is_some_and(|(_, ready)| ready) {
        stores.engine.running.set(true);
    }
    if asked.is_some_and(|(before, _)| !before) {
        request_animation_frame(move || {
            stores.session.update_value(|session| session.frame_asked = false);
            flush(stores);
        });
    }
}

/// Starts over on the CPU, after the engine has given up.
pub fn retry_on_cpu(stores: Stores) {
    stores.session.update_value(|session| session.restarts = 0);
    stores.engine.restarted.set(None);
    start_engine(stores, DeviceChoice::Cpu);
}

/// The gallery and the cards are there, or will not come: runs can be sent.
pub fn assets_came(stores: Stores) {
    stores.session.update_value(|session| session.assets = true);
    flush(stores);
}

/// Takes up an experiment that the address shows already.
pub fn adopt(stores: Stores, after: Experiment) {
    let device = stores.experiment.with_untracked(|experiment| experiment.device);
    let (wish, changed) = (after.device, after.device != device);
    if stores.experiment.with_untracked(|before| before.same_maps(&after)) {
        return seek_otherwise(stores, after);
    }
    forget_tasks(stores);
    stores.experiment.set(after);
    if changed {
        stores.session.update_value(|session| session.restarts = 0);
        stores.engine.restarted.set(None);
        start_engine(stores, wish);
    }
    ask(stores);
}

/// Takes up an experiment that looks for objects otherwise and is the same in everything else: the maps stay, and what else waits goes on.
fn seek_otherwise(stores: Stores, after: Experiment) {
    let superseded = stores.session.try_update_value(|session| {
        if let Some((_, good)) = session.good.as_mut().filter(|(_, good)| good.same_maps(&after)) {
            *good = Arc::new(after.clone());
        }
        let seeks = |flight: &&Flight| seeks(&flight.task) && flight.experiment.discovery != after.discovery;
        let job = session.flight.as_ref().filter(seeks).map(|flight| flight.job);
        if job.is_some() {
            session.flight = None;
        }
        job
    });
    forget_objects(stores);
    stores.experiment.set(after);
    if let Some(Some(job)) = superseded {
        send(stores, &Request::Cancel { job });
        stores.engine.idle();
    }
    flush(stores);
}

/// Says what went wrong with a run and goes back to the experiment that is on the screen. A method or criterion that the network does
/// not offer gives way to the usual one instead.
pub(super) fn fail(stores: Stores, error: &Error) {
    stores.engine.idle();
    let present = stores.experiment.get_untracked();
    if let Error::Absent { id, method: title, reason } = error {
        let mut after = present.clone();
        let usual = if present.attribution.method.id() == id && present.attribution.method != Method::GradCam {
            after.attribution = Attribution::new(Method::GradCam);
            Some("Grad-CAM is shown")
        } else if present.pruning.criterion.id() == id {
            after.pruning.choose(Criterion::Magnitude);
            Some("Magnitude is used")
        } else {
            None
        };
        if let Some(usual) = usual {
            stores.messages.say(format!("{title} cannot be had on this network: {reason}. {usual} instead."));
            stores.session.update_value(|session| session.flight = None);
            stores.address.show(&after, Commit::Replace);
            return adopt(stores, after);
        }
    }
    stores.messages.say(error.to_string());
    go_back(stores);
}

/// Goes back to the experiment that is on the screen, or to the default one before there is any.
pub(super) fn go_back(stores: Stores) {
    let state = stores.session.try_update_value(|session| {
        let shown = session.flight.take().is_some_and(|flight| flight.shown);
        (session.opened, session.opening, session.wanted) = (None, None, false);
        (shown, session.good.clone())
    });
    let Some((shown, good)) = state else { return };
    forget_tasks(stores);
    let failed = stores.experiment.get_untracked();
    let mut back = good.as_ref().map_or_else(|| stores.catalogue.default_experiment(), |(_, experiment)| (**experiment).clone());
    back.device = failed.device;
    if let ImageRef::Own(hash) = &failed.image
        && failed.image != back.image
    {
        stores.own_pictures.forget(hash);
    }
    if let Some((job, _)) = good {
        stores.answers.latest.set(job);
    }
    if (good.is_none() && back != failed) || shown {
        ask(stores);
    }
    stores.address.show(&back, Commit::Replace);
    stores.experiment.set(back);
}

/// Sends what is to be done next, if everything it needs is there.
pub(super) fn flush(stores: Stores) {
    enum Next {
        Nothing,
        Wait,
        Run,
        Open,
        Task,
    }
    let experiment = stores.experiment.get_untracked();
    let now = js_sys::Date::now();
    let next = stores.session.try_update_value(|session| {
        if !(session.ready && session.assets) {
            return Next::Nothing;
        }
        if !session.wanted {
            // A sweep can go on later, so that everything else goes before it.
            let free = session.flight.is_none() || session.is_sweeping();
            return if free { Next::Task } else { Next::Nothing };
        }
        let patience = PATIENCE.as_secs_f64() * 1000.0;
        let running = session.flight.as_ref().filter(|flight| matches!(*flight.task, Task::Explain(_)));
        if session.quick && running.is_some_and(|flight| now - flight.started < patience) {
            return if std::mem::replace(&mut session.timer_set, true) { Next::Nothing } else { Next::Wait };
        }
        // Scenes are the engine's own.
        let scene = matches!(experiment.image, ImageRef::Scene(_));
        if scene || session.opened.as_ref() == Some(&experiment.image) {
            session.wanted = false;
            Next::Run
        } else if session.opening.as_ref() == Some(&experiment.image) {
            Next::Nothing
        } else {
            session.opening = Some(experiment.image.clone());
            Next::Open
        }
    });
    match next {
        None | Some(Next::Nothing) => {}
        Some(Next::Wait) => set_timeout(
            move || {
                stores.session.update_value(|session| session.timer_set = false);
                flush(stores);
            },
            PATIENCE,
        ),
        Some(Next::Run) => {
            keep_measures(stores, &experiment);
            let task = Explain { experiment: experiment.clone() };
            if let Some(job) = launch(stores, task.into(), experiment) {
                stores.answers.latest.set(job);
            }
        }
        Some(Next::Open) => {
            stores.engine.running.set(true);
            spawn_local(async move { open(stores, experiment.image).await });
        }
        Some(Next::Task) => next_task(stores, experiment),
    }
}

/// Sends the next task of an experiment that is answered, if there is one.
fn next_task(stores: Stores, experiment: Experiment) {
    let answered = stores.session.with_value(|session| session.good.as_ref().is_some_and(|(_, good)| good.same_maps(&experiment)));
    if !answered {
        return;
    }
    let waiting = |session: &mut Session| {
        let first = (0..session.waiting.len()).min_by_key(|at| rank(&session.waiting[*at]))?;
        Some(session.waiting.remove(first))
    };
    if let Some(task) = standing(stores, &experiment).or_else(|| stores.session.try_update_value(waiting).flatten()) {
        launch(stores, task, experiment);
        return;
    }
    // A sweep that is running stays so unless there is something else.
    let sweep = stores.session.with_value(|session| session.sweeps.first().filter(|_| session.flight.is_none()).cloned());
    if let Some(wait) = sweep {
        let task = sweep_task(stores, &wait);
        stores.session.update_value(|session| session.sweeping = Some(wait));
        launch(stores, task, experiment);
    }
}

/// Sends a job, which supersedes the one in flight.
fn launch(stores: Stores, mut task: Task, experiment: Experiment) -> Option<JobId> {
    if let Some(own) = task.experiment_mut() {
        own.clone_from(&experiment);
    }
    stores.engine.running.set(true);
    stores.engine.progress.set(None);
    let (job, task) = send_work(stores, task)?;
    let (started, experiment) = (js_sys::Date::now(), Arc::new(experiment));
    stores.session.update_value(|session| session.flight = Some(Flight { job, started, experiment, task, shown: false }));
    Some(job)
}

/// Fetches a picture and hands it to the engine, unless another one is wanted by then.
async fn open(stores: Stores, image: ImageRef) {
    let worker = stores.session.with_value(|session| session.worker);
    let picture = picture(stores, &image).await;
    let wanted = stores.session.try_update_value(|session| {
        let wanted = session.opening.as_ref() == Some(&image) && session.worker == worker;
        if wanted || session.worker != worker {
            session.opening = None;
        }
        wanted
    });
    match picture {
        Ok(picture) if wanted == Some(true) => {
            send(stores, &Request::Open(picture));
            stores.session.update_value(|session| session.opened = Some(image));
        }
        Err(error) if wanted == Some(true) => fail(stores, &error),
        _ => {}
    }
    flush(stores);
}

async fn picture(stores: Stores, image: &ImageRef) -> Result<Picture> {
    match image {
        ImageRef::Gallery(id) => {
            let photo = stores.catalogue.gallery.with_untracked(|gallery| gallery.iter().find(|photo| photo.id == *id).cloned());
            assets::picture(&photo.ok_or_else(|| not_in_gallery(id))?).await
        }
        ImageRef::Own(hash) => stores.own_pictures.get(hash).ok_or_else(somebody_elses),
        ImageRef::Scene(index) => Err(not_in_gallery(&index.to_string())),
    }
}
