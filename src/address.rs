//! The experiment in the page's address, in its history, and in the browser's storage.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use sweetspot_core::experiment::{Experiment, ImageRef, OWN};
use sweetspot_core::link;
use sweetspot_core::presentation::Presentation;

/// The key under which the last experiment is kept.
const LAST: &str = "sweetspot.last";

/// Changes of the same control within this many milliseconds make one entry of the history.
const SAME_GESTURE: f64 = 1500.0;

/// How a change enters the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Not yet: the control is still moving.
    Moving,
    /// As an entry of its own, unless the same control was changed just before.
    Done(&'static str),
    /// In place of the present entry.
    Replace,
}

/// What the address shows and how it got there.
#[derive(Debug, Default)]
pub struct Address {
    /// What stands behind the experiment: how it is shown.
    pub beside: String,
    committed: String,
    control: &'static str,
    since: f64,
}

impl Address {
    /// Shows an experiment in the address.
    pub fn show(&mut self, experiment: &Experiment, commit: Commit) {
        let bare = link::write(experiment);
        let link = format!("{bare}{}", self.beside);
        match commit {
            Commit::Moving => return replace(&link),
            Commit::Replace => {
                replace(&link);
                self.control = "";
            }
            Commit::Done(control) => {
                let now = js_sys::Date::now();
                if self.committed == link {
                    replace(&link);
                } else if self.control == control && now - self.since < SAME_GESTURE {
                    replace(&link);
                    self.since = now;
                } else {
                    // While the control moved, the entry before showed its way; it gets its own experiment back.
                    if !self.committed.is_empty() {
                        replace(&self.committed);
                    }
                    push(&link);
                    (self.control, self.since) = (control, now);
                }
            }
        }
        let own = matches!(experiment.image, ImageRef::Own(_)) || experiment.model.starts_with(OWN);
        if let Some(storage) = storage().filter(|_| !own) {
            let _ = storage.set_item(LAST, &bare);
        }
        self.committed = link;
    }
}

/// The fragment of the address, without the `#`.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').into()
}

/// The link of the last experiment, where the browser keeps one.
pub fn last() -> Option<String> {
    storage()?.get_item(LAST).ok()?
}

/// The whole address of an experiment that is shown in some way.
pub fn whole(experiment: &Experiment, presentation: &Presentation) -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}#{}", presentation.link(experiment))
}

/// The folder the page is in, as an absolute address ending in a slash.
pub fn folder() -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split(['#', '?']).next().unwrap_or_default();
    page.rfind('/').map_or_else(|| format!("{page}/"), |slash| page[..=slash].into())
}

/// The browser's storage, where it keeps anything.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

// A browser refuses history changes that come too fast; the next one shows the experiment again.
fn replace(link: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

fn push(link: &str) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}
