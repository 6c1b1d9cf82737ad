//! What pruning did to a network's weights, layer by layer.

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use sweetspot_core::error::Result;
use sweetspot_methods::pruning::mask::LayerMask;
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{ExamineWeights, Examined, Grid, Kernels, LayerWeights, Stage};

/// Bins of a histogram.
const BINS: usize = 64;
/// The largest sides of a mask's picture, in cells.
const CELLS: usize = 96;
/// The most kernels that are shown.
const KERNELS: usize = 64;

impl Perform for ExamineWeights {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment } = self;
        let (model, pruned) = engine.networks(experiment, stop, sink).await?;
        let job = engine.job(Stage::Examining, stop, sink);
        let mut layers = Vec::with_capacity(pruned.mask.layers.len());
        for (done, mask) in pruned.mask.layers.iter().enumerate() {
            job.step(done as u64, pruned.mask.layers.len() as u64).await?;
            let dense = &model.weights.get(&mask.name).values;
            let new = &pruned.weights.get(&mask.name).values;
            // Where filters are gone for good, what is left has fewer values; there they are the dense ones.
            let left: Vec<f32> = match new.len() == dense.len() {
                true => new.to_vec(),
                false => dense.iter().zip(&mask.keep).map(|(w, keep)| if *keep { *w } else { 0.0 }).collect(),
            };
            layers.push(layer(mask, dense, &left));
        }
        tell::<Self>(sink, Examined { layers });
        Ok(())
    }
}

/// A layer's weights before and after.
fn layer(mask: &LayerMask, dense: &[f32], left: &[f32]) -> LayerWeights {
    let range = dense.iter().chain(left).fold(0.0_f32, |most, w| most.max(w.abs())).max(f32::MIN_POSITIVE);
    let kept = || left.iter().zip(&mask.keep).filter(|(_, keep)| **keep).map(|(w, _)| *w);
    let (gone, stayed) = dense.iter().zip(&mask.keep).fold((0.0_f32, f32::INFINITY), |(gone, stayed), (w, keep)| match keep {
        true => (gone, stayed.min(w.abs())),
        false => (gone.max(w.abs()), stayed),
    });
    LayerWeights {
        name: mask.name.clone(),
        shape: mask.shape.clone(),
        range,
        dense: histogram(dense.iter().copied(), range),
        kept: histogram(kept(), range),
        threshold: (mask.keep.contains(&false) && gone <= stayed).then_some(gone),
        density: density(mask),
        kernels: kernels(&mask.shape, dense, left),
    }
}

/// How many values fall into each of the bins from `-range` to `range`.
fn histogram(values: impl Iterator<Item = f32>, range: f32) -> Vec<u32> {
    let mut bins = vec![0; BINS];
    for value in values {
        let at = ((value / range + 1.0) * 0.5 * BINS as f32) as usize;
        bins[at.min(BINS - 1)] += 1;
    }
    bins
}

/// The share of a mask that is kept, cell by cell: outputs down, everything that comes into one across.
fn density(mask: &LayerMask) -> Grid {
    let outputs = mask.shape[0];
    let inputs = mask.keep.len() / outputs.max(1);
    let (rows, columns) = (outputs.min(CELLS), inputs.min(CELLS));
    let (mut kept, mut all) = (vec![0.0_f32; rows * columns], vec![0.0_f32; rows * columns]);
    for (at, keep) in mask.keep.iter().enumerate() {
        let cell = (at / inputs * rows / outputs) * columns + at % inputs * columns / inputs;
        all[cell] += 1.0;
        kept[cell] += f32::from(u8::from(*keep));
    }
    Grid { rows, columns, values: kept.into_iter().zip(all).map(|(kept, all)| kept / all).collect() }
}

/// Kernels that look at red, green and blue.
fn kernels(shape: &[usize], dense: &[f32], left: &[f32]) -> Option<Kernels> {
    let &[count, 3, height, width] = shape else { return None };
    let count = count.min(KERNELS);
    let first = |values: &[f32]| values[..count * 3 * height * width].to_vec();
    Some(Kernels { count, height, width, dense: first(dense), pruned: first(left) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_is_in_a_bin_and_every_cell_says_its_share() {
        let mask = LayerMask { name: "w".into(), shape: vec![2, 3], keep: vec![true, false, true, false, false, true] };
        let dense = [0.5, -0.1, 1.0, 0.2, -0.3, -1.0];
        let left = [0.5, 0.0, 1.0, 0.0, 0.0, -1.0];
        let found = layer(&mask, &dense, &left);
        assert_eq!((found.dense.iter().sum::<u32>(), found.kept.iter().sum::<u32>()), (6, 3));
        assert_eq!((found.dense[0], found.dense[BINS - 1]), (1, 1));
        assert_eq!(found.threshold, Some(0.3));
        assert_eq!(found.density, Grid { rows: 2, columns: 3, values: vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0] });
        assert!(found.kernels.is_none());
        // Chance has no threshold.
        let mask = LayerMask { keep: vec![false, true, true, true, true, true], ..mask };
        assert_eq!(layer(&mask, &dense, &dense).threshold, None);
        let wide = LayerMask { name: "w".into(), shape: vec![200, 1, 1, 1], keep: (0..200).map(|i| i < 100).collect() };
        let found = density(&wide);
        assert_eq!((found.rows, found.columns), (CELLS, 1));
        assert!((found.values.iter().sum::<f32>() / CELLS as f32 - 0.5).abs() < 0.01);
    }
}
