//! How far both networks' answers agree over many pictures.

use leptos::prelude::*;

use super::stamped::Answer;
use sweetspot_protocol::AgreementReport;

/// The store of the comparison of answers.
#[derive(Clone, Copy)]
pub struct Agreement {
    /// Whether answers are being compared, or wait for it.
    pub waiting: RwSignal<bool>,
    /// What was found.
    pub found: Answer<AgreementReport>,
}

impl Agreement {
    /// Not asked for.
    pub fn new() -> Self {
        Self { waiting: RwSignal::new(false), found: RwSignal::new(None) }
    }
}
