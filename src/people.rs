//! What the reader does with answers of people and with packs: reading, keeping on this device, importing, forgetting.

use std::sync::Arc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::assets;
use super::folders::archive;
use super::storage::Shelf;
use crate::session;
use crate::stores::Stores;
use crate::stores::people::Imported;
use sweetspot_core::alignment::sitting::Sitting;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::MAX_BYTES;
use sweetspot_core::alignment::trials::Trial;
use sweetspot_core::alignment::trials_json;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::few;
use sweetspot_core::report::Report;

/// What names of kept imports begin with; sittings name themselves.
const IMPORT: &str = "import ";

/// Reads what is kept on the device, and the list of pictures, when the panel is opened first.
pub fn meet_people(stores: Stores, open: bool) {
    let people = stores.people;
    if !open || people.open.get_untracked() {
        return;
    }
    people.open.set(true);
    spawn_local(async move {
        match assets::plates().await {
            Ok(plates) => people.plates.set(Arc::new(plates)),
            Err(error) => stores.messages.say(error.to_string()),
        }
    });
    list_packs(stores);
    spawn_local(async move {
        match kept().await {
            Ok((sittings, imported)) => {
                // What was begun or imported meanwhile stays.
                people.sittings.update(|now| now.splice(0..0, sittings).for_each(drop));
                people.imported.update(|now| now.splice(0..0, imported).for_each(drop));
            }
            Err(error) => people.trouble.set(Some(format!("Nothing can be remembered: {error}."))),
        }
    });
}

/// Looks which packs are remembered.
fn list_packs(stores: Stores) {
    spawn_local(async move { stores.people.remembered.set(Shelf::Packs.names().await.unwrap_or_default()) });
}

/// Opens the pack that a link names, if this device remembers it; says what is missing if not.
pub fn seek_pack(stores: Stores, hash: String) {
    let there = stores.people.pack.with_untracked(|pack| pack.as_ref().is_some_and(|pack| pack.sha256 == hash));
    if there {
        return;
    }
    meet_people(stores, true);
    spawn_local(async move {
        let short: String = hash.chars().take(12).collect();
        let named = |name: &String| name.ends_with(&format!("({short})"));
        match Shelf::Packs.names().await.unwrap_or_default().into_iter().find(named) {
            Some(name) => recall_pack(stores, name),
            None => {
                let missing = format!(
                    "The link is about the pack {short}\u{2026}, which is not on this device. Open its file or its address under \u{201c}Human \
                     alignment\u{201d}; until then the shipped pictures are shown there."
                );
                stores.people.pack_state.set(missing.clone());
                stores.messages.say(missing);
            }
        }
    });
}

/// Opens a pack that lies in a folder.
pub fn open_folder(stores: Stores, files: Vec<File>) {
    spawn_local(async move {
        let state = stores.people.pack_state;
        let told = |read, of| state.set(format!("Reading the folder: {read} of {of} files"));
        match archive(&files, told).await {
            Ok(blob) => session::open_pack(stores, &blob, "the folder".into()),
            Err(error) => state.set(format!("Not opened: {error}.")),
        }
    });
}

/// Forgets the answers of an imported file: on the device first, so that what is gone from the list does not come back with a reload.
pub fn forget_import(stores: Stores, name: String) {
    spawn_local(async move {
        match Shelf::Trials.delete(&format!("{IMPORT}{name}")).await {
            Ok(()) => stores.people.imported.update(|files| files.retain(|file| file.name != name)),
            Err(error) => stores.people.trouble.set(Some(format!("{name} could not be deleted: {error}."))),
        }
    });
}

/// Remembers the open pack on this device.
pub fn remember_pack(stores: Stores) {
    let Some((pack, blob)) = stores.people.pack.get_untracked().zip(session::pack_blob(stores)) else { return };
    let name = format!("{} ({})", pack.title, pack.sha256.chars().take(12).collect::<String>());
    spawn_local(async move {
        let said = match Shelf::Packs.put(&name, &blob).await {
            Ok(()) => format!("{name} is remembered on this device."),
            Err(error) => format!("Not remembered: {error}."),
        };
        stores.people.pack_state.set(said);
        list_packs(stores);
    });
}

/// Opens a remembered pack.
pub fn recall_pack(stores: Stores, name: String) {
    spawn_local(async move {
        match Shelf::Packs.get(&name).await {
            Ok(Some(blob)) => session::open_pack(stores, blob.unchecked_ref(), name),
            Ok(None) => stores.people.pack_state.set(format!("{name} is not there any more.")),
            Err(error) => stores.people.pack_state.set(format!("Not opened: {error}.")),
        }
    });
}

/// Forgets a remembered pack.
pub fn forget_pack(stores: Stores, name: String) {
    spawn_local(async move {
        if let Err(error) = Shelf::Packs.delete(&name).await {
            stores.people.pack_state.set(format!("It could not be deleted: {error}."));
        }
        list_packs(stores);
    });
}

/// Keeps a sitting: in memory at once, on the device as soon as it can be.
pub fn keep(stores: Stores, sitting: Sitting) {
    let name = sitting.name();
    let text = sitting.write();
    let people = stores.people;
    let writing = people.begin_writing();
    people.sittings.update(|sittings| match sittings.iter_mut().find(|old| old.name() == name) {
        Some(old) => *old = sitting,
        None => sittings.push(sitting),
    });
    spawn_local(async move {
        let stored = match text {
            Ok(text) => Shelf::Trials.put(&name, &JsValue::from_str(&text)).await,
            Err(error) => Err(error),
        };
        let failed = stored.err().map(|error| error.to_string());
        people.end_writing(writing, failed.clone());
        people.trouble.set(failed.map(|error| format!("The answers are here as long as this page is open, and not kept: {error}.")));
    });
}

/// Ends a sitting before its last trial; one in which nothing was answered is forgotten.
pub fn end(stores: Stores, sitting: Sitting) {
    if sitting.progress().0 > 0 {
        return keep(stores, Sitting { ended: true, ..sitting });
    }
    let name = sitting.name();
    spawn_local(async move {
        match Shelf::Trials.delete(&name).await {
            Ok(()) => stores.people.sittings.update(|sittings| sittings.retain(|old| old.name() != name)),
            Err(error) => stores.people.trouble.set(Some(format!("It could not be deleted: {error}."))),
        }
    });
}

/// Reads files of answers, as many as are given, and says what was used.
pub fn import_answers(stores: Stores, files: Vec<File>) {
    spawn_local(async move {
        let mut report = Report::default();
        for file in files {
            let name = file.name();
            match read(&file).await {
                Ok((trials, said)) => {
                    report.add(said);
                    if !trials.is_empty() {
                        take_answers(stores, name, trials).await;
                    }
                }
                Err(error) => report.refuse("a file that cannot be read as answers", error.to_string()),
            }
        }
        stores.people.report.set(Some(report));
    });
}

async fn take_answers(stores: Stores, name: String, trials: Vec<Trial>) {
    let text = trials_json::write(&trials);
    stores.people.imported.update(|files| {
        // The same file again takes its own place.
        files.retain(|old| old.name != name);
        files.push(Imported { name: name.clone(), trials });
    });
    let stored = match text {
        Ok(text) => Shelf::Trials.put(&format!("{IMPORT}{name}"), &JsValue::from_str(&text)).await,
        Err(error) => Err(error),
    };
    stores.people.trouble.set(stored.err().map(|error| format!("The imported answers are not kept beyond a reload: {error}.")));
}

/// Forgets every answer: on the device, then here. Where the device refuses, all stay in sight.
pub fn forget_people(stores: Stores) {
    let people = stores.people;
    spawn_local(async move {
        if let Err(error) = Shelf::Trials.clear().await {
            return people.trouble.set(Some(format!("The answers could not be deleted, and are all still there: {error}.")));
        }
        people.trouble.set(None);
        people.sittings.set(Vec::new());
        people.imported.set(Vec::new());
        people.report.set(None);
        people.aligned.set(None);
        people.course.set(None);
        people.forgotten.update(|count| *count += 1);
    });
}

/// What is kept on the device. What cannot be read is left where it is.
async fn kept() -> Result<(Vec<Sitting>, Vec<Imported>)> {
    let (mut sittings, mut imported) = (Vec::new(), Vec::new());
    for name in Shelf::Trials.names().await? {
        let Some(text) = Shelf::Trials.text(&name).await? else { continue };
        if let Some(file) = name.strip_prefix(IMPORT) {
            if let Ok((trials, _)) = trials_json::read(file, text.as_bytes()) {
                imported.push(Imported { name: file.into(), trials });
            }
        } else if let Ok(sitting) = Sitting::read(&text) {
            sittings.push(sitting);
        }
    }
    few::sort_by(&mut sittings, |a, b| a.began.total_cmp(&b.began));
    Ok((sittings, imported))
}

/// The trials in a file, by its name as JSON or as a table.
async fn read(file: &File) -> Result<(Vec<Trial>, Report)> {
    let name = file.name();
    let failed = |reason: &str| Error::Io { path: name.clone(), reason: reason.into() };
    if file.size() > MAX_BYTES as f64 {
        return Err(failed(&format!("it has more than {MAX_BYTES} bytes")));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| failed("the browser cannot read it"))?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    match name.to_ascii_lowercase().ends_with(".json") {
        true => trials_json::read(&name, &bytes),
        false => trials::read(&name, &bytes),
    }
}
