//! The copy of the page that the device keeps for use without a network. `offline.js` and the service worker make it; here is what the page
//! may wish.

use leptos::prelude::*;
use web_sys::Event;

/// What the page may wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Keep every file of this build.
    KeepAll,
    /// Keep no more than what the page starts with.
    Forget,
    /// Take the newer version.
    Update,
}

impl Wish {
    /// Tells the wish to `offline.js`.
    pub fn tell(self) {
        let name = match self {
            Self::KeepAll => "sweetspot:keep-all",
            Self::Forget => "sweetspot:forget",
            Self::Update => "sweetspot:update",
        };
        if let Ok(event) = Event::new(name) {
            let _ = window().dispatch_event(&event);
        }
    }
}
