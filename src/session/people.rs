//! The recognition experiment at the engine: its pictures, ahead of their time; packs; and both networks beside people, when asked for.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Blob, Url};

use super::engine::send;
use super::queue::PackFile;
use super::runs::flush;

use crate::address::Commit;
use crate::presenting;
use crate::stores::Stores;
use sweetspot_core::alignment::plan::Task;
use sweetspot_protocol::{Finding, Reply, Request};

/// Asks for the pictures of trials to come, unless they are there or on their way.
pub fn prepare<'a>(stores: Stores, tasks: impl Iterator<Item = &'a Task>) {
    let source = untrack(|| stores.people.source());
    for task in tasks {
        let key = (task.condition.clone(), task.image.clone());
        let request = stores.session.try_update_value(|session| {
            let there = stores.people.stimuli.with_value(|stimuli| stimuli.get(&key).is_some_and(Result::is_ok));
            if !session.ready || there || session.asked.stimuli.values().any(|asked| *asked == key) {
                return None;
            }
            session.last_job += 1;
            session.asked.stimuli.insert(session.last_job, key.clone());
            let (condition, image) = key;
            Some(Request::Stimulus { job: session.last_job, source: source.clone(), image, condition })
        });
        if let Some(Some(request)) = request {
            send(stores, &request);
        }
    }
}

/// Sets both networks beside people, or the networks of some sparsities.
pub fn compare(stores: Stores, sparsities: Vec<f64>) {
    stores.people.aligning.set(Some(sparsities.clone()));
    stores.session.update_value(|session| session.asked.comparison = Some(sparsities));
    flush(stores);
}

/// Opens a pack.
pub fn open_pack(stores: Stores, blob: &Blob, name: String) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return stores.people.pack_state.set("The browser cannot read the file.".into());
    };
    stores.people.pack_state.set(format!("Reading {name}\u{2026}"));
    let request = stores.session.try_update_value(|session| {
        session.last_job += 1;
        session.asked.opening = Some((session.last_job, PackFile { name: name.clone(), address: address.clone(), blob: blob.clone() }));
        session.ready.then_some(Request::OpenPack { job: session.last_job, name, address })
    });
    if let Some(Some(request)) = request {
        send(stores, &request);
    }
}

/// The file of the pack that is open.
pub fn pack_blob(stores: Stores) -> Option<Blob> {
    stores.session.with_value(|session| session.asked.kept.as_ref().map(|file| file.blob.clone()))
}

/// Goes back to the shipped pictures.
pub fn close_pack(stores: Stores) {
    stores.session.update_value(|session| session.asked.kept = None);
    presenting::present(stores, Commit::Done("pack"), |presentation| presentation.pack = None);
    stores.people.pack.set(None);
    stores.people.pack_state.set(String::new());
    stores.people.forget_pictures();
}

/// Hands a new engine what the one before had or was about to get.
pub(super) fn send_people(stores: Stores) {
    let request = stores.session.try_update_value(|session| {
        session.asked.stimuli.clear();
        let file = session.asked.opening.take().map(|(_, file)| file).or(session.asked.kept.take())?;
        session.last_job += 1;
        let (job, name, address) = (session.last_job, file.name.clone(), file.address.clone());
        session.asked.opening = Some((job, file));
        Some(Request::OpenPack { job, name, address })
    });
    if let Some(Some(request)) = request {
        send(stores, &request);
    }
    // Whoever waits for a picture asks again.
    stores.people.arrived.update(|count| *count += 1);
}

/// Takes a reply that is about the experiment's pictures or a pack; gives back any other.
pub(super) fn about_people(stores: Stores, reply: Reply) -> Option<Reply> {
    let (job, end) = match &reply {
        Reply::Progress { job, .. } | Reply::Found { job, .. } => (*job, false),
        Reply::Done { job, .. } | Reply::Failed { job: Some(job), .. } => (*job, true),
        _ => return Some(reply),
    };
    let (stimulus, pack) = stores.session.with_value(|session| {
        let opening = session.asked.opening.as_ref().filter(|(opening, _)| *opening == job);
        (session.asked.stimuli.get(&job).cloned(), opening.is_some())
    });
    if stimulus.is_none() && !pack {
        return Some(reply);
    }
    match reply {
        Reply::Found { finding: Finding::Stimulus(made), .. } => {
            stores.people.arrive((made.condition.clone(), made.image.clone()), Ok(Arc::new(*made)));
        }
        Reply::Found { finding: Finding::Pack(found), .. } => {
            stores.session.update_value(|session| session.asked.kept = session.asked.opening.take().map(|(_, file)| file));
            stores.people.forget_pictures();
            stores.people.pack_state.set(String::new());
            let hash = found.sha256.clone();
            stores.people.pack.set(Some(Arc::new(*found)));
            presenting::present(stores, Commit::Done("pack"), |presentation| presentation.pack = Some(hash));
        }
        Reply::Failed { error, .. } => match stimulus {
            Some(key) => stores.people.arrive(key, Err(error.to_string())),
            None => stores.people.pack_state.set(format!("Not opened: {error}.")),
        },
        _ => {}
    }
    if end {
        stores.session.update_value(|session| {
            session.asked.stimuli.remove(&job);
            session.asked.opening.take_if(|(opening, _)| *opening == job);
        });
    }
    None
}

/// Asks how alike both networks find pictures.
pub fn ask_alike(stores: Stores, images: Vec<String>) {
    stores.people.comparing.set(true);
    stores.session.update_value(|session| session.asked.odd = Some(images));
    flush(stores);
}
