//! Saving an experiment as a file, with a picture of the reader's own in it, and opening such a file.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::address::Commit;
use crate::download;
use crate::navigation;
use crate::session;
use crate::stores::Stores;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::experiment_file;
use sweetspot_core::experiment_file::{ENDING, Enclosed, MAX_BYTES};

/// Lets the browser keep the experiment as a file.
pub fn save_experiment(stores: Stores) {
    let experiment = stores.experiment.get_untracked();
    let picture = match &experiment.image {
        ImageRef::Own(hash) => {
            stores.own_pictures.get(hash).and_then(|picture| Some(Enclosed { name: picture.name, data: encode(&picture.bytes)? }))
        }
        _ => None,
    };
    let text = experiment_file::write(&experiment, picture);
    download::offer_text(stores.messages, &format!("experiment{ENDING}"), "application/json", &text);
}

/// Opens an experiment's file.
pub fn open_experiment(stores: Stores, file: File) {
    spawn_local(async move {
        if let Err(error) = take_experiment(stores, file).await {
            stores.messages.say(error.to_string());
        }
    });
}

async fn take_experiment(stores: Stores, file: File) -> Result<()> {
    let name = file.name();
    let unreadable = |reason: &str| Error::Io { path: name.clone(), reason: reason.into() };
    if file.size() > MAX_BYTES as f64 {
        return Err(unreadable("it is larger than 64 MB, which no experiment is"));
    }
    let text =
        JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).ok_or_else(|| unreadable("the browser cannot read it"))?;
    let (experiment, picture) = experiment_file::read(&name, &text)?;
    let before = stores.experiment.get_untracked();
    if let Some(picture) = picture {
        let bytes = decode(&picture.data).ok_or_else(|| unreadable("the picture in it is damaged"))?;
        let hash = stores.own_pictures.keep(bytes, picture.name);
        if experiment.image != ImageRef::Own(hash) {
            return Err(unreadable("the picture in it is not the one that its experiment looks at"));
        }
    }
    navigation::check(stores, &experiment)?;
    let experiment = Experiment { device: before.device, ..experiment };
    session::change(stores, Commit::Done("file"), |present| *present = experiment);
    Ok(())
}

/// Bytes in base64. The browser wants a text with a letter for every byte.
fn encode(bytes: &[u8]) -> Option<String> {
    window().btoa(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>()).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = window().atob(text).ok()?;
    letters.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}
