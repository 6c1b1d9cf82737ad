//! How much a number would differ with other pictures of the same kind: it is computed anew on pictures drawn from those at hand, with repetition
//! (Efron, 1979).

/// How many times a number is computed anew.
pub const DRAWS: usize = 1000;
/// The least and the most work of one interval, in looks at an answer of a pair.
const WORK: usize = 200_000_000;
/// The fewest draws; the ends of an interval of fewer would be the luck of single draws.
const FEWEST: usize = 200;

/// Draws pictures: SplitMix64 (Steele, Lea and Flood, 2014), the same numbers on every machine.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// Draws of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        // The high half of a product is even between 0 and count up to 2^-64 of count.
        ((u128::from(self.next()) * count as u128) >> 64) as usize
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

/// How many draws an interval gets when each costs this many looks at answers: [`DRAWS`] for all but the largest data sets.
pub fn draws(cost: usize) -> usize {
    (WORK / cost.max(1)).clamp(FEWEST, DRAWS)
}

/// The interval that holds the middle 95 % of drawn values; none of nothing.
pub fn interval(mut values: Vec<f64>) -> Option<[f64; 2]> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    // Between neighbours in proportion, as numpy's percentile.
    let quantile = |q: f64| {
        let place = q * (values.len() - 1) as f64;
        let (low, part) = (place.floor() as usize, place.fract());
        let high = (low + 1).min(values.len() - 1);
        values[low] + part * (values[high] - values[low])
    };
    (!values.is_empty()).then(|| [quantile(0.025), quantile(0.975)])
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_interval_is_numpys_percentile() {
        let values = (0..=100).map(f64::from).collect();
        let [low, high] = interval(values).unwrap();
        assert!((low - 2.5).abs() < 1e-12 && (high - 97.5).abs() < 1e-12);
        assert_eq!(interval(vec![1.0]), Some([1.0, 1.0]));
        assert_eq!(interval(vec![f64::NAN]), None);
    }
}
