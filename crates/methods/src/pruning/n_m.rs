//! N:M sparsity (Mishra et al., 2021; Zhou et al., 2021): of each M consecutive inputs at the same place of the kernel, the N largest weights stay.
//! Layers whose inputs are no multiple of M (a first layer of three colours, depthwise convolutions) stay whole.

use super::dense::{Dense, Keep};
use super::entry::{Compute, Entry};
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::layer::Layer;

pub(crate) const TWO_OF_FOUR: Entry = Entry { of: Criterion::TwoOfFour, compute: Compute::Weights(|dense, _| Ok(patterned(dense, 2, 4))) };
pub(crate) const FOUR_OF_EIGHT: Entry =
    Entry { of: Criterion::FourOfEight, compute: Compute::Weights(|dense, _| Ok(patterned(dense, 4, 8))) };
pub(crate) const ONE_OF_FOUR: Entry = Entry { of: Criterion::OneOfFour, compute: Compute::Weights(|dense, _| Ok(patterned(dense, 1, 4))) };

/// N of M in every layer that fits.
fn patterned(dense: &Dense<'_>, n: usize, m: usize) -> Keep {
    let one = |(layer, weights): (&Layer, &&[f32])| keep(weights, &layer.shape, n, m).unwrap_or_else(|| vec![true; weights.len()]);
    dense.layers.iter().zip(&dense.weights).map(one).collect()
}

/// Which weights of a layer stay, from its shape [out, in / groups, ...]; `None` where groups of M do not fit. Of equal weights the one with the
/// lower index goes first.
pub(crate) fn keep(weights: &[f32], shape: &[usize], n: usize, m: usize) -> Option<Vec<bool>> {
    let inputs = shape[1];
    if !inputs.is_multiple_of(m) {
        return None;
    }
    let places: usize = shape[2..].iter().product();
    let mut keep = vec![false; weights.len()];
    for output in 0..shape[0] {
        for group in 0..inputs / m {
            for place in 0..places {
                let mut members: Vec<usize> = (0..m).map(|i| (output * inputs + group * m + i) * places + place).collect();
                members.sort_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()));
                members[m - n..].iter().for_each(|&at| keep[at] = true);
            }
        }
    }
    Some(keep)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_four_inputs_stay_at_each_place() {
        // One output, four inputs, two places: place 0 holds 1, 3, 2, 4, place 1 holds 8, 8, 8, 8.
        let kept = keep(&[1.0, 8.0, -3.0, 8.0, 2.0, 8.0, 4.0, 8.0], &[1, 4, 1, 2], 2, 4);
        assert_eq!(kept, Some(vec![false, false, true, false, false, true, true, true]));
        assert_eq!(keep(&[1.0, 2.0, 3.0], &[1, 3], 2, 4), None);
    }
}
