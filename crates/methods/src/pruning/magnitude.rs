//! Magnitude: a weight's score is its absolute value (Han et al., 2015; the criterion of the paper's training rounds).

/// Scores of a layer's weights.
pub fn scores(weights: &[f32]) -> Vec<f64> {
    weights.iter().map(|w| f64::from(w.abs())).collect()
}
