//! From a change of a control to answers on the screen: what is sent to the engine, when, and what is done with its replies.
//!
//! The newest value wins. A change asks for a run at the next frame; runs that take less time than a hand needs are let finish first, so
//! that results follow a dragged control, and longer ones are superseded at once. When a run fails, the controls go back to the
//! experiment that is on the screen.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::{self, Address, Commit};
use super::assets;
use super::engine_client::{Client, Event};
use super::navigation::{not_in_gallery, somebody_elses};
use super::state::{Answer, EngineState, Lab, Progress, Stamped};
use crate::engine::protocol::{Finding, JobId, Picture, Reply, Request};
use crate::error::{Error, Result};
use crate::experiment::{DeviceChoice, Experiment, ImageRef, Target};

/// Runs that take no longer than this many milliseconds are let finish before the next one.
const QUICK: f64 = 350.0;

/// How long a quick run is waited for.
const PATIENCE: Duration = Duration::from_millis(700);

/// The engine's other end, and what is in flight.
#[derive(Default)]
pub struct Session {
    client: Option<Client>,
    /// Tells the events of this worker from those of the ones before.
    worker: u32,
    restarts: u32,
    ready: bool,
    /// Whether the gallery and the cards are there, or will not come.
    pub(super) assets: bool,
    opened: Option<ImageRef>,
    opening: Option<ImageRef>,
    last_job: JobId,
    flight: Option<Flight>,
    /// Whether a run is to be sent.
    wanted: bool,
    frame_asked: bool,
    timer_set: bool,
    quick: bool,
    /// The last experiment that was answered in full.
    good: Option<(JobId, Arc<Experiment>)>,
    pub(super) address: Address,
}

/// A run that is going on.
struct Flight {
    job: JobId,
    started: f64,
    experiment: Arc<Experiment>,
    /// Whether a part of its answer is on the screen.
    shown: bool,
}

impl Lab {
    /// Changes the experiment, shows it in the address and asks for its results.
    pub fn change(self, commit: Commit, edit: impl FnOnce(&mut Experiment)) {
        let before = self.experiment.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        if after.model != before.model {
            after.attribution.tap = None;
        }
        if after.image != before.image && after.target == Target::Labelled && !self.has_label(&after.image) {
            after.target = Target::Predicted;
        }
        self.session.update_value(|session| session.address.show(&after, commit));
        if after != before {
            self.adopt(after);
        }
    }

    /// Ends the running job; what is on the screen stays.
    pub fn cancel(self) {
        let job = self.session.try_update_value(|session| {
            session.wanted = false;
            session.flight.take().map(|flight| flight.job)
        });
        if let Some(Some(job)) = job {
            self.send(&Request::Cancel { job });
        }
        self.idle();
    }

    /// Asks for the present experiment's results at the next frame.
    pub fn ask(self) {
        let asked = self.session.try_update_value(|session| {
            session.wanted = true;
            (std::mem::replace(&mut session.frame_asked, true), session.ready)
        });
        if asked.is_some_and(|(_, ready)| ready) {
            self.running.set(true);
        }
        if asked.is_some_and(|(before, _)| !before) {
            request_animation_frame(move || {
                self.session.update_value(|session| session.frame_asked = false);
                self.flush();
            });
        }
    }

    /// Starts over on the CPU, after the engine has given up.
    pub fn retry_on_cpu(self) {
        self.session.update_value(|session| session.restarts = 0);
        self.restarted.set(None);
        self.start_engine(DeviceChoice::Cpu);
    }

    /// Takes up an experiment that the address shows already.
    pub(super) fn adopt(self, after: Experiment) {
        let device = self.experiment.with_untracked(|experiment| experiment.device);
        let (wish, changed) = (after.device, after.device != device);
        self.experiment.set(after);
        if changed {
            self.session.update_value(|session| session.restarts = 0);
            self.restarted.set(None);
            self.start_engine(wish);
        }
        self.ask();
    }

    fn has_label(self, image: &ImageRef) -> bool {
        let ImageRef::Gallery(id) = image else { return false };
        self.gallery.with_untracked(|gallery| gallery.iter().any(|photo| photo.id == *id && photo.label.is_some()))
    }

    /// Starts a new engine in place of the one there is.
    pub(super) fn start_engine(self, device: DeviceChoice) {
        self.engine.set(EngineState::Starting);
        let worker = self.session.try_update_value(|session| {
            session.worker += 1;
            (session.client, session.ready, session.opened, session.flight) = (None, false, None, None);
            session.wanted = true;
            session.worker
        });
        let Some(worker) = worker else { return };
        let started = Client::start(move |event| self.on_event(worker, event)).and_then(|client| {
            client.send(&Request::Start { device, assets: address::folder() })?;
            Ok(client)
        });
        match started {
            Ok(client) => self.session.update_value(|session| session.client = Some(client)),
            Err(error) => self.engine.set(EngineState::Down(error.to_string())),
        }
    }

    fn send(self, request: &Request) {
        let sent = self.session.with_value(|session| session.client.as_ref().map_or(Ok(()), |client| client.send(request)));
        if let Err(error) = sent {
            self.say(error.to_string());
        }
    }

    fn on_event(self, worker: u32, event: Event) {
        if self.session.with_value(|session| session.worker) != worker {
            return;
        }
        match event {
            Event::Reply(reply) => self.on_reply(reply),
            Event::Broken(reason) => self.recover(reason, false),
        }
    }

    /// Starts the engine again, once; the second time it stays down and says so.
    fn recover(self, reason: String, gpu_lost: bool) {
        self.idle();
        let again = self.session.try_update_value(|session| {
            session.restarts += 1;
            session.restarts == 1
        });
        if again != Some(true) {
            // The client is dropped in a later turn: its callback may be what is running now.
            set_timeout(move || self.session.update_value(|session| session.client = None), Duration::ZERO);
            self.session.update_value(|session| (session.ready, session.worker) = (false, session.worker + 1));
            // What has just failed twice is not what to try again with.
            self.go_back();
            return self.engine.set(EngineState::Down(reason));
        }
        let device = if gpu_lost { DeviceChoice::Cpu } else { self.experiment.with_untracked(|experiment| experiment.device) };
        let how = if gpu_lost { " on the CPU" } else { "" };
        self.restarted.set(Some(format!("The engine stopped ({reason}) and was started again{how}.")));
        self.engine.set(EngineState::Starting);
        set_timeout(move || self.start_engine(device), Duration::ZERO);
    }

    fn on_reply(self, reply: Reply) {
        match reply {
            Reply::Ready(report) => {
                self.engine.set(EngineState::Ready(report));
                self.session.update_value(|session| session.ready = true);
                self.flush();
            }
            Reply::Progress { job, stage, done, total } => {
                if self.flying(job).is_some() {
                    self.progress.set(Some(Progress { stage, done, total }));
                }
            }
            Reply::Found { job, finding } => {
                if let Some(experiment) = self.flying(job) {
                    self.session.update_value(|session| session.flight.iter_mut().for_each(|flight| flight.shown = true));
                    self.found(job, experiment, finding);
                }
            }
            Reply::Done { job, millis } => {
                if let Some(experiment) = self.flying(job) {
                    let more = self.session.try_update_value(|session| {
                        session.quick = millis <= QUICK;
                        session.good = Some((job, experiment));
                        session.flight = None;
                        session.wanted
                    });
                    self.progress.set(None);
                    self.running.set(more == Some(true));
                    self.finished.set(job);
                    self.flush();
                }
            }
            Reply::Settled { pass_millis } => self.pace.set(Some(pass_millis)),
            Reply::Failed { job: None, error: error @ Error::Device { .. } } => self.recover(error.to_string(), true),
            Reply::Failed { job: None, error } if !self.session.with_value(|session| session.ready) => {
                self.recover(error.to_string(), false)
            }
            Reply::Failed { job: None, error } => self.fail(&error),
            Reply::Failed { job: Some(job), error } => {
                if self.flying(job).is_some() {
                    if error == Error::Cancelled { self.cancel() } else { self.fail(&error) }
                }
            }
        }
    }

    /// The experiment of the run in flight, if it is this one.
    fn flying(self, job: JobId) -> Option<Arc<Experiment>> {
        self.session
            .with_value(|session| session.flight.as_ref().filter(|flight| flight.job == job).map(|flight| flight.experiment.clone()))
    }

    fn found(self, job: JobId, experiment: Arc<Experiment>, finding: Finding) {
        fn put<T: Send + Sync + 'static>(answer: Answer<T>, job: JobId, experiment: Arc<Experiment>, value: T) {
            answer.set(Some(Stamped { job, experiment, value: Arc::new(value) }));
        }
        match finding {
            Finding::View(view) => {
                let same = self.view.with_untracked(|old| old.as_ref().is_some_and(|old| old.value.rgb == view.rgb));
                if !same {
                    // Maps of another picture must not lie over this one.
                    self.dense.map.set(None);
                    self.pruned.map.set(None);
                }
                put(self.view, job, experiment, view);
            }
            Finding::Model(model) => {
                if self.model.with_untracked(|old| old.as_ref().is_none_or(|old| old.value.id != model.id)) {
                    self.pace.set(None);
                }
                put(self.model, job, experiment, model);
            }
            Finding::Sparsity(sparsity) => put(self.sparsity, job, experiment, sparsity),
            Finding::Predictions(predictions) => put(self.pane(predictions.side).predictions, job, experiment, predictions),
            Finding::Map(map) => put(self.pane(map.side).map, job, experiment, map),
            Finding::Measured(_) | Finding::Layer(_) | Finding::Timings(_) => {}
        }
    }

    fn idle(self) {
        self.running.set(false);
        self.progress.set(None);
    }

    /// Says what went wrong and goes back to the experiment that is on the screen.
    fn fail(self, error: &Error) {
        self.say(error.to_string());
        self.idle();
        self.go_back();
    }

    /// Goes back to the experiment that is on the screen, or to the default one before there is any.
    fn go_back(self) {
        let state = self.session.try_update_value(|session| {
            let shown = session.flight.take().is_some_and(|flight| flight.shown);
            (session.opened, session.opening, session.wanted) = (None, None, false);
            (shown, session.good.clone())
        });
        let Some((shown, good)) = state else { return };
        let failed = self.experiment.get_untracked();
        let mut back = good.as_ref().map_or_else(|| self.default_experiment(), |(_, experiment)| (**experiment).clone());
        back.device = failed.device;
        if let ImageRef::Own(hash) = &failed.image
            && failed.image != back.image
        {
            self.forget_own(hash);
        }
        if let Some((job, _)) = good {
            self.latest.set(job);
        }
        if (good.is_none() && back != failed) || shown {
            self.ask();
        }
        self.session.update_value(|session| session.address.show(&back, Commit::Replace));
        self.experiment.set(back);
    }

    /// Sends the wanted run, if everything it needs is there.
    pub(super) fn flush(self) {
        enum Next {
            Nothing,
            Wait,
            Run,
            Open,
        }
        let experiment = self.experiment.get_untracked();
        let now = js_sys::Date::now();
        let next = self.session.try_update_value(|session| {
            if !(session.ready && session.assets && session.wanted) {
                return Next::Nothing;
            }
            let patience = PATIENCE.as_secs_f64() * 1000.0;
            if session.quick && session.flight.as_ref().is_some_and(|flight| now - flight.started < patience) {
                return if std::mem::replace(&mut session.timer_set, true) { Next::Nothing } else { Next::Wait };
            }
            if session.opened.as_ref() == Some(&experiment.image) {
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
                    self.session.update_value(|session| session.timer_set = false);
                    self.flush();
                },
                PATIENCE,
            ),
            Some(Next::Run) => self.run(experiment),
            Some(Next::Open) => {
                self.running.set(true);
                spawn_local(async move { self.open(experiment.image).await });
            }
        }
    }

    fn run(self, experiment: Experiment) {
        let job = self.session.try_update_value(|session| {
            session.last_job += 1;
            let (job, started, experiment) = (session.last_job, js_sys::Date::now(), Arc::new(experiment.clone()));
            session.flight = Some(Flight { job, started, experiment, shown: false });
            job
        });
        if let Some(job) = job {
            self.latest.set(job);
            self.running.set(true);
            self.progress.set(None);
            self.send(&Request::Run { job, experiment });
        }
    }

    /// Fetches a picture and hands it to the engine, unless another one is wanted by then.
    async fn open(self, image: ImageRef) {
        let worker = self.session.with_value(|session| session.worker);
        let picture = self.picture(&image).await;
        let wanted = self.session.try_update_value(|session| {
            let wanted = session.opening.as_ref() == Some(&image) && session.worker == worker;
            if wanted || session.worker != worker {
                session.opening = None;
            }
            wanted
        });
        match picture {
            Ok(picture) if wanted == Some(true) => {
                self.send(&Request::Open(picture));
                self.session.update_value(|session| session.opened = Some(image));
            }
            Err(error) if wanted == Some(true) => self.fail(&error),
            _ => {}
        }
        self.flush();
    }

    async fn picture(self, image: &ImageRef) -> Result<Picture> {
        match image {
            ImageRef::Gallery(id) => {
                let photo = self.gallery.with_untracked(|gallery| gallery.iter().find(|photo| photo.id == *id).cloned());
                assets::picture(&photo.ok_or_else(|| not_in_gallery(id))?).await
            }
            ImageRef::Own(hash) => self.own_picture(hash).ok_or_else(somebody_elses),
        }
    }
}
