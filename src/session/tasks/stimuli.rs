//! Pictures of the recognition experiment, made ahead of their time.

use std::sync::Arc;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_core::error::Error;
use sweetspot_protocol::{MakeStimulus, Stimulus};

impl Shown for MakeStimulus {
    fn found(&self, stores: Stores, _: &Stamp, finding: Box<Stimulus>) -> Then {
        stores.people.arrive((finding.condition.clone(), finding.image.clone()), Ok(Arc::new(*finding)));
        Then::Nothing
    }

    fn failed(&self, stores: Stores, _: &Stamp, error: &Error) {
        stores.people.arrive((self.condition.clone(), self.image.clone()), Err(error.to_string()));
    }
}
