//! How far a measure is from dense, picture by picture: what can be compared, and what is lost.

use super::cells::State;
use super::sweep_measure::SweepMeasure;
use crate::metrics::measure::Better;
use crate::sparsity::Sparsity;
use crate::statistics::moments::mean;

/// A network's values of all pictures; none where the measure is not defined.
type Values = Vec<Option<f64>>;

/// A measure's differences from dense at a sparsity.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    /// Of each picture: the mean over seeds; none where no seed has a value in both networks.
    pub differences: Vec<Option<f64>>,
    /// Pictures that have a value in the dense network of a seed and none here.
    pub lost: usize,
    /// The mean of each seed over its pictures.
    pub seeds: Vec<Option<f64>>,
    lower: bool,
}

impl Paired {
    /// The differences; none while dense or the sparsity are not done. Each seed's network is compared with the dense one of its own seed.
    pub fn of(state: &State, gauge: SweepMeasure, sparsity: Sparsity) -> Option<Self> {
        Self::of_seeds(state, &state.sweep.seeds, gauge, sparsity)
    }

    /// The differences with some of the seeds alone.
    pub fn of_seeds(state: &State, seeds: &[u64], gauge: SweepMeasure, sparsity: Sparsity) -> Option<Self> {
        let both = |seed: &u64| Some((state.values(gauge, *seed, sparsity)?, state.values(gauge, *seed, Sparsity::ZERO)?));
        let all: Vec<(Values, Values)> = seeds.iter().map(both).collect::<Option<_>>()?;
        let pair = |(here, dense): &(Values, Values), at: usize| Some(here[at]? - dense[at]?);
        let pictures = 0..state.source.pictures.len();
        let of_picture = |at: usize| mean(&all.iter().filter_map(|seed| pair(seed, at)).collect::<Vec<_>>());
        let of_seed = |seed| mean(&pictures.clone().filter_map(|at| pair(seed, at)).collect::<Vec<_>>());
        Some(Self {
            differences: pictures.clone().map(of_picture).collect(),
            lost: pictures.clone().filter(|at| all.iter().any(|(here, dense)| dense[*at].is_some() && here[*at].is_none())).count(),
            seeds: all.iter().map(of_seed).collect(),
            lower: gauge.info().better == Better::Lower,
        })
    }

    /// A difference as a gain: positive where it is the better way.
    pub fn gain(&self, difference: f64) -> f64 {
        if self.lower { -difference } else { difference }
    }

    /// The differences of the pictures that can be compared.
    pub fn compared(&self) -> Vec<f64> {
        self.differences.iter().copied().flatten().collect()
    }

    /// The same, with every lost picture as the worst difference seen, and as no gain: what cannot be measured any more is no benefit.
    pub fn with_lost(&self) -> Vec<f64> {
        let mut all = self.compared();
        let worst = all.iter().map(|difference| self.gain(*difference)).fold(0.0, f64::min);
        all.resize(all.len() + self.lost, self.gain(worst));
        all
    }
}
