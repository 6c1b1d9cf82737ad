//! Sweeps: their cells and lines.

use super::shown::{Shown, Stamp, Then};
use crate::session::swept::{sweep_over, take_swept};
use crate::stores::Stores;
use sweetspot_protocol::{RunSweep, SummariseSweep, SweepFinding};

impl Shown for RunSweep {
    fn found(&self, stores: Stores, _: &Stamp, finding: SweepFinding) -> Then {
        take_swept(stores, finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        sweep_over(stores);
    }
}

impl Shown for SummariseSweep {
    fn found(&self, stores: Stores, _: &Stamp, finding: SweepFinding) -> Then {
        take_swept(stores, finding);
        Then::Nothing
    }

    fn over(&self, stores: Stores) {
        sweep_over(stores);
    }
}
