//! From a change of a control to answers on the screen: what is sent to the engine, when, and what is done with its replies.
//!
//! The newest value wins. A change asks for a run at the next frame; runs that take less time than a hand needs are let finish first, so
//! that results follow a dragged control, and longer ones are superseded at once. When a run fails, the controls go back to the
//! experiment that is on the screen.
//!
//! The engine does one thing at a time. A run goes before everything else; looks at layers and measurements ([`tasks`]) are sent when the
//! run they belong to is answered, one after the other.

mod engine;
mod findings;
mod fitting;
mod objects;
mod people;
mod sweep;
mod tasks;
mod weights;

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::people::Asked;
use self::sweep::Wait;
use self::weights::OwnFiles;
pub use self::weights::is_weights;
use super::address::{Address, Commit};
use super::engine_client::Client;
use super::state::Lab;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Attribution, DeviceChoice, Experiment, ImageRef};
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::Criterion;
use sweetspot_protocol::{Album, JobId, Request, Strip};

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
    /// The last experiment whose layers were looked at, or shall not be.
    looked: Option<Arc<Experiment>>,
    /// The last experiment whose weights were examined, or shall not be.
    examined: Option<Arc<Experiment>>,
    /// Measures that wait for their turn.
    measures: Vec<Measure>,
    /// Whether a comparison of answers waits for its turn.
    agree: bool,
    /// The last experiment whose object was looked for, or shall not be.
    sought: Option<Arc<Experiment>>,
    /// A strip that waits to be followed.
    strip: Option<Strip>,
    /// Pictures that wait to be looked at for objects.
    album: Option<Album>,
    /// Sweeps that wait to be run or reckoned, and go on after whatever comes between.
    sweeps: Vec<Wait>,
    /// When the cells of the running sweep were kept last.
    kept: f64,
    /// What is asked for people.
    asked: Asked,
    /// Weights of the reader's own.
    files: OwnFiles,
    /// The picture that networks of the other kind looked at last.
    other_picture: Option<ImageRef>,
    pub(super) address: Address,
}

/// A job that is going on.
struct Flight {
    job: JobId,
    started: f64,
    experiment: Arc<Experiment>,
    work: Work,
    /// Whether a part of its answer is on the screen.
    shown: bool,
}

/// What a job does.
#[derive(Debug, Clone, PartialEq)]
enum Work {
    /// Everything the experiment shows.
    Run,
    /// A look at every layer.
    Look,
    /// Measurements of the maps that are on the screen.
    Measure(Vec<Measure>),
    /// A look into both networks' weights.
    Examine,
    /// A comparison of both networks' answers over many pictures.
    Agree,
    /// A look for the object on the picture.
    Discover,
    /// The same along a strip.
    Follow(Strip),
    /// A look for objects on many pictures.
    Locate(Album),
    /// Steps of a sweep.
    Sweep(Wait),
    /// A comparison with people, of both networks or of those of some sparsities.
    Align(Vec<f64>),
    /// A look at how alike these pictures are to both networks.
    Odd(Vec<String>),
}

impl Work {
    /// Whether it follows from how objects are looked for.
    fn seeks(&self) -> bool {
        matches!(self, Self::Discover | Self::Follow(_) | Self::Locate(_))
    }
}

impl Lab {
    /// Changes the experiment, shows it in the address and asks for its results.
    pub fn change(self, commit: Commit, edit: impl FnOnce(&mut Experiment)) {
        let before = self.experiment.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        let after = self.entailed(&before, after);
        self.session.update_value(|session| session.address.show(&after, commit));
        if after != before {
            self.adopt(after);
        }
    }

    /// Ends the running job and forgets the waiting ones; what is on the screen stays.
    pub fn cancel(self) {
        let flight = self.session.try_update_value(|session| {
            session.wanted = false;
            let flight = session.flight.take();
            match &flight {
                Some(Flight { work: Work::Look, experiment, .. }) => session.looked = Some(experiment.clone()),
                Some(Flight { work: Work::Examine, experiment, .. }) => session.examined = Some(experiment.clone()),
                Some(Flight { work: Work::Discover, experiment, .. }) => session.sought = Some(experiment.clone()),
                _ => {}
            }
            flight.map(|flight| flight.job)
        });
        if let Some(Some(job)) = flight {
            self.send(&Request::Cancel { job });
        }
        self.forget_tasks();
        self.forget_sweeps();
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
        if self.experiment.with_untracked(|before| before.same_maps(&after)) {
            return self.seek_otherwise(after);
        }
        self.forget_tasks();
        self.experiment.set(after);
        if changed {
            self.session.update_value(|session| session.restarts = 0);
            self.restarted.set(None);
            self.start_engine(wish);
        }
        self.ask();
    }

    fn idle(self) {
        self.running.set(false);
        self.progress.set(None);
    }

    /// Says what went wrong with a run and goes back to the experiment that is on the screen. A method or criterion that the network does
    /// not offer gives way to the usual one instead.
    fn fail(self, error: &Error) {
        self.idle();
        let present = self.experiment.get_untracked();
        if let Error::Absent { method: title, reason } = error {
            let mut after = present.clone();
            let usual = if present.attribution.method.info().title == title && present.attribution.method != Method::GradCam {
                after.attribution = Attribution::new(Method::GradCam);
                Some("Grad-CAM is shown")
            } else if present.pruning.criterion.info().title == title {
                after.pruning.choose(Criterion::Magnitude);
                Some("Magnitude is used")
            } else {
                None
            };
            if let Some(usual) = usual {
                self.say(format!("{title} cannot be had on this network: {reason}. {usual} instead."));
                self.session.update_value(|session| {
                    session.flight = None;
                    session.address.show(&after, Commit::Replace);
                });
                return self.adopt(after);
            }
        }
        self.say(error.to_string());
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
        self.forget_tasks();
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

    /// Sends what is to be done next, if everything it needs is there.
    pub(super) fn flush(self) {
        enum Next {
            Nothing,
            Wait,
            Run,
            Open,
            Task,
        }
        let experiment = self.experiment.get_untracked();
        let now = js_sys::Date::now();
        let next = self.session.try_update_value(|session| {
            if !(session.ready && session.assets) {
                return Next::Nothing;
            }
            if !session.wanted {
                // A sweep can go on later, so that everything else goes before it.
                let free = session.flight.as_ref().is_none_or(|flight| matches!(flight.work, Work::Sweep(_)));
                return if free { Next::Task } else { Next::Nothing };
            }
            let patience = PATIENCE.as_secs_f64() * 1000.0;
            let running = session.flight.as_ref().filter(|flight| flight.work == Work::Run);
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
                    self.session.update_value(|session| session.timer_set = false);
                    self.flush();
                },
                PATIENCE,
            ),
            Some(Next::Run) => {
                self.keep_measures(&experiment);
                if let Some(job) = self.launch(Work::Run, experiment) {
                    self.latest.set(job);
                }
            }
            Some(Next::Open) => {
                self.running.set(true);
                spawn_local(async move { self.open(experiment.image).await });
            }
            Some(Next::Task) => self.next_task(experiment),
        }
    }

    /// Sends a job, which supersedes the one in flight.
    fn launch(self, work: Work, experiment: Experiment) -> Option<JobId> {
        let job = self.session.try_update_value(|session| {
            session.last_job += 1;
            let (job, started, experiment) = (session.last_job, js_sys::Date::now(), Arc::new(experiment.clone()));
            session.flight = Some(Flight { job, started, experiment, work: work.clone(), shown: false });
            job
        })?;
        self.running.set(true);
        self.progress.set(None);
        self.send(&match work {
            Work::Run => Request::Run { job, experiment },
            Work::Look => Request::Look { job, experiment },
            Work::Measure(measures) => Request::Measure { job, experiment, measures },
            Work::Examine => Request::Examine { job, experiment },
            Work::Agree => Request::Agree { job, experiment },
            Work::Discover => Request::Discover { job, experiment },
            Work::Follow(strip) => Request::Follow { job, experiment, strip },
            Work::Locate(album) => Request::Locate { job, experiment, album },
            Work::Sweep(wait) => self.sweep_request(job, &wait),
            Work::Align(sparsities) => {
                let (source, people) = untrack(|| (self.people.source(), self.people.observers()));
                Request::Align { job, experiment, source, people, sparsities }
            }
            Work::Odd(images) => Request::OddOneOut { job, experiment, images },
        });
        Some(job)
    }
}
