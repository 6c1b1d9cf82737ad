//! How important a channel is, by the filters that write it. A channel that several filters write (those of a sum, or of a convolution that
//! keeps channels apart) has all of them, one after the other, as its filter. Biases do not count.

use super::groups::{Channel, Group, Groups};
use sweetspot_nn::weights::Weights;

/// What ranks channels: the least important go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Importance {
    /// Sum of the filter's absolute values (Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017).
    L1,
    /// Root of the sum of the filter's squares (as He et al., "Soft Filter Pruning", IJCAI 2018).
    L2,
    /// Sum of the filter's distances to all other filters of its group: the least is nearest to their geometric median, so that the others
    /// stand for it best (He et al., "Filter Pruning via Geometric Median", CVPR 2019).
    Median,
    /// Sum of the absolute scales of the batch normalisations after the filters (Liu et al., "Network Slimming", ICCV 2017).
    Scale,
}

impl Importance {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::L1, Self::L2, Self::Median, Self::Scale];

    /// What it goes by, in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::L1 => "the filters' absolute values",
            Self::L2 => "the filters' squares",
            Self::Median => "the distance to the other filters",
            Self::Scale => "the scale of batch normalisation",
        }
    }

    /// The importance of each channel of a group, in double precision: zero or more. `None` where there is nothing to tell it from.
    pub fn of(self, group: &Group, groups: &Groups, weights: &Weights) -> Option<Vec<f64>> {
        let filters = || group.channels.iter().map(|channel| filter(channel, groups, weights));
        match self {
            Self::L1 => Some(filters().map(|filter| filter.iter().map(|w| w.abs()).sum()).collect()),
            Self::L2 => Some(filters().map(|filter| filter.iter().map(|w| w * w).sum::<f64>().sqrt()).collect()),
            Self::Median => Some(distances(&filters().collect::<Vec<_>>())),
            Self::Scale => group.channels.iter().map(|channel| scale(channel, groups, weights)).collect(),
        }
    }
}

/// All weights that write a channel.
fn filter(channel: &Channel, groups: &Groups, weights: &Weights) -> Vec<f64> {
    let filters = channel.filters.iter().flat_map(|(layer, output)| {
        let layer = &groups.layers[*layer];
        let values = &weights.get(&layer.weight_name()).values;
        let length = values.len() / layer.shape[0];
        &values[output * length..(output + 1) * length]
    });
    filters.map(|w| f64::from(*w)).collect()
}

/// Each filter's distances to the others, summed.
fn distances(filters: &[Vec<f64>]) -> Vec<f64> {
    let mut sums = vec![0.0; filters.len()];
    for (i, one) in filters.iter().enumerate() {
        for (j, other) in filters.iter().enumerate().skip(i + 1) {
            let distance = square_distance(one, other).sqrt();
            sums[i] += distance;
            sums[j] += distance;
        }
    }
    sums
}

fn square_distance(one: &[f64], other: &[f64]) -> f64 {
    // Several sums side by side, which become SIMD instructions; a single one has to be added up in order.
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a, b) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The scales of the normalisations of a channel's filters; `None` if none has one.
fn scale(channel: &Channel, groups: &Groups, weights: &Weights) -> Option<f64> {
    let scales = channel.filters.iter().filter_map(|(layer, output)| {
        let norm = groups.layers[*layer].norm.as_ref()?;
        Some(f64::from(weights.get(&format!("{}.weight", norm.name)).values[*output]).abs())
    });
    scales.reduce(|a, b| a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_between_the_others_is_nearest_to_all() {
        let filters = [0.0, 1.0, 3.0].map(|x| vec![x; 9]);
        // Differences of 1, 2 and 3 in nine values: distances three times as long.
        assert_eq!(distances(&filters), [3.0 + 9.0, 3.0 + 6.0, 9.0 + 6.0]);
    }
}
