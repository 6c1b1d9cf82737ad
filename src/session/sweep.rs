//! Sweeps: run step by step after everything else, kept on this device as they grow, gone on with, compared with what comes with the page.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets::sweeps as fetched;
use crate::state::{EngineState, Lab};
use crate::storage::Shelf;
use crate::sweeps::{Again, Kept, file_of, shipped as key_of};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sweep::cells::Cell;
use sweetspot_core::sweep::plan::{CHUNK, Step};
use sweetspot_core::sweep::shipped;
use sweetspot_core::sweep::shipped::Shipped;
use sweetspot_core::sweep::summary::Line;
use sweetspot_core::sweep::{State, Sweep};
use sweetspot_protocol::{JobId, Request, Sweeping, Swept};

/// How often the cells of a sweep that is being run are kept, in milliseconds.
const KEEP_EVERY: f64 = 2000.0;

/// Pictures of a point that are computed again: enough to see that the numbers are the same ones.
const AGAIN: usize = 2 * CHUNK;

/// A sweep that waits for the engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wait {
    /// To be run, or gone on with.
    Run(Arc<Sweep>),
    /// A point of a sweep at hand, to be computed again: these steps.
    Again(String, Vec<usize>),
    /// To have the cells of a sweep at hand reckoned.
    Reckon(String),
}

impl Lab {
    /// Fetches the list of sweeps that come with the page, and those kept on this device.
    pub(crate) fn open_sweeps(self) {
        spawn_local(async move {
            // A page without sweeps has none to show, and works all the same.
            if let Ok(entries) = fetched::sweeps().await {
                self.sweeps.offered.set(entries);
            }
        });
        spawn_local(async move {
            // Where nothing can be kept there is nothing to find; that is said when something is to be kept.
            for name in Shelf::Sweeps.names().await.unwrap_or_default() {
                let Ok(Some(text)) = Shelf::Sweeps.text(&name).await else { continue };
                match State::read("a sweep kept on this device", text.as_bytes()) {
                    Ok(state) => self.shelve(state),
                    // Of a version that is not understood any more.
                    Err(_) => drop(Shelf::Sweeps.delete(&name).await),
                }
            }
        });
    }

    /// Fetches a sweep that comes with the page, once.
    pub(crate) fn fetch_sweep(self, key: &str) {
        let Some(file) = file_of(key).map(String::from) else { return };
        if untrack(|| self.sweeps.get(key)).is_some() {
            return;
        }
        spawn_local(async move {
            match fetched::sweep(&file).await {
                Ok(Shipped { made, state, summary }) => {
                    self.sweeps.put(Kept { key: key_of(&file), made: Some(made), state: Arc::new(state), lines: Arc::new(summary.lines) });
                }
                Err(error) => self.say(error.to_string()),
            }
        });
    }

    /// Runs a sweep, or goes on with it.
    pub(crate) fn run_sweep(self, sweep: Sweep) {
        self.sweeps.notes.set(Vec::new());
        self.sweeps.going.set(Some(sweep.id()));
        self.session.update_value(|session| {
            session.sweeps.retain(|wait| !matches!(wait, Wait::Run(_)));
            session.sweeps.push(Wait::Run(Arc::new(sweep)));
        });
        self.flush();
    }

    /// Stops the running sweep. What is done of it stays.
    pub(crate) fn pause_sweep(self) {
        let flying = self.session.try_update_value(|session| {
            let flies = session.flight.as_ref().is_some_and(|flight| matches!(flight.work, super::Work::Sweep(_)));
            let job = session.flight.take_if(|_| flies).map(|flight| flight.job);
            session.sweeps.retain(|wait| matches!(wait, Wait::Reckon(_)));
            job
        });
        let going = self.sweeps.going.get_untracked();
        self.sweeps.going.set(None);
        if let Some(key) = going {
            self.keep_sweep(&key);
        }
        if let Some(Some(job)) = flying {
            self.send(&Request::Cancel { job });
            self.idle();
        }
        self.flush();
    }

    /// Forgets a sweep that was run here.
    pub(crate) fn drop_sweep(self, key: &str) {
        if self.sweeps.going.get_untracked().as_deref() == Some(key) {
            self.pause_sweep();
        }
        self.sweeps.shelf.update(|shelf| shelf.retain(|kept| kept.key != key));
        self.sweeps.beside.update(|beside| beside.retain(|one| one != key));
        self.sweeps.chosen.update(|chosen| *chosen = chosen.take().filter(|one| one != key));
        let key = key.to_string();
        spawn_local(async move { drop(Shelf::Sweeps.delete(&key).await) });
    }

    /// Computes a point of a sweep at hand again, on its first pictures, to compare.
    pub(crate) fn sweep_again(self, key: &str, sparsity: f64) {
        let Some(kept) = untrack(|| self.sweeps.get(key)) else { return };
        let seed = kept.state.sweep.seeds.first().copied().unwrap_or(0);
        let steps: Vec<Step> =
            kept.state.steps().iter().copied().filter(|step| (step.seed, step.sparsity) == (seed, sparsity) && step.from < AGAIN).collect();
        let device = match self.engine.get_untracked() {
            EngineState::Ready(report) => report.name,
            _ => String::new(),
        };
        let of = steps.iter().map(|step| step.to - step.from).sum();
        self.sweeps.again.set(Some(Again {
            key: key.into(),
            sparsity,
            pictures: 0,
            of,
            values: 0,
            apart: 0,
            most: 0.0,
            measure: None,
            device,
        }));
        let wait = Wait::Again(key.into(), steps.into_iter().map(|step| step.at).collect());
        self.session.update_value(|session| {
            session.sweeps.retain(|wait| !matches!(wait, Wait::Again(..)));
            session.sweeps.insert(0, wait);
        });
        self.flush();
    }

    /// Takes in a file of a sweep: cells, results, or a sweep as it comes with the page.
    pub(crate) fn import_sweep(self, name: &str, bytes: &[u8]) {
        match self.taken_in(name, bytes) {
            Ok(key) => self.sweeps.chosen.set(Some(key)),
            Err(error) => self.say(error.to_string()),
        }
    }

    fn taken_in(self, name: &str, bytes: &[u8]) -> Result<String> {
        let packed = bytes.len() <= shipped::MAX_FILE
            && bytes.windows(shipped::FORMAT.len()).take(4096).any(|part| part == shipped::FORMAT.as_bytes());
        let state = if packed { Shipped::read(name, bytes)?.state } else { State::read(name, bytes)? };
        let source = &state.source;
        // The same network and pictures cannot have two hashes.
        let contradicts = self.sweeps.shelf.with_untracked(|shelf| {
            let others = shelf.iter().map(|kept| &kept.state).filter(|other| other.sweep.experiment.model == state.sweep.experiment.model);
            others
                .map(|other| &other.source)
                .find(|other| other.model_sha256 != source.model_sha256)
                .map(|other| other.model_sha256.clone())
        });
        if let Some(here) = contradicts {
            let what = format!("{name}: the sha256 of the weights of {}", state.sweep.experiment.model);
            return Err(Error::Contradiction { what, here, there: source.model_sha256.clone() });
        }
        let key = state.sweep.id();
        match untrack(|| self.sweeps.get(&key)) {
            Some(kept) => {
                let mut all = (*kept.state).clone();
                all.merge(state)?;
                self.shelve(all);
            }
            None => self.shelve(state),
        }
        self.keep_sweep(&key);
        Ok(key)
    }

    /// Puts a sweep of the reader's at hand, and has its lines reckoned.
    fn shelve(self, state: State) {
        let key = state.sweep.id();
        let lines = untrack(|| self.sweeps.get(&key)).map(|kept| kept.lines.clone()).unwrap_or_default();
        let some = state.done() > 0;
        self.sweeps.put(Kept { key: key.clone(), made: None, state: Arc::new(state), lines });
        if some {
            self.session.update_value(|session| {
                session.sweeps.retain(|wait| *wait != Wait::Reckon(key.clone()));
                session.sweeps.insert(0, Wait::Reckon(key));
            });
            self.flush();
        }
    }

    /// What is asked of the engine for a sweep that waits.
    pub(super) fn sweep_request(self, job: JobId, wait: &Wait) -> Request {
        let text = |key: &str| {
            let kept = untrack(|| self.sweeps.get(key));
            kept.and_then(|kept| String::from_utf8(kept.state.write().ok()?).ok()).unwrap_or_default()
        };
        let json = |sweep: &Sweep| serde_json::to_string(sweep).unwrap_or_default();
        match wait {
            Wait::Reckon(key) => Request::Reckon { job, state: text(key) },
            Wait::Run(sweep) => {
                let asked = Sweeping { sweep: json(sweep), known: text(&sweep.id()), only: Vec::new() };
                Request::Sweep { job, asked: Box::new(asked) }
            }
            Wait::Again(key, only) => {
                let sweep = untrack(|| self.sweeps.get(key)).map(|kept| json(&kept.state.sweep)).unwrap_or_default();
                Request::Sweep { job, asked: Box::new(Sweeping { sweep, known: String::new(), only: only.clone() }) }
            }
        }
    }

    /// Takes in a part of what was asked.
    pub(super) fn take_swept(self, wait: &Wait, part: Swept) {
        let taken = match (wait, part) {
            (Wait::Run(sweep), Swept::Begun { state, notes }) => self.begun(sweep, &state, notes),
            (Wait::Run(_), Swept::Cell(cell)) => self.grown(&cell),
            (Wait::Run(_), Swept::Lines(lines)) => self.reckoned(&self.sweeps.going.get_untracked().unwrap_or_default(), &lines),
            (Wait::Reckon(key), Swept::Lines(lines)) => self.reckoned(key, &lines),
            (Wait::Again(key, _), Swept::Cell(cell)) => self.compared(key, &cell),
            _ => Ok(()),
        };
        if let Err(error) = taken {
            self.say(error.to_string());
        }
    }

    /// The sweep can be run; as it can be run it may have fewer sparsities than were asked for.
    fn begun(self, asked: &Sweep, state: &str, notes: Vec<String>) -> Result<()> {
        let state = State::read("the sweep", state.as_bytes())?;
        let key = state.sweep.id();
        let lines = untrack(|| self.sweeps.get(&key)).map(|kept| kept.lines.clone()).unwrap_or_default();
        if key != asked.id() {
            self.session.update_value(|session| {
                session
                    .sweeps
                    .iter_mut()
                    .filter(|wait| matches!(wait, Wait::Run(_)))
                    .for_each(|wait| *wait = Wait::Run(Arc::new(state.sweep.clone())));
            });
        }
        self.sweeps.put(Kept { key: key.clone(), made: None, state: Arc::new(state), lines });
        self.sweeps.notes.set(notes);
        self.sweeps.chosen.set(Some(key.clone()));
        self.sweeps.going.set(Some(key));
        Ok(())
    }

    fn grown(self, cell: &str) -> Result<()> {
        let Some(key) = self.sweeps.going.get_untracked() else { return Ok(()) };
        let cell: Cell = read(cell)?;
        self.sweeps.edit(&key, |kept| Arc::make_mut(&mut kept.state).insert(cell)).unwrap_or(Ok(()))?;
        let now = js_sys::Date::now();
        let due = self.session.try_update_value(|session| {
            let due = now - session.kept >= KEEP_EVERY;
            if due {
                session.kept = now;
            }
            due
        });
        if due == Some(true) {
            self.keep_sweep(&key);
        }
        Ok(())
    }

    fn reckoned(self, key: &str, lines: &str) -> Result<()> {
        let lines: Vec<Line> = read(lines)?;
        self.sweeps.edit(key, |kept| kept.lines = Arc::new(lines));
        Ok(())
    }

    fn compared(self, key: &str, cell: &str) -> Result<()> {
        let cell: Cell = read(cell)?;
        let Some(kept) = untrack(|| self.sweeps.get(key)) else { return Ok(()) };
        let found = kept.state.distance(&cell)?;
        let pictures = cell.values.values().next().map_or(0, Vec::len);
        self.sweeps.again.update(|again| {
            if let Some(again) = again.as_mut().filter(|again| again.key == key) {
                again.pictures += pictures;
                again.values += found.values;
                again.apart += found.apart;
                if found.most > again.most {
                    (again.most, again.measure) = (found.most, found.measure);
                }
            }
        });
        Ok(())
    }

    /// Takes in that the engine is through with a sweep, or has refused it.
    pub(super) fn sweep_over(self, wait: &Wait) {
        let going = self.sweeps.going.get_untracked();
        self.session.update_value(|session| {
            session.sweeps.retain(|other| match wait {
                Wait::Run(_) => !matches!(other, Wait::Run(_)),
                _ => other != wait,
            });
        });
        match wait {
            Wait::Run(_) => {
                self.sweeps.going.set(None);
                if let Some(key) = going {
                    self.keep_sweep(&key);
                }
            }
            Wait::Again(..) => self.sweeps.again.update(|again| *again = again.take().filter(|again| again.pictures > 0)),
            Wait::Reckon(_) => {}
        }
    }

    /// Forgets what waits, after the reader has ended what was running.
    pub(super) fn forget_sweeps(self) {
        self.session.update_value(|session| session.sweeps.retain(|wait| matches!(wait, Wait::Reckon(_))));
        if let Some(key) = self.sweeps.going.get_untracked() {
            self.sweeps.going.set(None);
            self.keep_sweep(&key);
        }
        self.sweeps.again.update(|again| *again = again.take().filter(|again| again.pictures >= again.of));
    }

    /// Keeps a sweep on this device, so that a reload finds it.
    fn keep_sweep(self, key: &str) {
        let Some(kept) = untrack(|| self.sweeps.get(key)) else { return };
        let Some(text) = kept.state.write().ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
        let key = key.to_string();
        spawn_local(async move {
            if let Err(error) = Shelf::Sweeps.put(&key, &text.into()).await {
                // Once is enough.
                let said = error.to_string();
                if self.alerts.with_untracked(|alerts| alerts.iter().all(|alert| alert.text != said)) {
                    self.say(said);
                }
            }
        });
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Unreadable { what: "a part of the sweep".into(), reason: e.to_string() })
}
