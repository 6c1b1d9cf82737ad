//! How long the maximum over a family takes: 500 pictures, 13 sparsities, 10 measures, 10,000 flips. `cargo run --release -p sweetspot-core --example family`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program")]

use std::time::Instant;

use sweetspot_core::draw::{normal, random};
use sweetspot_core::statistics::alternative::Alternative;
use sweetspot_core::statistics::family::Family;
use sweetspot_core::statistics::flips::FLIPS;

fn main() {
    let mut random = random(0);
    let column = |_| normal(&mut random, 1.0, 500).into_iter().map(|value| Some(f64::from(value))).collect();
    let columns: Vec<Vec<Option<f64>>> = (0..130).map(column).collect();
    let mut times: Vec<f64> = (0..7)
        .map(|seed| {
            let start = Instant::now();
            assert_eq!(Family::new(&columns, Alternative::TwoSided, FLIPS, seed).unwrap().finish().len(), 130);
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{:.0} ms in the middle of {} runs, {:.0} at best", times[3], times.len(), times[0]);
}
