//! Filter pruning: whole channels are taken out of a network, with the filters that write them and the weights that read them. What is left
//! is a smaller network of the same architecture: fewer multiply-accumulates, not zeros among them.

use std::collections::BTreeMap;

use super::entry::{Compute, Entry};
use super::filters::Importance;
use super::groups::{Group, Groups};
use super::mask::{LayerMask, Mask};
use super::subject::{Outcome, Subject};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::Scope;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_nn::job::Job;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::weights::{Array, Weights};

pub(crate) const FILTER_L1: Entry = Entry {
    of: Criterion::FilterL1,
    compute: Compute::Network(|subject, pruning, job| Box::pin(prune(subject, Importance::L1, pruning, job))),
};
pub(crate) const FILTER_L2: Entry = Entry {
    of: Criterion::FilterL2,
    compute: Compute::Network(|subject, pruning, job| Box::pin(prune(subject, Importance::L2, pruning, job))),
};
pub(crate) const FILTER_MEDIAN: Entry = Entry {
    of: Criterion::FilterMedian,
    compute: Compute::Network(|subject, pruning, job| Box::pin(prune(subject, Importance::Median, pruning, job))),
};
pub(crate) const FILTER_SCALE: Entry = Entry {
    of: Criterion::FilterScale,
    compute: Compute::Network(|subject, pruning, job| Box::pin(prune(subject, Importance::Scale, pruning, job))),
};

/// The subject without its least important channels.
async fn prune(subject: &Subject<'_>, importance: Importance, pruning: &Pruning, job: &Job) -> Result<Outcome> {
    job.step(0, 1).await?;
    let removed = remove(subject.groups(), subject.weights, importance, pruning.scope, pruning.sparsity.get())?;
    let note = removed.note();
    Ok(Outcome { weights: removed.weights, mask: removed.mask, note })
}

/// The least share of a group's channels that stays, rounded up to whole channels: a layer without channels would end the network.
pub const FLOOR: f64 = 0.1;

/// A network without some of its channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Removed {
    /// Its tensors, smaller than the dense network's.
    pub weights: Weights,
    /// What is left as a mask of the dense network: with it, the dense network gives the same answers.
    pub mask: Mask,
    /// Which channels are left, a layer an entry, in network order.
    pub channels: Vec<Kept>,
}

/// The output channels of a layer that are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The layer's name.
    pub layer: String,
    /// Which channels of the dense layer are left, ascending.
    pub kept: Vec<usize>,
    /// How many channels the dense layer has.
    pub total: usize,
}

impl Removed {
    /// One sentence on what is left.
    pub fn note(&self) -> String {
        let (left, all) = self.channels.iter().fold((0, 0), |(left, all), layer| (left + layer.kept.len(), all + layer.total));
        let report = self.mask.report();
        let share = 100.0 * report.pruned as f64 / report.prunable as f64;
        format!("{left} of {all} filters are left; {share:.1} % of the weights went with the others, as near as whole filters come.")
    }
}

/// Takes the least important channels out.
///
/// `sparsity` is the share of all prunable weights to be gone with them, 0 to [`Sparsity::MAX`]. Whole channels have no exact share: of the
/// numbers of channels the one is taken that comes nearest, the lower of two; [`Mask::report`] tells what was reached. In [`Scope::Layer`]
/// every group loses the same share of its channels. In [`Scope::Global`] the channels of all groups compete by their importance divided by
/// the group's mean, since filters of different sizes have different norms (the mean normalisation of Torch-Pruning). In both, [`FLOOR`] of
/// a group's channels stay; of equally important channels that with the lower index goes first.
pub fn remove(groups: &Groups, weights: &Weights, importance: Importance, scope: Scope, sparsity: f64) -> Result<Removed> {
    Sparsity::new(sparsity)?;
    let order = order(groups, weights, importance, scope)?;
    Ok(Left::after(groups, &order, sparsity).cut(groups, weights))
}

/// The channels that can go, the first to go first: a group's place, and which of its channels.
fn order(groups: &Groups, weights: &Weights, importance: Importance, scope: Scope) -> Result<Vec<(usize, usize)>> {
    let absent = |reason: &str| Error::Absent {
        id: String::new(),
        method: format!("filter pruning by {}", importance.what()),
        reason: reason.into(),
    };
    if groups.groups.is_empty() {
        return Err(absent("no channel of this network can be taken out without changing what the others say"));
    }
    let mut candidates = Vec::new();
    for (at, group) in groups.groups.iter().enumerate() {
        let layer = &groups.layers[group.layers[0]].name;
        let Some(importances) = importance.of(group, groups, weights) else {
            return Err(absent(&format!("no batch normalisation follows the layer {layer}, whose channels can go")));
        };
        for (place, channel) in removable(&importances).into_iter().enumerate() {
            let key = match scope {
                Scope::Layer => (place + 1) as f64 / importances.len() as f64,
                Scope::Global => compared(importances[channel], &importances),
            };
            candidates.push((key, at, channel));
        }
    }
    // Stable: of equal keys the first group's goes first, and a group's channels keep their order.
    candidates.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
    Ok(candidates.into_iter().map(|(_, group, channel)| (group, channel)).collect())
}

/// A group's channels that may go, the least important first.
fn removable(importances: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..importances.len()).collect();
    order.sort_by(|a, b| importances[*a].total_cmp(&importances[*b]));
    let stay = ((importances.len() as f64 * FLOOR).ceil() as usize).max(1);
    order.truncate(importances.len() - stay);
    order
}

/// An importance as a multiple of the group's mean. Where all are zero, all are equal.
fn compared(importance: f64, all: &[f64]) -> f64 {
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    if mean > 0.0 { importance / mean } else { 0.0 }
}

/// Which outputs and inputs of each layer are left, and how many.
#[derive(Clone)]
struct Left {
    outputs: Vec<Vec<bool>>,
    inputs: Vec<Vec<bool>>,
    counts: Vec<(usize, usize)>,
}

impl Left {
    /// Takes as many channels out, in this order, as come nearest to a share of all weights.
    fn after(groups: &Groups, order: &[(usize, usize)], sparsity: f64) -> Self {
        let mut left = Self {
            outputs: groups.layers.iter().map(|layer| vec![true; layer.shape[0]]).collect(),
            inputs: groups.layers.iter().map(|layer| vec![true; layer.shape[1]]).collect(),
            counts: groups.layers.iter().map(|layer| (layer.shape[0], layer.shape[1])).collect(),
        };
        let total = left.weights(&groups.layers);
        let target = sparsity * total as f64;
        let (mut here, mut step) = (left.clone(), 0);
        let mut nearest = (target, 0);
        while let Some(&(group, channel)) = order.get(step) {
            here.take_out(&groups.groups[group], channel);
            step += 1;
            let gone = (total - here.weights(&groups.layers)) as f64;
            if (gone - target).abs() < nearest.0 {
                nearest = ((gone - target).abs(), step);
            }
            if gone > target {
                break;
            }
        }
        order[..nearest.1].iter().for_each(|(group, channel)| left.take_out(&groups.groups[*group], *channel));
        left
    }

    fn take_out(&mut self, group: &Group, channel: usize) {
        for (layer, output) in &group.channels[channel].filters {
            self.outputs[*layer][*output] = false;
            self.counts[*layer].0 -= 1;
        }
        for (layer, input) in &group.channels[channel].readers {
            self.inputs[*layer][*input] = false;
            self.counts[*layer].1 -= 1;
        }
    }

    /// How many weights are left.
    fn weights(&self, layers: &[Layer]) -> usize {
        let kernel = |layer: &Layer| layer.shape[2..].iter().product::<usize>();
        layers.iter().zip(&self.counts).map(|(layer, (outputs, inputs))| outputs * inputs * kernel(layer)).sum()
    }

    /// The tensors, the mask and the channels that are left.
    fn cut(&self, groups: &Groups, dense: &Weights) -> Removed {
        let mut tensors: BTreeMap<String, Array> = dense.tensors().clone();
        let (mut masks, mut channels) = (Vec::new(), Vec::new());
        for (at, layer) in groups.layers.iter().enumerate() {
            let (outputs, inputs) = (&self.outputs[at], &self.inputs[at]);
            for (name, shape) in layer.tensors() {
                let inputs = if shape.len() > 1 { inputs.as_slice() } else { &[true] };
                let cut = cut(dense.get(&name), outputs, inputs);
                tensors.insert(name, cut);
            }
            let kernel = layer.shape[2..].iter().product();
            let keep = outputs.iter().flat_map(|output| inputs.iter().flat_map(move |input| [*output && *input].repeat(kernel))).collect();
            masks.push(LayerMask { name: layer.weight_name(), shape: layer.shape.clone(), keep });
            let kept = (0..outputs.len()).filter(|output| outputs[*output]).collect();
            channels.push(Kept { layer: layer.name.clone(), kept, total: outputs.len() });
        }
        Removed { weights: Weights::cut(tensors), mask: Mask { layers: masks }, channels }
    }
}

/// A tensor [out, in, ...] or [out] without some of its outputs and inputs.
fn cut(array: &Array, outputs: &[bool], inputs: &[bool]) -> Array {
    let piece = array.values.len() / (outputs.len() * inputs.len());
    let kept = outputs.iter().flat_map(|output| inputs.iter().map(move |input| *output && *input));
    let values = array.values.chunks_exact(piece).zip(kept).filter(|(_, kept)| *kept).flat_map(|(piece, _)| piece).copied().collect();
    let mut shape = array.shape.clone();
    for (length, kept) in shape.iter_mut().zip([outputs, inputs]) {
        *length = kept.iter().filter(|kept| **kept).count();
    }
    Array { shape, values }
}
