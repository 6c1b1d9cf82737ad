//! The part of all maps that is seen, and the place at which they are read.

use leptos::prelude::*;

use crate::widgets::window::Window;

/// How maps are looked at; no part of the experiment. Places are shares of the view's side.
#[derive(Clone, Copy)]
pub struct Lens {
    /// The part that is seen.
    pub window: RwSignal<Window>,
    /// The place at which all maps are read.
    pub probe: RwSignal<Option<[f64; 2]>>,
}

impl Lens {
    /// The whole of every map, read nowhere.
    pub fn new() -> Self {
        Self { window: RwSignal::new(Window::WHOLE), probe: RwSignal::new(None) }
    }

    /// Enlarges around the probe, or the middle of what is seen.
    pub fn enlarge(self, factor: f64) {
        let place = self.probe.get_untracked().unwrap_or_else(|| self.window.get_untracked().place([0.5; 2]));
        self.window.update(|window| *window = window.enlarged(factor, place));
    }

    /// Moves the probe by pixels of a view with so many in a row; the first move puts it in the middle.
    pub fn step(self, by: [f64; 2], side: usize) {
        let pixel = 1.0 / side.max(1) as f64;
        let place = match self.probe.get_untracked() {
            None => self.window.get_untracked().place([0.5; 2]),
            Some(place) => [0, 1].map(|axis| (place[axis] + by[axis] * pixel).clamp(0.5 * pixel, 1.0 - 0.5 * pixel)),
        };
        // The middle of a pixel, so that the next step is surely another one.
        let place = place.map(|share| ((share / pixel).floor().min(side.max(1) as f64 - 1.0) + 0.5) * pixel);
        self.probe.set(Some(place));
        self.window.update(|window| *window = window.showing(place));
    }
}
