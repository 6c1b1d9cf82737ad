//! Uniform+ (Gale et al., 2019): the same density everywhere, except that the first layer stays whole and the last keeps at least a fifth.

use super::entry::{Compute, Entry};
use super::shares::by_magnitude;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::pruning::Criterion;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::UniformPlus,
    compute: Compute::Weights(|dense, pruning| {
        Ok(by_magnitude(dense, &densities(&dense.sizes(), pruning.sparsity.get())?, pruning.sparsity.get()))
    }),
};

/// What the last layer keeps at least.
const LAST: f64 = 0.2;

/// The share of each layer's weights that stays, from the layers' sizes, when `sparsity` of all weights goes. Fails where what has to stay is
/// already too much.
pub(crate) fn densities(sizes: &[usize], sparsity: f64) -> Result<Vec<f64>> {
    let total: f64 = sizes.iter().map(|&size| size as f64).sum();
    let mut left = (1.0 - sparsity) * total;
    let mut densities = vec![None; sizes.len()];
    let mut settle = |at: usize, density: f64, left: &mut f64| {
        densities[at] = Some(density);
        *left -= density * sizes[at] as f64;
    };
    settle(0, 1.0, &mut left);
    let (first, last) = (sizes[0] as f64, *sizes.last().unwrap_or(&0) as f64);
    let mut others = total - first;
    if sizes.len() > 1 && left / others < LAST {
        settle(sizes.len() - 1, LAST, &mut left);
        others -= last;
    }
    if left < 0.0 {
        let most = 1.0 - (first + LAST * last) / total;
        return Err(Error::bad_value(
            "sparsity",
            sparsity,
            &format!("at most {most:.4} for Uniform+, which keeps the first layer and a fifth of the last"),
        ));
    }
    let same = if others > 0.0 { (left / others).min(1.0) } else { 1.0 };
    Ok(densities.into_iter().map(|density| density.unwrap_or(same)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_layer_are_spared() {
        for (sparsity, expected) in [(0.45, [1.0, 0.5, 0.5]), (0.77, [1.0, 0.1, 0.2])] {
            let found = densities(&[100, 500, 400], sparsity).unwrap();
            assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{found:?}");
        }
        assert!(densities(&[100, 500, 400], 0.83).is_err());
    }
}
