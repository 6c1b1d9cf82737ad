//! Statistics of the weights: shown as long as their panel is open, again for every network.

use leptos::prelude::*;

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{ExamineWeights, Examined};

impl Shown for ExamineWeights {
    const STANDING: bool = true;

    fn standing(stores: Stores, experiment: &Experiment) -> Option<Self> {
        let wanted = stores.weights.wanted.get_untracked();
        let done = stores.session.with_value(|session| session.is_done("ExamineWeights", |done| done.same_weights(experiment)));
        (wanted && !done).then(|| Self { experiment: experiment.clone() })
    }

    fn found(&self, stores: Stores, stamp: &Stamp, finding: Examined) -> Then {
        stamp.put(stores.weights.found, finding);
        Then::Nothing
    }
}
