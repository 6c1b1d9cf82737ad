//! The recognition experiment at the engine: its pictures, ahead of their time; packs; and both networks beside people, when asked for.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Blob, Url};

use crate::address::Commit;
use crate::people::{Course, Made};
use crate::state::{Lab, Stamped};
use sweetspot_core::alignment::plan::Task;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{Aligned, AlignedAt, Finding, JobId, Reply, Request};

/// How many pictures are kept; each takes 200 kB.
const KEPT: usize = 24;

/// A pack's file, where the engine can read it.
#[derive(Debug)]
struct PackFile {
    name: String,
    /// An object URL.
    address: String,
    blob: Blob,
}

impl Drop for PackFile {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// What is asked of the engine for people.
#[derive(Debug, Default)]
pub struct Asked {
    /// Pictures on their way: condition and name.
    stimuli: HashMap<JobId, (String, String)>,
    /// The pack on its way.
    opening: Option<(JobId, PackFile)>,
    /// The pack that is open; read again by an engine that is started again.
    kept: Option<PackFile>,
    /// A comparison that waits for its turn.
    pub(super) comparison: Option<Vec<f64>>,
    /// Pictures whose likeness waits to be asked for.
    pub(super) odd: Option<Vec<String>>,
}

impl Lab {
    /// Asks for the pictures of trials to come, unless they are there or on their way.
    pub fn prepare<'a>(self, tasks: impl Iterator<Item = &'a Task>) {
        let source = untrack(|| self.people.source());
        for task in tasks {
            let key = (task.condition.clone(), task.image.clone());
            let request = self.session.try_update_value(|session| {
                let there = self.people.stimuli.with_value(|stimuli| stimuli.get(&key).is_some_and(Result::is_ok));
                if !session.ready || there || session.asked.stimuli.values().any(|asked| *asked == key) {
                    return None;
                }
                session.last_job += 1;
                session.asked.stimuli.insert(session.last_job, key.clone());
                let (condition, image) = key;
                Some(Request::Stimulus { job: session.last_job, source: source.clone(), image, condition })
            });
            if let Some(Some(request)) = request {
                self.send(&request);
            }
        }
    }

    /// Sets both networks beside people, or the networks of some sparsities.
    pub fn compare(self, sparsities: Vec<f64>) {
        self.people.aligning.set(Some(sparsities.clone()));
        self.session.update_value(|session| session.asked.comparison = Some(sparsities));
        self.flush();
    }

    /// Opens a pack.
    pub fn open_pack(self, blob: &Blob, name: String) {
        let Ok(address) = Url::create_object_url_with_blob(blob) else {
            return self.people.pack_state.set("The browser cannot read the file.".into());
        };
        self.people.pack_state.set(format!("Reading {name}\u{2026}"));
        let request = self.session.try_update_value(|session| {
            session.last_job += 1;
            session.asked.opening = Some((session.last_job, PackFile { name: name.clone(), address: address.clone(), blob: blob.clone() }));
            session.ready.then_some(Request::OpenPack { job: session.last_job, name, address })
        });
        if let Some(Some(request)) = request {
            self.send(&request);
        }
    }

    /// The file of the pack that is open.
    pub fn pack_blob(self) -> Option<Blob> {
        self.session.with_value(|session| session.asked.kept.as_ref().map(|file| file.blob.clone()))
    }

    /// Goes back to the shipped pictures.
    pub fn close_pack(self) {
        self.session.update_value(|session| session.asked.kept = None);
        self.present(Commit::Done("pack"), |presentation| presentation.pack = None);
        self.people.pack.set(None);
        self.people.pack_state.set(String::new());
        self.forget_pictures();
    }

    /// Hands a new engine what the one before had or was about to get.
    pub(super) fn send_people(self) {
        let request = self.session.try_update_value(|session| {
            session.asked.stimuli.clear();
            let file = session.asked.opening.take().map(|(_, file)| file).or(session.asked.kept.take())?;
            session.last_job += 1;
            let (job, name, address) = (session.last_job, file.name.clone(), file.address.clone());
            session.asked.opening = Some((job, file));
            Some(Request::OpenPack { job, name, address })
        });
        if let Some(Some(request)) = request {
            self.send(&request);
        }
        // Whoever waits for a picture asks again.
        self.people.arrived.update(|count| *count += 1);
    }

    /// Takes a reply that is about the experiment's pictures or a pack; gives back any other.
    pub(super) fn about_people(self, reply: Reply) -> Option<Reply> {
        let (job, end) = match &reply {
            Reply::Progress { job, .. } | Reply::Found { job, .. } => (*job, false),
            Reply::Done { job, .. } | Reply::Failed { job: Some(job), .. } => (*job, true),
            _ => return Some(reply),
        };
        let (stimulus, pack) = self.session.with_value(|session| {
            let opening = session.asked.opening.as_ref().filter(|(opening, _)| *opening == job);
            (session.asked.stimuli.get(&job).cloned(), opening.is_some())
        });
        if stimulus.is_none() && !pack {
            return Some(reply);
        }
        match reply {
            Reply::Found { finding: Finding::Stimulus(made), .. } => {
                self.arrive((made.condition.clone(), made.image.clone()), Ok(Arc::new(*made)));
            }
            Reply::Found { finding: Finding::Pack(found), .. } => {
                self.session.update_value(|session| session.asked.kept = session.asked.opening.take().map(|(_, file)| file));
                self.forget_pictures();
                self.people.pack_state.set(String::new());
                let hash = found.sha256.clone();
                self.people.pack.set(Some(Arc::new(*found)));
                self.present(Commit::Done("pack"), |presentation| presentation.pack = Some(hash));
            }
            Reply::Failed { error, .. } => match stimulus {
                Some(key) => self.arrive(key, Err(error.to_string())),
                None => self.people.pack_state.set(format!("Not opened: {error}.")),
            },
            _ => {}
        }
        if end {
            self.session.update_value(|session| {
                session.asked.stimuli.remove(&job);
                session.asked.opening.take_if(|(opening, _)| *opening == job);
            });
        }
        None
    }

    /// Asks how alike both networks find pictures.
    pub fn ask_alike(self, images: Vec<String>) {
        self.people.comparing.set(true);
        self.session.update_value(|session| session.asked.odd = Some(images));
        self.flush();
    }

    /// Puts a picture where the experiment finds it.
    fn arrive(self, key: (String, String), made: Made) {
        self.people.stimuli.update_value(|stimuli| {
            if stimuli.len() >= KEPT {
                stimuli.clear();
            }
            stimuli.insert(key, made);
        });
        self.people.arrived.update(|count| *count += 1);
    }

    /// Drops pictures of another source, and what was found on them.
    fn forget_pictures(self) {
        self.people.stimuli.update_value(HashMap::clear);
        self.people.aligned.set(None);
        self.people.course.set(None);
    }

    /// Takes in both networks beside people.
    pub(super) fn take_aligned(self, job: JobId, experiment: Arc<Experiment>, aligned: Aligned) {
        self.people.aligned.set(Some(Stamped { job, experiment, value: Arc::new(aligned) }));
    }

    /// Takes in the network of a sparsity beside people.
    pub(super) fn take_aligned_at(self, experiment: Arc<Experiment>, at: AlignedAt) {
        self.people.course.update(|course| match course {
            Some(course) if Arc::ptr_eq(&course.experiment, &experiment) => course.points.push(at),
            _ => *course = Some(Course { experiment, points: vec![at] }),
        });
    }
}
