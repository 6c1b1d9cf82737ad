//! Saving an experiment as a file, with a picture of the reader's own in it, and opening such a file.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::address::Commit;
use super::state::Lab;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::experiment_file;
use sweetspot_core::experiment_file::{ENDING, Enclosed, MAX_BYTES};

/// Whether a file is an experiment, by its name.
pub fn is_experiment(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ENDING)
}

impl Lab {
    /// Lets the browser keep the experiment as a file.
    pub fn save_experiment(self) {
        let experiment = self.experiment.get_untracked();
        let picture = match &experiment.image {
            ImageRef::Own(hash) => {
                self.own_picture(hash).and_then(|picture| Some(Enclosed { name: picture.name, data: encode(&picture.bytes)? }))
            }
            _ => None,
        };
        let text = experiment_file::write(&experiment, picture);
        self.save_text(&format!("experiment{ENDING}"), "application/json", &text);
    }

    /// Opens an experiment's file.
    pub fn open_experiment(self, file: File) {
        spawn_local(async move {
            if let Err(error) = self.take_experiment(file).await {
                self.say(error.to_string());
            }
        });
    }

    async fn take_experiment(self, file: File) -> Result<()> {
        let name = file.name();
        let unreadable = |reason: &str| Error::Io { path: name.clone(), reason: reason.into() };
        if file.size() > MAX_BYTES as f64 {
            return Err(unreadable("it is larger than 64 MB, which no experiment is"));
        }
        let text = JsFuture::from(file.text())
            .await
            .ok()
            .and_then(|text| text.as_string())
            .ok_or_else(|| unreadable("the browser cannot read it"))?;
        let (experiment, picture) = experiment_file::read(&name, &text)?;
        let before = self.experiment.get_untracked();
        if let Some(picture) = picture {
            let bytes = decode(&picture.data).ok_or_else(|| unreadable("the picture in it is damaged"))?;
            let hash = self.keep_own(bytes, picture.name);
            if experiment.image != ImageRef::Own(hash) {
                return Err(unreadable("the picture in it is not the one that its experiment looks at"));
            }
        }
        self.check(&experiment)?;
        let experiment = Experiment { device: before.device, ..experiment };
        self.change(Commit::Done("file"), |present| *present = experiment);
        Ok(())
    }
}

/// Bytes in base64. The browser wants a text with a letter for every byte.
fn encode(bytes: &[u8]) -> Option<String> {
    window().btoa(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>()).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = window().atob(text).ok()?;
    letters.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}
