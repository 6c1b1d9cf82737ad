//! Random: a weight's score is drawn, evenly from 0 to 1. The layers draw one after the other from one generator.

use rand::RngExt;

use super::entry::{Compute, Entry};
use super::mask::select;
use sweetspot_core::draw;
use sweetspot_core::draw::Random;
use sweetspot_core::pruning::Criterion;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Random,
    compute: Compute::Weights(|dense, pruning| {
        let mut random = draw::random(pruning.seed);
        Ok(select(&dense.scored(|layer| scores(&mut random, layer.len())), pruning))
    }),
};

/// Scores of a layer of so many weights.
pub(crate) fn scores(random: &mut Random, weights: usize) -> Vec<f64> {
    (0..weights).map(|_| random.random::<f64>()).collect()
}
