//! Sweeps at the engine: what is asked for, what comes back, and keeping it on this device as it grows.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::queue::Wait;
use crate::storage::Shelf;
use crate::stores::Stores;
use crate::stores::sweeps::Kept;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sweep::cells::Cell;
use sweetspot_core::sweep::summary::Line;
use sweetspot_core::sweep::{State, Sweep};
use sweetspot_protocol::{RunSweep, SummariseSweep, SweepFinding, Sweeping, Task};

/// How often the cells of a sweep that is being run are kept, in milliseconds.
const KEEP_EVERY: f64 = 2000.0;

/// What is asked of the engine for a sweep that waits.
pub(super) fn sweep_task(stores: Stores, wait: &Wait) -> Task {
    let text = |key: &str| {
        let kept = untrack(|| stores.sweeps.get(key));
        kept.and_then(|kept| String::from_utf8(kept.state.write().ok()?).ok()).unwrap_or_default()
    };
    let json = |sweep: &Sweep| serde_json::to_string(sweep).unwrap_or_default();
    let run = |asked| RunSweep { asked: Box::new(asked) }.into();
    match wait {
        Wait::Reckon(key) => SummariseSweep { state: text(key) }.into(),
        Wait::Run(sweep) => run(Sweeping { sweep: json(sweep), known: text(&sweep.id()), only: Vec::new() }),
        Wait::Again(key, only) => {
            let sweep = untrack(|| stores.sweeps.get(key)).map(|kept| json(&kept.state.sweep)).unwrap_or_default();
            run(Sweeping { sweep, known: String::new(), only: only.clone() })
        }
    }
}

/// Takes in a part of what was asked.
pub(super) fn take_swept(stores: Stores, part: SweepFinding) {
    let Some(wait) = stores.session.with_value(|session| session.sweeping.clone()) else { return };
    let taken = match (&wait, part) {
        (Wait::Run(sweep), SweepFinding::Begun { state, notes }) => begun(stores, sweep, &state, notes),
        (Wait::Run(_), SweepFinding::Cell(cell)) => grown(stores, &cell),
        (Wait::Run(_), SweepFinding::Lines(lines)) => reckoned(stores, &stores.sweeps.going.get_untracked().unwrap_or_default(), &lines),
        (Wait::Reckon(key), SweepFinding::Lines(lines)) => reckoned(stores, key, &lines),
        (Wait::Again(key, _), SweepFinding::Cell(cell)) => compared(stores, key, &cell),
        _ => Ok(()),
    };
    if let Err(error) = taken {
        stores.messages.say(error.to_string());
    }
}

/// The sweep can be run; as it can be run it may have fewer sparsities than were asked for.
fn begun(stores: Stores, asked: &Sweep, state: &str, notes: Vec<String>) -> Result<()> {
    let state = State::read("the sweep", state.as_bytes())?;
    let key = state.sweep.id();
    let lines = untrack(|| stores.sweeps.get(&key)).map(|kept| kept.lines.clone()).unwrap_or_default();
    if key != asked.id() {
        stores.session.update_value(|session| {
            let running = session.sweeps.iter_mut().chain(&mut session.sweeping).filter(|wait| matches!(wait, Wait::Run(_)));
            running.for_each(|wait| *wait = Wait::Run(Arc::new(state.sweep.clone())));
        });
    }
    stores.sweeps.put(Kept { key: key.clone(), made: None, state: Arc::new(state), lines });
    stores.sweeps.notes.set(notes);
    stores.sweeps.chosen.set(Some(key.clone()));
    stores.sweeps.going.set(Some(key));
    Ok(())
}

fn grown(stores: Stores, cell: &str) -> Result<()> {
    let Some(key) = stores.sweeps.going.get_untracked() else { return Ok(()) };
    let cell: Cell = read(cell)?;
    stores.sweeps.edit(&key, |kept| Arc::make_mut(&mut kept.state).insert(cell)).unwrap_or(Ok(()))?;
    let now = js_sys::Date::now();
    let due = stores.session.try_update_value(|session| {
        let due = now - session.kept >= KEEP_EVERY;
        if due {
            session.kept = now;
        }
        due
    });
    if due == Some(true) {
        keep_sweep(stores, &key);
    }
    Ok(())
}

fn reckoned(stores: Stores, key: &str, lines: &str) -> Result<()> {
    let lines: Vec<Line> = read(lines)?;
    stores.sweeps.edit(key, |kept| kept.lines = Arc::new(lines));
    Ok(())
}

fn compared(stores: Stores, key: &str, cell: &str) -> Result<()> {
    let cell: Cell = read(cell)?;
    let Some(kept) = untrack(|| stores.sweeps.get(key)) else { return Ok(()) };
    let found = kept.state.distance(&cell)?;
    let pictures = cell.values.values().next().map_or(0, Vec::len);
    stores.sweeps.again.update(|again| {
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
pub(super) fn sweep_over(stores: Stores) {
    let Some(wait) = stores.session.with_value(|session| session.sweeping.clone()) else { return };
    let going = stores.sweeps.going.get_untracked();
    stores.session.update_value(|session| {
        session.sweeps.retain(|other| match &wait {
            Wait::Run(_) => !matches!(other, Wait::Run(_)),
            wait => other != wait,
        });
    });
    match wait {
        Wait::Run(_) => {
            stores.sweeps.going.set(None);
            if let Some(key) = going {
                keep_sweep(stores, &key);
            }
        }
        Wait::Again(..) => stores.sweeps.again.update(|again| *again = again.take().filter(|again| again.pictures > 0)),
        Wait::Reckon(_) => {}
    }
}

/// Forgets what waits, after the reader has ended what was running.
pub(super) fn forget_sweeps(stores: Stores) {
    stores.session.update_value(|session| session.sweeps.retain(|wait| matches!(wait, Wait::Reckon(_))));
    if let Some(key) = stores.sweeps.going.get_untracked() {
        stores.sweeps.going.set(None);
        keep_sweep(stores, &key);
    }
    stores.sweeps.again.update(|again| *again = again.take().filter(|again| again.pictures >= again.of));
}

/// Keeps a sweep on this device, so that a reload finds it.
pub(super) fn keep_sweep(stores: Stores, key: &str) {
    let Some(kept) = untrack(|| stores.sweeps.get(key)) else { return };
    let Some(text) = kept.state.write().ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
    let key = key.to_string();
    spawn_local(async move {
        if let Err(error) = Shelf::Sweeps.put(&key, &text.into()).await {
            stores.messages.say_once(error.to_string());
        }
    });
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Unreadable { what: "a part of the sweep".into(), reason: e.to_string() })
}
