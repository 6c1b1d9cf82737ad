//! How maps are drawn, kept by the browser from one visit to the next.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::address::storage;
use super::state::{Lab, Mode};
use super::widgets::strongest::Of;

/// The key it is kept under.
const KEY: &str = "sweetspot.look";

#[derive(Serialize, Deserialize)]
struct Kept {
    mode: Mode,
    opacity: f64,
    share: f64,
    of: Of,
    shared: bool,
    outline: bool,
    difference: bool,
}

impl Lab {
    /// Takes up what was kept, and keeps it from now on. A browser that keeps nothing leaves everything as usual.
    pub(super) fn keep_look(self) {
        let look = self.look;
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok()?).and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        if let Some(kept) = kept {
            look.mode.set(kept.mode);
            look.opacity.set(kept.opacity.clamp(0.0, 1.0));
            look.share.set(kept.share.clamp(0.01, 1.0));
            look.of.set(kept.of);
            look.shared.set(kept.shared);
            look.outline.set(kept.outline);
            look.difference.set(kept.difference);
        }
        Effect::new(move |_| {
            let kept = Kept {
                mode: look.mode.get(),
                opacity: look.opacity.get(),
                share: look.share.get(),
                of: look.of.get(),
                shared: look.shared.get(),
                outline: look.outline.get(),
                difference: look.difference.get(),
            };
            if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
                let _ = storage.set_item(KEY, &text);
            }
        });
    }
}
