//! Chance that is the same on every machine, and quantiles of what was drawn by it.

/// A step of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that mixes well.
pub fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(STEP);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What the generator's state grows by.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Draws pictures by SplitMix64.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// Draws of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits of chance.
    pub fn bits(&mut self) -> u64 {
        let drawn = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        drawn
    }

    /// A number below `count`, which is at least 1: scaled by the high half of a product (Lemire, 2019), even up to 2^-64 of `count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// How often each of `count` pictures comes up when as many are drawn.
    pub fn counts(&mut self, count: usize) -> Vec<u32> {
        let mut counts = vec![0; count];
        (0..count).for_each(|_| counts[self.below(count)] += 1);
        counts
    }

    /// Things in an order of chance (Fisher and Yates).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        (1..things.len()).rev().for_each(|at| things.swap(at, self.below(at + 1)));
    }
}

/// A quantile of ascending values, linear between neighbours (Hyndman and Fan's type 7, numpy's usual one). There must be a value.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let place = share * (ascending.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(ascending.len() - 1);
    ascending[below] + (ascending[above] - ascending[below]) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        // The first numbers of SplitMix64 with seed 1234567, as its authors' code gives them.
        let mut draws = Draws::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| draws.bits()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn draws_are_even_and_the_same_for_a_seed() {
        let mut draws = Draws::new(7);
        let mut sums = vec![0u32; 10];
        for _ in 0..10_000 {
            let counts = draws.counts(10);
            assert_eq!(counts.iter().sum::<u32>(), 10);
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        // 100 000 draws: a place gets 10 000, with a deviation of 95.
        assert!(sums.iter().all(|sum| sum.abs_diff(10_000) < 500), "{sums:?}");
        assert_eq!(Draws::new(3).counts(100), Draws::new(3).counts(100));
        assert_ne!(Draws::new(3).counts(100), Draws::new(4).counts(100));
    }

    #[test]
    fn quantiles_are_linear_between_neighbours() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!((quantile(&[3.0], 0.3), quantile(&[1.0, 2.0], 1.0)), (3.0, 2.0));
    }
}
