//! Second-order pruning with an update of the weights that stay (SparseGPT, Frantar and Alistarh, 2023; after Optimal Brain Surgeon, Hassibi et al.,
//! 1993): each layer is pruned so that its answers to the calibration pictures change least, `min ||WX - W'X||` with X what comes in, for which the
//! Hessian is `H = XX^T` for every output.
//!
//! Layers are taken in network order, those of one block together; what comes into them comes from the network whose earlier blocks are already
//! pruned. Within a layer columns are taken in blocks: in a block the weights with the lowest `w^2 / U_jj^2` go, then column by column each pruned
//! weight's error is made up for by the columns after it, along the rows of U, the upper Cholesky factor of the damped H's inverse. Grouped and
//! depthwise convolutions have a Hessian a group.
//!
//! The fewer places the inputs were seen at, the less the Hessian is trusted: its diagonal gets, besides the authors' hundredth, as many parts of
//! its mean as there are inputs for each place. A classifier that has seen 32 pictures is then pruned much as by magnitude.
//!
//! Where batch normalisation follows, an output's error counts as much as the normalisation scales it.

use std::cell::Cell;

use burn::tensor::{Device, Tensor};

use super::allocation::count;
use super::dense::Dense;
use super::entry::{Compute, Entry};
use super::gram::columns;
use super::lamp;
use super::mask::Mask;
use super::mask::keep_all_but;
use super::subject::{Outcome, Subject};
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::Scope;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::{Layer, Norm};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

pub(crate) const ENTRY: Entry =
    Entry { of: Criterion::SecondOrder, compute: Compute::Network(|subject, pruning, job| Box::pin(by(subject, pruning, job))) };

/// The subject pruned. In global scope each layer loses what LAMP takes from it; in layer scope all lose the same share.
async fn by(subject: &Subject<'_>, pruning: &Pruning, job: &Job) -> Result<Outcome> {
    let layers = subject.architecture.layers_of(subject.weights);
    let dense = Dense::of(&layers, subject.weights);
    let images = &subject.calibrated(Criterion::SecondOrder.id())?.images;
    let counts: Vec<usize> = match pruning.scope {
        Scope::Layer => dense.sizes().into_iter().map(|size| count(pruning.sparsity.get(), size)).collect(),
        Scope::Global => lamp::keep(&dense, pruning).iter().map(|layer| layer.iter().filter(|keep| !**keep).count()).collect(),
    };
    let device = subject.network.device();
    let (weights, keep) = prune(subject.architecture, subject.weights, &counts, images, device, job).await?;
    Ok(Outcome { weights, mask: Mask::of(&layers, keep), note: String::new() })
}

/// Added to the Hessian's diagonal, in parts of its mean (the authors' value).
pub const DAMPING: f64 = 0.01;

/// Columns among which the weights to go are chosen at once (the authors' value).
pub const BLOCK: usize = 128;

/// The inner products of what comes into a layer, a matrix a group, row by row.
pub struct Hessian {
    /// Groups.
    pub groups: usize,
    /// Weights of an output: the matrix's side.
    pub side: usize,
    /// Places that the inner products are sums over.
    pub places: usize,
    /// The matrices, one after the other.
    pub values: Vec<f32>,
}

impl Hessian {
    /// `U` of each group, row by row, with `U^T U` the inverse of the matrix with damping on its diagonal, `side / places` more than is asked for.
    pub fn factors(&self, damping: f64) -> Vec<Vec<f32>> {
        let damping = damping + self.side as f64 / self.places.max(1) as f64;
        let one = |matrix: &[f32]| {
            let mut matrix: Vec<f64> = matrix.iter().map(|v| f64::from(*v)).collect();
            let diagonal: f64 = (0..self.side).map(|i| matrix[i * self.side + i]).sum();
            // Where nothing ever comes in, any number on the diagonal will do.
            let added = if diagonal > 0.0 { damping * diagonal / self.side as f64 } else { 1.0 };
            (0..self.side).for_each(|i| matrix[i * self.side + i] += added);
            inverse_factor(&mut matrix, self.side).into_iter().map(|v| v as f32).collect()
        };
        self.values.chunks_exact(self.side * self.side).map(one).collect()
    }
}

/// The Hessians of some layers on the calibration pictures, in the layers' order.
pub async fn hessians(network: &Network, layers: &[Layer], images: &[Tensor<4>], progress: &Progress<'_>) -> Result<Vec<Hessian>> {
    let mut sums: Vec<Option<Tensor<3>>> = vec![None; layers.len()];
    let mut places = vec![0; layers.len()];
    for image in images {
        progress.step().await?;
        let recorded = network.record_learning(image.clone());
        for (layer, input) in recorded.layer_inputs() {
            let Some(at) = layers.iter().position(|other| other.name == layer.name) else { continue };
            let columns = columns(layer, input);
            places[at] += columns.dims()[2];
            let part = columns.clone().matmul(columns.swap_dims(1, 2)) / images.len() as f32;
            sums[at] = Some(match sums[at].take() {
                Some(sum) => sum + part,
                None => part,
            });
        }
    }
    let mut found = Vec::with_capacity(layers.len());
    for ((layer, sum), places) in layers.iter().zip(sums).zip(places) {
        let (groups, side) = (layer.groups, layer.shape[1..].iter().product::<usize>());
        let values = match sum {
            Some(sum) => values(sum).await?,
            None => vec![0.0; groups * side * side],
        };
        found.push(Hessian { groups, side, places, values });
    }
    Ok(found)
}

/// How far the work is, over all layers.
pub struct Progress<'a> {
    job: &'a Job,
    done: Cell<u64>,
    total: u64,
}

impl<'a> Progress<'a> {
    /// Nothing done of so many passes.
    pub fn new(job: &'a Job, total: usize) -> Self {
        Self { job, done: Cell::new(0), total: total as u64 }
    }

    async fn step(&self) -> Result<()> {
        let done = self.done.replace(self.done.get() + 1);
        self.job.step(done, self.total).await
    }
}

/// The upper triangular U with `U^T U = M^-1`, of a positive definite matrix, which is overwritten. With `M = R R^T`, R upper triangular, it is the
/// inverse of R.
fn inverse_factor(m: &mut [f64], n: usize) -> Vec<f64> {
    for j in (0..n).rev() {
        let (above, row) = m.split_at_mut(j * n);
        let own: f64 = row[j + 1..n].iter().map(|v| v * v).sum();
        // Rounding can leave a hair less than nothing.
        let pivot = (row[j] - own).max(f64::MIN_POSITIVE).sqrt();
        row[j] = pivot;
        for other in above.chunks_exact_mut(n) {
            other[j] = (other[j] - dot(&other[j + 1..n], &row[j + 1..n])) / pivot;
        }
    }
    let mut inverse = vec![0.0; n * n];
    for i in (0..n).rev() {
        let (head, below) = inverse.split_at_mut((i + 1) * n);
        let own = &mut head[i * n..];
        for k in i + 1..n {
            let factor = m[i * n + k];
            let other = &below[(k - i - 1) * n..(k - i) * n];
            own[k..].iter_mut().zip(&other[k..]).for_each(|(a, b)| *a -= factor * b);
        }
        own[i] = 1.0;
        let pivot = m[i * n + i];
        own[i..].iter_mut().for_each(|v| *v /= pivot);
    }
    inverse
}

/// A sum of products in eight parts, which the compiler can do at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_rest, b_rest) = (a.chunks_exact(8).remainder(), b.chunks_exact(8).remainder());
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        (0..8).for_each(|i| sums[i] += a[i] * b[i]);
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

/// A layer's weights [out, in / groups * kernel] without `count` of them, and which were kept: the others make up for those that went. `scales`
/// say how much an output's error counts.
pub fn prune_layer(weights: &[f32], factors: &[Vec<f32>], scales: &[f32], count: usize, block: usize) -> (Vec<f32>, Vec<bool>) {
    let row = weights.len() / scales.len();
    let rows = scales.len() / factors.len();
    let (mut w, mut keep) = (weights.to_vec(), vec![true; weights.len()]);
    let mut gone = 0;
    for start in (0..row).step_by(block) {
        let end = (start + block).min(row);
        // As many of each block as columns, rounded so that the sum is exact.
        let wanted = (count as f64 * end as f64 / row as f64).round() as usize - gone;
        gone += wanted;
        let score = |output: usize, column: usize| {
            let pivot = factors[output / rows][column * row + column];
            (f64::from(w[output * row + column]) / f64::from(pivot) * f64::from(scales[output])).powi(2)
        };
        let scores = (0..scales.len()).flat_map(|output| (start..end).map(move |column| (output, column)));
        let scores: Vec<f64> = scores.map(|(output, column)| score(output, column)).collect();
        let kept = keep_all_but(&[scores], wanted).concat();
        for (output, kept) in kept.chunks_exact(end - start).enumerate() {
            let factor = &factors[output / rows];
            let own = &mut w[output * row..(output + 1) * row];
            for column in start..end {
                if kept[column - start] {
                    continue;
                }
                keep[output * row + column] = false;
                let along = &factor[column * row..(column + 1) * row];
                let error = own[column] / along[column];
                own[column..].iter_mut().zip(&along[column..]).for_each(|(w, u)| *w -= error * u);
                own[column] = 0.0;
            }
        }
    }
    // What later columns passed on must not bring back what is gone.
    w.iter_mut().zip(&keep).filter(|(_, keep)| !**keep).for_each(|(w, _)| *w = 0.0);
    (w, keep)
}

/// How far a layer's answers are from what they were, squared and in parts of what they were.
pub fn relative_error(dense: &[f32], pruned: &[f32], hessian: &Hessian, scales: &[f32]) -> f64 {
    let (side, rows) = (hessian.side, scales.len() / hessian.groups);
    let energy = |values: &dyn Fn(usize) -> f32| -> f64 {
        let of = |output: usize| {
            let matrix = &hessian.values[output / rows * side * side..];
            let row: Vec<f64> = (0..side).map(|i| f64::from(values(output * side + i))).collect();
            let product = |i: usize| {
                let line: Vec<f64> = matrix[i * side..(i + 1) * side].iter().map(|v| f64::from(*v)).collect();
                row[i] * dot(&line, &row)
            };
            (0..side).filter(|i| row[*i] != 0.0).map(product).sum::<f64>() * f64::from(scales[output]).powi(2)
        };
        (0..scales.len()).map(of).sum()
    };
    let whole = energy(&|at| dense[at]);
    if whole > 0.0 { energy(&|at| dense[at] - pruned[at]) / whole } else { 0.0 }
}

/// How much an output's error counts: the scale of the normalisation after the layer.
fn scales(weights: &Weights, layer: &Layer) -> Vec<f32> {
    let Some(norm) = &layer.norm else { return vec![1.0; layer.shape[0]] };
    let [gain, _, _, variance] = Norm::TENSORS.map(|part| &weights.get(&format!("{}.{part}", norm.name)).values);
    gain.iter().zip(variance.iter()).map(|(gain, variance)| gain / (variance + norm.epsilon).sqrt()).collect()
}

/// Layers of one block, which have the last part of their names apart.
fn blocks(layers: &[Layer]) -> Vec<Vec<usize>> {
    let parent = |layer: &Layer| layer.name.rsplit_once('.').map_or(layer.name.clone(), |(parent, _)| parent.to_string());
    let mut blocks: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let parent = parent(layer);
        match blocks.last_mut() {
            Some((last, members)) if *last == parent => members.push(at),
            _ => blocks.push((parent, vec![at])),
        }
    }
    blocks.into_iter().map(|(_, members)| members).collect()
}

/// The weights without `counts[layer]` of each layer's, and what is kept of each.
pub async fn prune(
    architecture: &'static Architecture,
    weights: &Weights,
    counts: &[usize],
    images: &[Tensor<4>],
    device: &Device,
    job: &Job,
) -> Result<(Weights, Vec<Vec<bool>>)> {
    let layers = architecture.layers_of(weights);
    let blocks = blocks(&layers);
    let progress = Progress::new(job, blocks.len() * images.len());
    let mut pruned = weights.clone();
    let mut kept: Vec<Vec<bool>> = layers.iter().map(|layer| vec![true; layer.shape.iter().product()]).collect();
    for members in blocks {
        let own: Vec<Layer> = members.iter().map(|at| layers[*at].clone()).collect();
        let network = Network::new(architecture, &pruned, device);
        let hessians = hessians(&network, &own, images, &progress).await?;
        let mut changed = Vec::new();
        for ((&at, layer), hessian) in members.iter().zip(&own).zip(&hessians) {
            let dense = &weights.get(&layer.weight_name()).values;
            let (values, keep) = prune_layer(dense, &hessian.factors(DAMPING), &scales(weights, layer), counts[at], BLOCK);
            changed.push((layer.weight_name(), values.into()));
            kept[at] = keep;
        }
        pruned = pruned.with(changed);
    }
    Ok((pruned, kept))
}
