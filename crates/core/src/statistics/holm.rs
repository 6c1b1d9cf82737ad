//! Many tests at once, of which nothing is known but their probabilities. Where their data are at hand, [`super::family`] finds more.

/// Holm's correction (1979): probabilities such that finding whatever is below a level finds anything wrongly with at most that probability.
/// The i-th smallest of m is multiplied by `m - i + 1`, none is below a smaller one's, none above 1.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut adjusted = vec![0.0; count];
    let mut least = 0.0_f64;
    for (rank, at) in order.into_iter().enumerate() {
        least = least.max((probabilities[at] * (count - rank) as f64).min(1.0));
        adjusted[at] = least;
    }
    adjusted
}
