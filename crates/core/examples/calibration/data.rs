//! Simulated data whose truth is known.

use rand::RngExt;
use rand_distr::StandardNormal;
use sweetspot_core::draw::Random;

/// A standard normal number.
pub fn normal(random: &mut Random) -> f64 {
    random.sample(StandardNormal)
}

/// A number between 0 and 1.
pub fn uniform(random: &mut Random) -> f64 {
    random.random()
}

/// How differences of pictures are distributed. All have mean 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Normal,
    /// Student's with three degrees of freedom.
    Heavy,
    /// Lognormal less its mean, deviation 1 of the logarithm: skewness 6.
    Skewed,
    /// Right or wrong twice: -1 and 1 in a tenth of the pictures each, 0 otherwise.
    Binary,
    /// Normal, rounded to halves.
    Tied,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Normal, Self::Heavy, Self::Skewed, Self::Binary, Self::Tied];

    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Heavy => "heavy-tailed (t with 3)",
            Self::Skewed => "skewed (lognormal)",
            Self::Binary => "binary, paired",
            Self::Tied => "tied",
        }
    }

    /// One difference.
    pub fn one(self, random: &mut Random) -> f64 {
        match self {
            Self::Normal => normal(random),
            Self::Heavy => {
                let square: f64 = (0..3).map(|_| normal(random).powi(2)).sum();
                normal(random) / (square / 3.0).sqrt()
            }
            Self::Skewed => normal(random).exp() - 0.5_f64.exp(),
            Self::Binary => match uniform(random) {
                low if low < 0.1 => -1.0,
                low if low < 0.2 => 1.0,
                _ => 0.0,
            },
            Self::Tied => (2.0 * normal(random)).round() / 2.0,
        }
    }

    pub fn draw(self, random: &mut Random, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.one(random)).collect()
    }
}

/// Columns as a sweep has them: 12 sparsities of 4 measures over pictures. Each measure walks on from sparsity to sparsity, and half of what moves it
/// moves all; a tenth of the last measure's entries are missing.
pub fn sweep(random: &mut Random, kind: Kind, pictures: usize) -> Vec<Vec<Option<f64>>> {
    let (measures, sparsities) = (4, 12);
    let mut columns = vec![Vec::with_capacity(pictures); measures * sparsities];
    for _ in 0..pictures {
        let mut at = [0.0; 4];
        for sparsity in 0..sparsities {
            let shared = kind.one(random);
            for (measure, at) in at.iter_mut().enumerate() {
                *at += shared + kind.one(random);
                let there = measure < 3 || uniform(random) > 0.1;
                columns[measure * sparsities + sparsity].push(there.then_some(*at));
            }
        }
    }
    columns
}

/// Values in clusters of different sizes, about a third of the variance between clusters: the values and each one's cluster.
pub fn clustered(random: &mut Random, kind: Kind, clusters: usize, pictures: usize) -> (Vec<f64>, Vec<usize>) {
    // The first cluster has four times the pictures of the last.
    let shares: Vec<f64> = (0..clusters).map(|at| 4.0 - 3.0 * at as f64 / (clusters as f64 - 1.0)).collect();
    let all: f64 = shares.iter().sum();
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for (cluster, share) in shares.iter().enumerate() {
        let common = kind.one(random);
        let size = (share / all * pictures as f64).round().max(1.0) as usize;
        for _ in 0..size {
            values.push(common + std::f64::consts::SQRT_2 * kind.one(random));
            labels.push(cluster);
        }
    }
    (values, labels)
}

/// Right and wrong answers of people to pictures: a person's skill and a picture's ease, both normal with deviations .4 and .8, and chance. A row a
/// person; a share of cells is missing. The true share of right answers is [`RIGHT`].
pub fn answers(random: &mut Random, people: usize, pictures: usize, missing: f64) -> Vec<Vec<Option<bool>>> {
    let ease: Vec<f64> = (0..pictures).map(|_| EASE * normal(random)).collect();
    let mut person = || {
        let skill = SKILL * normal(random);
        let mut cell = |ease: &f64| (uniform(random) >= missing).then(|| 0.9 + skill + ease + normal(random) > 0.0);
        ease.iter().map(&mut cell).collect()
    };
    (0..people).map(|_| person()).collect()
}

const SKILL: f64 = 0.4;
const EASE: f64 = 0.8;

/// The true share of right [`answers`].
pub fn right() -> f64 {
    sweetspot_core::statistics::distributions::normal_below(0.9 / (1.0 + SKILL * SKILL + EASE * EASE).sqrt())
}
