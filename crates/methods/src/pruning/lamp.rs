//! LAMP, layer-adaptive magnitude-based pruning (Lee et al., 2021): a weight's square over the sum of the squares in its layer that are not
//! smaller. Inside a layer the order is that of magnitude; the largest weight of each layer has score 1, so no layer is emptied first.

use super::dense::{Dense, Keep};
use super::entry::{Compute, Entry};
use super::mask::select;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Criterion;

pub(crate) const ENTRY: Entry = Entry { of: Criterion::Lamp, compute: Compute::Weights(|dense, pruning| Ok(keep(dense, pruning))) };

/// Which weights stay.
pub fn keep(dense: &Dense<'_>, pruning: &Pruning) -> Keep {
    select(&dense.scored(|layer| scores(layer)), pruning)
}

/// Scores of a layer's weights. Of equal weights the one with the lower index counts as the smaller.
pub fn scores(weights: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()));
    let mut scores = vec![0.0; weights.len()];
    let mut larger = 0.0;
    for at in order.into_iter().rev() {
        let square = f64::from(weights[at]).powi(2);
        larger += square;
        // A layer of zeros has nothing to keep.
        scores[at] = if larger > 0.0 { square / larger } else { 0.0 };
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_shares_of_what_is_not_smaller() {
        assert_eq!(scores(&[1.0, -2.0, 3.0]), [1.0 / 14.0, 4.0 / 13.0, 1.0]);
        assert_eq!(scores(&[0.0, 0.0]), [0.0, 0.0]);
    }
}
