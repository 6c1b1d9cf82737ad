//! Display preferences: how maps are drawn, kept by the browser from one visit to the next.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::widgets::strongest::Of;

/// The three ways to show a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Colours over the picture.
    Heat,
    /// Lines of equal value on the picture.
    Contours,
    /// The picture where the map is strong.
    Masked,
}

/// How maps are drawn; no part of the experiment.
#[derive(Clone, Copy)]
pub struct Display {
    /// The way a map is shown.
    pub mode: RwSignal<Mode>,
    /// How much the map covers the picture, 0 to 1.
    pub opacity: RwSignal<f64>,
    /// How much of the map counts as strong, 0 to 1.
    pub share: RwSignal<f64>,
    /// What that is a share of.
    pub of: RwSignal<Of>,
    /// One colour scale for both networks.
    pub shared: RwSignal<bool>,
    /// Whether the object's outline is drawn.
    pub outline: RwSignal<bool>,
    /// Whether the difference of both maps is shown.
    pub difference: RwSignal<bool>,
}

impl Display {
    /// As usual.
    pub fn new() -> Self {
        Self {
            mode: RwSignal::new(Mode::Heat),
            opacity: RwSignal::new(0.7),
            share: RwSignal::new(0.2),
            of: RwSignal::new(Of::Pixels),
            shared: RwSignal::new(true),
            outline: RwSignal::new(true),
            difference: RwSignal::new(false),
        }
    }
}
