//! ERK, the Erdős-Rényi-kernel allocation (Mocanu et al., 2018; Evci et al., 2020): a layer's density is proportional to the sum of its weight
//! tensor's sides over their product. Layers that would need more than all their weights stay whole, and the others share the rest.

use super::entry::{Compute, Entry};
use super::shares::by_magnitude;
use sweetspot_core::pruning::Criterion;

pub(crate) const ENTRY: Entry = Entry {
    of: Criterion::Erk,
    compute: Compute::Weights(|dense, pruning| {
        let shapes: Vec<&[usize]> = dense.layers.iter().map(|layer| &*layer.shape).collect();
        Ok(by_magnitude(dense, &densities(&shapes, pruning.sparsity.get()), pruning.sparsity.get()))
    }),
};

/// The share of each layer's weights that stays, from the weight tensors' shapes, when `sparsity` of all weights goes.
pub fn densities(shapes: &[&[usize]], sparsity: f64) -> Vec<f64> {
    let size = |shape: &[usize]| shape.iter().product::<usize>() as f64;
    let raw = |shape: &[usize]| shape.iter().sum::<usize>() as f64 / size(shape);
    let kept = (1.0 - sparsity) * shapes.iter().map(|shape| size(shape)).sum::<f64>();
    let mut whole = vec![false; shapes.len()];
    loop {
        let of = |wanted: bool| shapes.iter().zip(&whole).filter(move |(_, whole)| **whole == wanted).map(|(shape, _)| *shape);
        let left = kept - of(true).map(size).sum::<f64>();
        let shared: f64 = of(false).map(|shape| raw(shape) * size(shape)).sum();
        let factor = if shared > 0.0 { left / shared } else { 0.0 };
        let too_many: Vec<usize> = (0..shapes.len()).filter(|&at| !whole[at] && raw(shapes[at]) * factor > 1.0).collect();
        if too_many.is_empty() {
            return shapes.iter().zip(&whole).map(|(shape, whole)| if *whole { 1.0 } else { raw(shape) * factor }).collect();
        }
        too_many.into_iter().for_each(|at| whole[at] = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_are_proportional_and_spend_the_budget() {
        let shapes: [&[usize]; 3] = [&[4, 3, 3, 3], &[100, 50], &[200, 100, 3, 3]];
        let found = densities(&shapes, 0.95);
        assert_eq!(found[0], 1.0, "13 / 108 times the factor is above 1");
        assert!(found[1] < 1.0);
        assert!((found[1] / found[2] - (150.0 / 5000.0) / (306.0 / 180_000.0)).abs() < 1e-9);
        let kept: f64 = found.iter().zip([108.0, 5000.0, 180_000.0]).map(|(density, size)| density * size).sum();
        assert!((kept - 0.05 * 185_108.0).abs() < 1e-6);
        assert_eq!(densities(&shapes, 0.0), [1.0; 3]);
    }
}
