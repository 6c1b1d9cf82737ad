//! The learning rate over a stage of training.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How the learning rate runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// A tenth after each third, as the paper trains its ResNets.
    Step,
    /// Half a cosine wave down to zero (Loshchilov and Hutter, 2017).
    Cosine,
}

impl Schedule {
    /// The rate at a share of the stage, 0 to 1, as a share of the highest. It rises evenly over the first `warm_up`.
    pub fn at(self, done: f64, warm_up: f64) -> f64 {
        if done < warm_up {
            return done / warm_up;
        }
        let done = ((done - warm_up) / (1.0 - warm_up)).clamp(0.0, 1.0);
        match self {
            Self::Step => 0.1_f64.powi((done * 3.0).min(2.0) as i32),
            Self::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * done).cos()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_rise_and_fall() {
        assert_eq!([0.0, 0.05, 0.1].map(|t| Schedule::Cosine.at(t, 0.1)), [0.0, 0.5, 1.0]);
        assert!((Schedule::Cosine.at(0.55, 0.1) - 0.5).abs() < 1e-12);
        assert!(Schedule::Cosine.at(1.0, 0.1) < 1e-12);
        let steps = [0.0, 0.32, 0.34, 0.66, 0.68, 1.0].map(|t| (Schedule::Step.at(t, 0.0) * 100.0).round());
        assert_eq!(steps, [100.0, 100.0, 10.0, 10.0, 1.0, 1.0]);
    }
}
