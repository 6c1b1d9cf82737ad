//! How far both networks agree, over many pictures.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{AgreementReport, CompareAnswers};

impl Shown for CompareAnswers {
    fn found(&self, stores: Stores, stamp: &Stamp, finding: AgreementReport) -> Then {
        stamp.put(stores.agreement.found, finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        stores.agreement.waiting.set(false);
    }

    fn dropped(stores: Stores) {
        if stores.agreement.waiting.get_untracked() {
            stores.agreement.waiting.set(false);
        }
    }
}
