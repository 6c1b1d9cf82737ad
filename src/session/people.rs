//! The recognition experiment at the engine: its pictures, ahead of their time; packs; and both networks beside people, when asked for.

use std::rc::Rc;

use leptos::prelude::*;
use web_sys::{Blob, Url};

use super::engine::send_beside;
use super::queue::PackFile;
use super::runs::flush;

use crate::address::Commit;
use crate::presenting;
use crate::stores::Stores;
use sweetspot_core::alignment::plan;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_protocol::{Align, CompareFeatures, MakeStimulus, OpenPack, Task};

/// Asks for the pictures of trials to come, unless they are there or on their way.
pub fn prepare<'a>(stores: Stores, trials: impl Iterator<Item = &'a plan::Task>) {
    let source = untrack(|| stores.people.source());
    for trial in trials {
        let key = (trial.condition.clone(), trial.image.clone());
        let task = stores.session.try_update_value(|session| {
            let there = stores.people.stimuli.with_value(|stimuli| stimuli.get(&key).is_some_and(Result::is_ok));
            let (condition, image) = key;
            let task = MakeStimulus { source: source.clone(), image, condition };
            let asked = |other: &Rc<Task>| matches!(&**other, Task::MakeStimulus(other) if *other == task);
            let wanted = session.ready && !there && !session.beside.values().any(asked);
            wanted.then_some(task)
        });
        if let Some(Some(task)) = task {
            send_beside(stores, task.into());
        }
    }
}

/// Sets both networks beside people, or the networks of some sparsities.
pub fn compare(stores: Stores, sparsities: Vec<Sparsity>) {
    stores.people.aligning.set(Some(sparsities.clone()));
    let (source, people) = untrack(|| (stores.people.source(), stores.people.observers()));
    let experiment = stores.experiment.get_untracked();
    stores.session.update_value(|session| session.wait_for(Align { experiment, source, people, sparsities }.into()));
    flush(stores);
}

/// Opens a pack.
pub fn open_pack(stores: Stores, blob: &Blob, name: String) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return stores.people.pack_state.set("The browser cannot read the file.".into());
    };
    stores.people.pack_state.set(format!("Reading {name}\u{2026}"));
    let ready = stores.session.try_update_value(|session| {
        session.pack.opening = Some(PackFile { name: name.clone(), address: address.clone(), blob: blob.clone() });
        session.ready
    });
    if ready == Some(true) {
        send_beside(stores, OpenPack { name, address }.into());
    }
}

/// The file of the pack that is open.
pub fn pack_blob(stores: Stores) -> Option<Blob> {
    stores.session.with_value(|session| session.pack.open.as_ref().map(|file| file.blob.clone()))
}

/// Goes back to the shipped pictures.
pub fn close_pack(stores: Stores) {
    stores.session.update_value(|session| session.pack.open = None);
    presenting::present(stores, Commit::Done("pack"), |presentation| presentation.pack = None);
    stores.people.pack.set(None);
    stores.people.pack_state.set(String::new());
    stores.people.forget_pictures();
}

/// Hands a new engine what the one before had or was about to get.
pub(super) fn send_people(stores: Stores) {
    let task = stores.session.try_update_value(|session| {
        let file = session.pack.opening.take().or(session.pack.open.take())?;
        let task = OpenPack { name: file.name.clone(), address: file.address.clone() };
        session.pack.opening = Some(file);
        Some(task)
    });
    if let Some(Some(task)) = task {
        send_beside(stores, task.into());
    }
    // Whoever waits for a picture asks again.
    stores.people.arrived.update(|count| *count += 1);
}

/// Asks how alike both networks find pictures.
pub fn ask_alike(stores: Stores, images: Vec<String>) {
    stores.people.comparing.set(true);
    let experiment = stores.experiment.get_untracked();
    stores.session.update_value(|session| session.wait_for(CompareFeatures { experiment, images }.into()));
    flush(stores);
}
