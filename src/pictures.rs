//! Pictures of the reader's own: from a file, a drop, the clipboard or the camera. They stay in memory and go to the engine only.

use std::fmt::Write;
use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileList, Url};

use super::address::Commit;
use super::experiment_files::is_experiment;
use super::people::is_answers;
use super::session::is_weights;
use super::state::Lab;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::ImageRef;
use sweetspot_protocol::Picture;

/// The largest file that is read, in bytes.
const MAX_BYTES: f64 = 200e6;

/// How many pictures are kept.
const KEPT: usize = 8;

/// A picture of the reader's own.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnPicture {
    /// sha256 of the bytes, hexadecimal: its name in experiments.
    pub hash: String,
    /// The file's name.
    pub name: String,
    /// The file.
    pub bytes: Arc<Vec<u8>>,
    /// An address the browser can draw it from.
    pub address: String,
}

impl Lab {
    /// Opens the first of some files, if there is one: weights and packs by their name, anything else as a picture; answers of people are opened all at
    /// once. `true` if there is one.
    pub fn open_first(self, files: Option<FileList>) -> bool {
        let Some(files) = files.filter(|files| files.length() > 0) else { return false };
        let all: Vec<File> = listed(&files);
        if all.iter().all(|file| is_answers(&file.name())) {
            self.meet_people(true);
            self.import_answers(all);
        } else if let Some(file) = all.into_iter().next() {
            self.open_file(file);
        }
        true
    }

    /// Opens a file as the network or as the picture of the experiment.
    pub fn open_file(self, file: File) {
        if is_weights(&file.name()) {
            return self.open_weights(&file);
        }
        if is_experiment(&file.name()) {
            return self.open_experiment(file);
        }
        if file.name().to_ascii_lowercase().ends_with(".zip") {
            self.meet_people(true);
            return self.open_pack(&file, file.name());
        }
        let name = if file.name().is_empty() { "pasted picture".into() } else { file.name() };
        self.open_blob(file.into(), name);
    }

    /// Opens bytes from anywhere as the picture of the experiment.
    pub fn open_blob(self, blob: Blob, name: String) {
        spawn_local(async move {
            match read(&blob, &name).await {
                Ok(bytes) => self.open_own(bytes, name),
                Err(error) => self.say(error.to_string()),
            }
        });
    }

    /// A picture of the reader's own, for the engine.
    pub fn own_picture(self, hash: &str) -> Option<Picture> {
        self.own.with_untracked(|own| {
            own.iter().find(|picture| picture.hash == hash).map(|picture| Picture {
                image: ImageRef::Own(picture.hash.clone()),
                bytes: picture.bytes.to_vec(),
                name: picture.name.clone(),
                boxes: Vec::new(),
                mask: None,
                label: None,
            })
        })
    }

    /// Drops a picture that turned out to be none.
    pub fn forget_own(self, hash: &str) {
        self.own.update(|own| {
            own.iter().filter(|picture| picture.hash == hash).for_each(release);
            own.retain(|picture| picture.hash != hash);
        });
    }

    fn open_own(self, bytes: Vec<u8>, name: String) {
        let hash = self.keep_own(bytes, name);
        self.change(Commit::Done("picture"), |experiment| experiment.image = ImageRef::Own(hash));
    }

    /// Keeps a picture of the reader's own; answers its name in experiments.
    pub(super) fn keep_own(self, bytes: Vec<u8>, name: String) -> String {
        let hash = Sha256::digest(&bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let address = object_address(&bytes).unwrap_or_default();
        self.own.update(|own| {
            own.iter().filter(|picture| picture.hash == hash).for_each(release);
            own.retain(|picture| picture.hash != hash);
            own.insert(0, OwnPicture { hash: hash.clone(), name, bytes: Arc::new(bytes), address });
            own.iter().skip(KEPT).for_each(release);
            own.truncate(KEPT);
        });
        hash
    }
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

fn object_address(bytes: &[u8]) -> Option<String> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn release(picture: &OwnPicture) {
    let _ = Url::revoke_object_url(&picture.address);
}

/// The files of a list.
pub fn listed(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}
