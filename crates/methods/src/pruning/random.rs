//! Random: a weight's score is drawn, evenly from 0 to 1. The layers draw one after the other from one generator.

use rand::RngExt;

use sweetspot_core::draw::Random;

/// Scores of a layer of so many weights.
pub(crate) fn scores(random: &mut Random, weights: usize) -> Vec<f64> {
    (0..weights).map(|_| random.random::<f64>()).collect()
}
