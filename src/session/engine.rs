//! The engine's life and its replies: starting it, starting it again, handing it pictures, and what each reply means.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Work;
use crate::engine_client::{Client, Event};
use crate::navigation::{not_in_gallery, somebody_elses};
use crate::state::{EngineState, Lab, Progress};
use crate::{address, assets};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{DeviceChoice, Experiment, ImageRef};
use sweetspot_protocol::{JobId, Picture, Reply, Request};

/// Runs that take no longer than this many milliseconds are let finish before the next one.
const QUICK: f64 = 350.0;

impl Lab {
    /// Starts a new engine in place of the one there is.
    pub(crate) fn start_engine(self, device: DeviceChoice) {
        self.engine.set(EngineState::Starting);
        self.arriving.set(None);
        let worker = self.session.try_update_value(|session| {
            session.worker += 1;
            (session.client, session.ready, session.opened, session.flight) = (None, false, None, None);
            (session.wanted, session.looked, session.examined, session.sought) = (true, None, None, None);
            session.worker
        });
        let Some(worker) = worker else { return };
        self.forget_tasks();
        let started = Client::start(move |event| self.on_event(worker, event)).and_then(|client| {
            client.send(&Request::Start { device, assets: address::folder() })?;
            Ok(client)
        });
        match started {
            Ok(client) => self.session.update_value(|session| session.client = Some(client)),
            Err(error) => self.engine.set(EngineState::Down(error.to_string())),
        }
    }

    pub(super) fn send(self, request: &Request) {
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
            Event::Arriving(done, total) => self.arriving.set(Some((done, total))),
            Event::Arrived => self.arriving.set(None),
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
        let Some(reply) = self.about_weights(reply).and_then(|reply| self.about_people(reply)) else { return };
        match reply {
            Reply::Ready(report) => {
                self.engine.set(EngineState::Ready(report));
                self.session.update_value(|session| session.ready = true);
                self.send_weights();
                self.send_people();
                self.flush();
            }
            Reply::Progress { job, stage, done, total } => {
                if self.flying(job).is_some() {
                    self.progress.set(Some(Progress { stage, done, total }));
                }
            }
            Reply::Found { job, finding } => {
                if let Some((work, experiment)) = self.flying(job) {
                    self.session.update_value(|session| session.flight.iter_mut().for_each(|flight| flight.shown = true));
                    self.found(job, experiment, &work, finding);
                }
            }
            Reply::Done { job, millis } => {
                if let Some((work, experiment)) = self.flying(job) {
                    self.landed(job, &work, experiment, millis);
                }
            }
            Reply::Settled { pass_millis } => self.pace.set(Some(pass_millis)),
            Reply::Failed { job: None, error: error @ Error::Device { .. } } => self.recover(error.to_string(), true),
            Reply::Failed { job: None, error } if !self.session.with_value(|session| session.ready) => {
                self.recover(error.to_string(), false)
            }
            Reply::Failed { job: None, error } => self.fail(&error),
            Reply::Failed { job: Some(job), error } => match self.flying(job) {
                None => {}
                Some(_) if error == Error::Cancelled => self.cancel(),
                Some((Work::Run, _)) => self.fail(&error),
                Some((work, experiment)) => {
                    // The run it belongs to is answered and stays.
                    match work {
                        // Said where the answer would stand.
                        Work::Discover => self.not_sought.set(Some((experiment.clone(), error.to_string()))),
                        _ => self.say(error.to_string()),
                    }
                    self.session.update_value(|session| session.flight = None);
                    self.task_over(&work, experiment);
                    self.idle();
                    self.flush();
                }
            },
        }
    }

    /// Takes in that the job in flight was answered in full.
    fn landed(self, job: JobId, work: &Work, experiment: Arc<Experiment>, millis: f64) {
        self.task_over(work, experiment.clone());
        let more = self.session.try_update_value(|session| {
            if *work == Work::Run {
                session.quick = millis <= QUICK;
                session.good = Some((job, experiment));
            }
            session.flight = None;
            session.wanted
        });
        self.progress.set(None);
        self.running.set(more == Some(true));
        if *work == Work::Run {
            self.finished.set(job);
        }
        self.flush();
    }

    /// The job in flight, if it is this one: what it does, for which experiment.
    fn flying(self, job: JobId) -> Option<(Work, Arc<Experiment>)> {
        self.session.with_value(|session| {
            let flight = session.flight.as_ref().filter(|flight| flight.job == job)?;
            Some((flight.work.clone(), flight.experiment.clone()))
        })
    }

    /// Fetches a picture and hands it to the engine, unless another one is wanted by then.
    pub(super) async fn open(self, image: ImageRef) {
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
            ImageRef::Scene(index) => Err(not_in_gallery(&index.to_string())),
        }
    }
}
