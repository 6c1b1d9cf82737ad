//! Pictures of the reader's own. They stay in memory and go to the engine only.

use std::fmt::Write;
use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use web_sys::{Blob, Url};

use sweetspot_core::error::Error;
use sweetspot_core::experiment::ImageRef;
use sweetspot_protocol::Picture;

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

/// The store of pictures of the reader's own.
#[derive(Clone, Copy)]
pub struct OwnPictures {
    /// Newest first.
    pub all: RwSignal<Vec<OwnPicture>>,
}

impl OwnPictures {
    /// None.
    pub fn new() -> Self {
        Self { all: RwSignal::new(Vec::new()) }
    }

    /// A picture of the reader's own, for the engine.
    pub fn get(self, hash: &str) -> Option<Picture> {
        self.all.with_untracked(|own| {
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
    pub fn forget(self, hash: &str) {
        self.all.update(|own| {
            own.iter().filter(|picture| picture.hash == hash).for_each(release);
            own.retain(|picture| picture.hash != hash);
        });
    }

    /// Keeps a picture of the reader's own; answers its name in experiments.
    pub fn keep(self, bytes: Vec<u8>, name: String) -> String {
        let hash = Sha256::digest(&bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let address = object_address(&bytes).unwrap_or_default();
        self.all.update(|own| {
            own.iter().filter(|picture| picture.hash == hash).for_each(release);
            own.retain(|picture| picture.hash != hash);
            own.insert(0, OwnPicture { hash: hash.clone(), name, bytes: Arc::new(bytes), address });
            own.iter().skip(KEPT).for_each(release);
            own.truncate(KEPT);
        });
        hash
    }
}

fn object_address(bytes: &[u8]) -> Option<String> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn release(picture: &OwnPicture) {
    let _ = Url::revoke_object_url(&picture.address);
}

/// What is said of a picture that only its owner has.
pub fn somebody_elses() -> Error {
    Error::Missing {
        what: "the picture".into(),
        reason: "this link looks at a file of somebody's own, which never leaves their device; open the same file to see it here".into(),
    }
}
