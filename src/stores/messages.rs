//! Messages the reader has not dismissed.

use leptos::prelude::*;

/// How many stay.
const MOST: usize = 3;

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Tells alerts apart.
    pub id: u32,
    /// The sentence.
    pub text: String,
}

/// The messages.
#[derive(Clone, Copy)]
pub struct Messages {
    /// Oldest first.
    pub alerts: RwSignal<Vec<Alert>>,
}

impl Messages {
    /// None.
    pub fn new() -> Self {
        Self { alerts: RwSignal::new(Vec::new()) }
    }

    /// Shows a message until it is dismissed. The three newest stay; the same sentence is shown once.
    pub fn say(self, text: impl Into<String>) {
        let text = text.into();
        self.alerts.update(|alerts| {
            let id = alerts.iter().map(|alert| alert.id).max().unwrap_or(0) + 1;
            alerts.retain(|alert| alert.text != text);
            alerts.push(Alert { id, text });
            let surplus = alerts.len().saturating_sub(MOST);
            alerts.drain(..surplus);
        });
    }

    /// Shows a message, unless it is there.
    pub fn say_once(self, text: String) {
        if self.alerts.with_untracked(|alerts| alerts.iter().all(|alert| alert.text != text)) {
            self.say(text);
        }
    }
}
