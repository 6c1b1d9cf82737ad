//! What the reader expected, kept on this device: one choice a question, by lesson and step. It is nobody's grade.

use super::address;
use sweetspot_core::presentation::Place;

/// What the keys begin with.
const PREFIX: &str = "sweetspot.prediction.";

/// The choice that was made at a step, from 0.
pub fn made(place: &Place) -> Option<usize> {
    address::storage()?.get_item(&key(place)).ok()??.parse().ok()
}

/// Keeps a choice. Where the browser keeps nothing, it is forgotten with the page.
pub fn make(place: &Place, choice: usize) {
    if let Some(storage) = address::storage() {
        let _ = storage.set_item(&key(place), &choice.to_string());
    }
}

fn key(place: &Place) -> String {
    format!("{PREFIX}{}.{}", place.lesson, place.step)
}
