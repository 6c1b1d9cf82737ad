//! What the page's address shows.

use leptos::prelude::*;

use crate::address::{Address, Commit};
use sweetspot_core::experiment::Experiment;

/// The store of the address.
#[derive(Clone, Copy)]
pub struct AddressBar {
    address: StoredValue<Address>,
}

impl AddressBar {
    /// As the page was opened.
    pub fn new() -> Self {
        Self { address: StoredValue::new(Address::default()) }
    }

    /// Shows an experiment.
    pub fn show(self, experiment: &Experiment, commit: Commit) {
        self.address.update_value(|address| address.show(experiment, commit));
    }

    /// What stands behind the experiment from now on: how it is shown.
    pub fn set_beside(self, beside: String) {
        self.address.update_value(|address| address.beside = beside);
    }
}
