//! Numbers drawn by chance: the same seed draws the same ones on every machine.

use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

/// The generator: PCG XSL RR 128/64 (O'Neill, 2014), whose numbers do not change between versions of the library.
pub type Random = rand_pcg::Pcg64;

/// A generator from a seed.
pub fn random(seed: u64) -> Random {
    Random::seed_from_u64(seed)
}

/// Normal numbers with a standard deviation.
pub fn normal(random: &mut Random, deviation: f64, count: usize) -> Vec<f32> {
    (0..count).map(|_| (random.sample::<f64, _>(StandardNormal) * deviation) as f32).collect()
}
