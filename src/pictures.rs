//! Opening files: a picture of the reader's own from a file, a drop, the clipboard or the camera, and whatever else can be dropped.

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileList};

use super::address::Commit;
use super::file_kinds::{is_answers, is_experiment, is_weights};
use crate::experiment_files;
use crate::people;
use crate::session;
use crate::stores::Stores;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::ImageRef;

/// The largest file that is read, in bytes.
const MAX_BYTES: f64 = 200e6;

/// Opens the first of some files, if there is one: weights and packs by their name, anything else as a picture; answers of people are opened all at
/// once. `true` if there is one.
pub fn open_first(stores: Stores, files: Option<FileList>) -> bool {
    let Some(files) = files.filter(|files| files.length() > 0) else { return false };
    let all: Vec<File> = listed(&files);
    if all.iter().all(|file| is_answers(&file.name())) {
        people::meet_people(stores, true);
        people::import_answers(stores, all);
    } else if let Some(file) = all.into_iter().next() {
        open_file(stores, file);
    }
    true
}

/// Opens a file as the network or as the picture of the experiment.
pub fn open_file(stores: Stores, file: File) {
    if is_weights(&file.name()) {
        return session::open_weights(stores, &file);
    }
    if is_experiment(&file.name()) {
        return experiment_files::open_experiment(stores, file);
    }
    if file.name().to_ascii_lowercase().ends_with(".zip") {
        people::meet_people(stores, true);
        return session::open_pack(stores, &file, file.name());
    }
    let name = if file.name().is_empty() { "pasted picture".into() } else { file.name() };
    open_blob(stores, file.into(), name);
}

/// Opens bytes from anywhere as the picture of the experiment.
pub fn open_blob(stores: Stores, blob: Blob, name: String) {
    spawn_local(async move {
        match read(&blob, &name).await {
            Ok(bytes) => open_own(stores, bytes, name),
            Err(error) => stores.messages.say(error.to_string()),
        }
    });
}

fn open_own(stores: Stores, bytes: Vec<u8>, name: String) {
    let hash = stores.own_pictures.keep(bytes, name);
    session::change(stores, Commit::Done("picture"), |experiment| experiment.image = ImageRef::Own(hash));
}

async fn read(blob: &Blob, name: &str) -> Result<Vec<u8>> {
    if blob.size() > MAX_BYTES {
        return Err(Error::NotAPicture { name: name.into(), reason: "it is larger than 200 MB".into() });
    }
    if blob.size() == 0.0 {
        return Err(Error::NotAPicture { name: name.into(), reason: "it is empty, or a folder".into() });
    }
    let buffer = JsFuture::from(blob.array_buffer())
        .await
        .map_err(|_| Error::NotAPicture { name: name.into(), reason: "the browser cannot read the file".into() })?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The files of a list.
pub fn listed(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}
