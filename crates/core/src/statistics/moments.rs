//! Means and how far values are from them.

/// The mean of some values; none of none.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The sum of squared distances from a mean.
pub(super) fn squares(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The standard error of the mean of independent values, of which there must be two; `n - 1` in the deviation's denominator.
pub(super) fn standard_error(values: &[f64], mean: f64) -> f64 {
    let n = values.len() as f64;
    (squares(values, mean) / (n - 1.0) / n).sqrt()
}
