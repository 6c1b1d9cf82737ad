//! How far a pruned network still answers as the dense one does.

use serde::{Deserialize, Serialize};

use sweetspot_nn::logits::top;

/// Two networks' answers to the same pictures, compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Pictures.
    pub pictures: usize,
    /// Of these, how many get the same first class.
    pub same: usize,
    /// Mean Kullback-Leibler divergence of the pruned network's probabilities from the dense network's, in nats.
    pub divergence: f64,
}

/// Compares logits, picture by picture.
pub fn agreement(dense: &[Vec<f32>], pruned: &[Vec<f32>]) -> Agreement {
    let pictures = dense.len().min(pruned.len());
    let pairs = || dense.iter().zip(pruned);
    let same = pairs().filter(|(dense, pruned)| top(dense, 1) == top(pruned, 1)).count();
    let sum: f64 = pairs().map(|(dense, pruned)| divergence(dense, pruned)).sum();
    Agreement { pictures, same, divergence: sum / pictures.max(1) as f64 }
}

/// `sum p (ln p - ln q)` of two softmax distributions, in double precision.
fn divergence(dense: &[f32], pruned: &[f32]) -> f64 {
    let (p, q) = (log_softmax(dense), log_softmax(pruned));
    p.iter().zip(&q).map(|(p, q)| p.exp() * (p - q)).sum()
}

fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let largest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|l| (f64::from(*l) - largest).exp()).sum();
    logits.iter().map(|l| f64::from(*l) - largest - sum.ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_answers_do_not_diverge() {
        let (a, b) = (vec![0.0, 1.0], vec![1.0, 0.0]);
        assert_eq!(agreement(&[a.clone(), b.clone()], &[a.clone(), b.clone()]), Agreement { pictures: 2, same: 2, divergence: 0.0 });
        let other = agreement(&[a], &[b]);
        // p = (1, e) / (1 + e), and the logarithms differ by -1 and 1.
        let e = 1.0_f64.exp();
        assert_eq!((other.pictures, other.same), (1, 0));
        assert!((other.divergence - (e - 1.0) / (e + 1.0)).abs() < 1e-12);
    }
}
