//! Display preferences, kept by the browser from one visit to the next.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::address::storage;
use super::widgets::strongest::Of;
use crate::stores::display::{Display, Mode};

/// The key it is kept under.
const KEY: &str = "sweetspot.look";

#[derive(Serialize, Deserialize)]
struct Preferences {
    mode: Mode,
    opacity: f64,
    share: f64,
    of: Of,
    shared: bool,
    outline: bool,
    difference: bool,
}

/// Takes up what was kept, and keeps it from now on. A browser that keeps nothing leaves everything as usual.
pub fn keep(display: Display) {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok()?).and_then(|text| serde_json::from_str::<Preferences>(&text).ok());
    if let Some(kept) = kept {
        display.mode.set(kept.mode);
        display.opacity.set(kept.opacity.clamp(0.0, 1.0));
        display.share.set(kept.share.clamp(0.01, 1.0));
        display.of.set(kept.of);
        display.shared.set(kept.shared);
        display.outline.set(kept.outline);
        display.difference.set(kept.difference);
    }
    Effect::new(move |_| {
        let kept = Preferences {
            mode: display.mode.get(),
            opacity: display.opacity.get(),
            share: display.share.get(),
            of: display.of.get(),
            shared: display.shared.get(),
            outline: display.outline.get(),
            difference: display.difference.get(),
        };
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
            let _ = storage.set_item(KEY, &text);
        }
    });
}
