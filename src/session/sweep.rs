//! Sweeps, as the reader asks for them: fetched, run step by step after everything else, gone on with, computed again, brought in files.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::engine::send;
use super::queue::Wait;
use super::runs::flush;
use super::swept::keep_sweep;
use crate::assets::sweeps as fetched;
use crate::storage::Shelf;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use crate::stores::sweeps::{Again, Kept, file_of, shipped as key_of};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::plan::{CHUNK, Step};
use sweetspot_core::sweep::shipped;
use sweetspot_core::sweep::shipped::Shipped;
use sweetspot_core::sweep::{State, Sweep};
use sweetspot_protocol::Request;

/// Pictures of a point that are computed again: enough to see that the numbers are the same ones.
const AGAIN: usize = 2 * CHUNK;

/// Fetches the list of sweeps that come with the page, and those kept on this device.
pub fn open_sweeps(stores: Stores) {
    spawn_local(async move {
        // A page without sweeps has none to show, and works all the same.
        if let Ok(entries) = fetched::sweeps().await {
            stores.sweeps.offered.set(entries);
        }
    });
    spawn_local(async move {
        // Where nothing can be kept there is nothing to find; that is said when something is to be kept.
        for name in Shelf::Sweeps.names().await.unwrap_or_default() {
            let Ok(Some(text)) = Shelf::Sweeps.text(&name).await else { continue };
            match State::read("a sweep kept on this device", text.as_bytes()) {
                Ok(state) => shelve(stores, state),
                // Of a version that is not understood any more.
                Err(_) => drop(Shelf::Sweeps.delete(&name).await),
            }
        }
    });
}

/// Fetches a sweep that comes with the page, once.
pub fn fetch_sweep(stores: Stores, key: &str) {
    let Some(file) = file_of(key).map(String::from) else { return };
    if untrack(|| stores.sweeps.get(key)).is_some() {
        return;
    }
    spawn_local(async move {
        match fetched::sweep(&file).await {
            Ok(Shipped { made, state, summary }) => {
                stores.sweeps.put(Kept { key: key_of(&file), made: Some(made), state: Arc::new(state), lines: Arc::new(summary.lines) });
            }
            Err(error) => stores.messages.say(error.to_string()),
        }
    });
}

/// Runs a sweep, or goes on with it.
pub fn run_sweep(stores: Stores, sweep: Sweep) {
    stores.sweeps.notes.set(Vec::new());
    stores.sweeps.going.set(Some(sweep.id()));
    stores.session.update_value(|session| {
        session.sweeps.retain(|wait| !matches!(wait, Wait::Run(_)));
        session.sweeps.push(Wait::Run(Arc::new(sweep)));
    });
    flush(stores);
}

/// Stops the running sweep. What is done of it stays.
pub fn pause_sweep(stores: Stores) {
    let flying = stores.session.try_update_value(|session| {
        let flies = session.is_sweeping();
        let job = session.flight.take_if(|_| flies).map(|flight| flight.job);
        session.sweeps.retain(|wait| matches!(wait, Wait::Reckon(_)));
        job
    });
    let going = stores.sweeps.going.get_untracked();
    stores.sweeps.going.set(None);
    if let Some(key) = going {
        keep_sweep(stores, &key);
    }
    if let Some(Some(job)) = flying {
        send(stores, &Request::Cancel { job });
        stores.engine.idle();
    }
    flush(stores);
}

/// Forgets a sweep that was run here: on the device first, so that what is gone from sight does not come back with a reload.
pub fn drop_sweep(stores: Stores, key: &str) {
    if stores.sweeps.going.get_untracked().as_deref() == Some(key) {
        pause_sweep(stores);
    }
    let key = key.to_string();
    spawn_local(async move {
        if let Err(error) = Shelf::Sweeps.delete(&key).await {
            return stores.messages.say(format!("The sweep could not be deleted: {error}."));
        }
        stores.sweeps.shelf.update(|shelf| shelf.retain(|kept| kept.key != key));
        stores.sweeps.beside.update(|beside| beside.retain(|one| *one != key));
        stores.sweeps.chosen.update(|chosen| *chosen = chosen.take().filter(|one| *one != key));
    });
}

/// Computes a point of a sweep at hand again, on its first pictures, to compare.
pub fn sweep_again(stores: Stores, key: &str, sparsity: Sparsity) {
    let Some(kept) = untrack(|| stores.sweeps.get(key)) else { return };
    let seed = kept.state.sweep.seeds.first().copied().unwrap_or(0);
    let steps: Vec<Step> =
        kept.state.steps().iter().copied().filter(|step| (step.seed, step.sparsity) == (seed, sparsity) && step.from < AGAIN).collect();
    let device = match stores.engine.state.get_untracked() {
        EngineState::Ready(report) => report.name,
        _ => String::new(),
    };
    let of = steps.iter().map(|step| step.to - step.from).sum();
    stores.sweeps.again.set(Some(Again {
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
    stores.session.update_value(|session| {
        session.sweeps.retain(|wait| !matches!(wait, Wait::Again(..)));
        session.sweeps.insert(0, wait);
    });
    flush(stores);
}

/// Takes in a file of a sweep: cells, results, or a sweep as it comes with the page.
pub fn import_sweep(stores: Stores, name: &str, bytes: &[u8]) {
    match taken_in(stores, name, bytes) {
        Ok(key) => stores.sweeps.chosen.set(Some(key)),
        Err(error) => stores.messages.say(error.to_string()),
    }
}

fn taken_in(stores: Stores, name: &str, bytes: &[u8]) -> Result<String> {
    let packed =
        bytes.len() <= shipped::MAX_FILE && bytes.windows(shipped::FORMAT.len()).take(4096).any(|part| part == shipped::FORMAT.as_bytes());
    let state = if packed { Shipped::read(name, bytes)?.state } else { State::read(name, bytes)? };
    let source = &state.source;
    // The same network and pictures cannot have two hashes.
    let contradicts = stores.sweeps.shelf.with_untracked(|shelf| {
        let others = shelf.iter().map(|kept| &kept.state).filter(|other| other.sweep.experiment.model == state.sweep.experiment.model);
        others.map(|other| &other.source).find(|other| other.model_sha256 != source.model_sha256).map(|other| other.model_sha256.clone())
    });
    if let Some(here) = contradicts {
        let what = format!("{name}: the sha256 of the weights of {}", state.sweep.experiment.model);
        return Err(Error::Contradiction { what, here, there: source.model_sha256.clone() });
    }
    let key = state.sweep.id();
    match untrack(|| stores.sweeps.get(&key)) {
        Some(kept) => {
            let mut all = (*kept.state).clone();
            all.merge(state)?;
            shelve(stores, all);
        }
        None => shelve(stores, state),
    }
    keep_sweep(stores, &key);
    Ok(key)
}

/// Puts a sweep of the reader's at hand, and has its lines reckoned.
fn shelve(stores: Stores, state: State) {
    let key = state.sweep.id();
    let lines = untrack(|| stores.sweeps.get(&key)).map(|kept| kept.lines.clone()).unwrap_or_default();
    let some = state.done() > 0;
    stores.sweeps.put(Kept { key: key.clone(), made: None, state: Arc::new(state), lines });
    if some {
        stores.session.update_value(|session| {
            session.sweeps.retain(|wait| *wait != Wait::Reckon(key.clone()));
            session.sweeps.insert(0, Wait::Reckon(key));
        });
        flush(stores);
    }
}
