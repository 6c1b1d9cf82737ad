//! Choices on this device and in files.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::storage::Shelf;
use sweetspot_core::alignment::odd_one_out::Choices;
use sweetspot_core::error::{Error, Result};

/// What names of kept choices begin with.
const KEPT: &str = "odd ";
/// The largest file of choices that is read, in bytes.
const MAX_FILE: f64 = 1e6;

/// Keeps somebody's choices on the device.
pub(super) fn keep(subject: String, text: Result<String>, trouble: RwSignal<Option<String>>) {
    spawn_local(async move {
        let stored = match text {
            Ok(text) => Shelf::Trials.put(&format!("{KEPT}{subject}"), &JsValue::from_str(&text)).await,
            Err(error) => Err(error),
        };
        trouble.set(stored.err().map(|error| format!("The choices are here as long as this page is open, and not kept: {error}.")));
    });
}

/// Choices that are kept on the device.
pub(super) async fn kept() -> Result<Vec<Choices>> {
    let mut found = Vec::new();
    for name in Shelf::Trials.names().await?.into_iter().filter(|name| name.starts_with(KEPT)) {
        if let Some(text) = Shelf::Trials.text(&name).await? {
            found.extend(Choices::read(&name, &text));
        }
    }
    Ok(found)
}

/// The choices in a file.
pub(super) async fn take(file: &File) -> Result<Choices> {
    let failed = |reason: &str| Error::Io { path: file.name(), reason: reason.into() };
    if file.size() > MAX_FILE {
        return Err(failed("it is larger than any file of choices"));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    Choices::read(&file.name(), &text.ok_or_else(|| failed("the browser cannot read it"))?)
}

/// Forgets somebody's choices on the device.
pub(super) async fn forget(subject: &str) -> Result<()> {
    Shelf::Trials.delete(&format!("{KEPT}{subject}")).await
}
