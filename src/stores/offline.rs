//! The copy of the page that the device keeps for use without a network. `offline.js` and the service worker make it.

use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// How it is with the copy. Nothing is known where the browser has no service workers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OfflineCopy {
    /// Bytes of this build that are kept.
    pub kept: Option<u64>,
    /// Bytes of the whole build.
    pub all: Option<u64>,
    /// Bytes that this site uses in all, with answers and settings, where the browser tells.
    pub used: Option<u64>,
    /// How far everything is being kept, 0 to 1.
    pub doing: Option<f64>,
    /// What went wrong.
    pub failed: Option<String>,
    /// Whether a newer version waits.
    pub update: bool,
}

/// The store of what the page hears of the copy.
#[derive(Clone, Copy)]
pub struct Offline {
    /// As last told.
    pub copy: RwSignal<OfflineCopy>,
}

impl Offline {
    /// Nothing was told yet.
    pub fn new() -> Self {
        Self { copy: RwSignal::new(OfflineCopy::default()) }
    }

    /// Listens to what `offline.js` tells.
    pub fn follow(self) {
        window_event_listener_untyped("sweetspot:offline", move |event| {
            let detail = js_sys::Reflect::get(&event, &JsValue::from_str("detail")).ok().and_then(|detail| detail.as_string());
            if let Some(copy) = detail.and_then(|text| serde_json::from_str(&text).ok()) {
                self.copy.set(copy);
            }
        });
    }
}
