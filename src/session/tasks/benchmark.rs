//! Timings, which are asked for by `scripts/bench-browser` and shown by no view.

use super::shown::{Shown, Stamp, Then};
use crate::stores::Stores;
use sweetspot_protocol::{Benchmark, Timing};

impl Shown for Benchmark {
    fn found(&self, _: Stores, _: &Stamp, _: Vec<Timing>) -> Then {
        Then::Nothing
    }
}
