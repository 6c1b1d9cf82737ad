//! Which channels of a network have to go together. Found by following every channel through one recorded pass, so that an architecture
//! says nothing of it (the dependency graph of Fang et al., CVPR 2023, on single channels).
//!
//! A channel is written by filters and read by the inputs of other layers. A sum ties the channels that it adds: they go together or not at
//! all. So does a convolution that keeps channels apart. A channel stays where taking it out would be something else than setting it to
//! zero: among the answers, in the picture, where tokens are normalised over channels, in attention's queries, keys and values, and where
//! something is added to it that does not depend on the picture.

use std::collections::BTreeMap;

use burn::tensor::Tensor;

use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::tape::Operation;
use sweetspot_nn::weights::Weights;

/// Channels that can go, in groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// The network's layers, in its order.
    pub layers: Vec<Layer>,
    /// The groups, in the order of their first layers.
    pub groups: Vec<Group>,
}

/// Channels written by the same layers. They compete with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Places of the layers whose filters write these channels.
    pub layers: Vec<usize>,
    /// The channels, in the order of their filters.
    pub channels: Vec<Channel>,
}

/// One channel, with everything that goes with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channel {
    /// The filters that write it: a layer's place, and which of its outputs.
    pub filters: Vec<(usize, usize)>,
    /// What reads it: a layer's place, and which of its inputs. Layers that keep channels apart have no inputs of their own.
    pub readers: Vec<(usize, usize)>,
}

impl Groups {
    /// The groups of a dense network with these weights, from a pass of a picture [1, 3, h, w] of the size it is made for; neither the weights'
    /// nor the picture's values matter.
    pub fn of(network: &Network, weights: &Weights, picture: Tensor<4>) -> Self {
        let layers = network.architecture().layers_of(weights);
        let traced = trace(network, picture, &layers);
        let groups = gather(traced, &layers);
        Self { layers, groups }
    }
}

/// Channels while they are followed: each has a number, and of channels tied together one stands for all.
#[derive(Default)]
struct Wires {
    tied_to: Vec<usize>,
    stays: Vec<bool>,
}

impl Wires {
    fn lay(&mut self, count: usize, stays: bool) -> Vec<usize> {
        let first = self.tied_to.len();
        self.tied_to.extend(first..first + count);
        self.stays.resize(first + count, stays);
        (first..first + count).collect()
    }

    fn find(&mut self, mut wire: usize) -> usize {
        while self.tied_to[wire] != wire {
            self.tied_to[wire] = self.tied_to[self.tied_to[wire]];
            wire = self.tied_to[wire];
        }
        wire
    }

    fn tie(&mut self, some: &[usize], others: &[usize]) {
        if some.len() != others.len() {
            // One is repeated for all of the other's channels.
            self.keep(some);
            self.keep(others);
            return;
        }
        for (one, other) in some.iter().zip(others) {
            let (one, other) = (self.find(*one), self.find(*other));
            self.tied_to[other] = one;
            self.stays[one] |= self.stays[other];
        }
    }

    fn keep(&mut self, wires: &[usize]) {
        for wire in wires {
            let wire = self.find(*wire);
            self.stays[wire] = true;
        }
    }
}

/// What was found of each layer: the numbers of the channels that it writes and reads. Empty for a layer that no picture goes through.
struct Traced {
    wires: Wires,
    outputs: Vec<Vec<usize>>,
    inputs: Vec<Vec<usize>>,
}

fn trace(network: &Network, picture: Tensor<4>, layers: &[Layer]) -> Traced {
    let colours = picture.dims()[1];
    let recorded = network.record(picture);
    let (operations, answer) = recorded.operations();
    let mut wires = Wires::default();
    let (mut outputs, mut inputs) = (vec![Vec::new(); layers.len()], vec![Vec::new(); layers.len()]);
    // The channels of each operation's output.
    let mut channels: Vec<Vec<usize>> = Vec::with_capacity(operations.len());
    for operation in operations {
        let found = match operation {
            Operation::Leaf => wires.lay(colours, true),
            Operation::Convolve { from, layer, .. } => {
                let read = channels[*from].clone();
                let Some(at) = layers.iter().position(|l| l.name == layer.layer.name) else {
                    // No layer of the architecture's: nothing can be said of its channels.
                    wires.keep(&read);
                    channels.push(wires.lay(layer.layer.shape[0], true));
                    continue;
                };
                let layer = &layers[at];
                let written = wires.lay(layer.shape[0], false);
                let apart = layer.depthwise();
                if apart {
                    wires.tie(&read, &written);
                } else if layer.groups > 1 {
                    wires.keep(&read);
                    wires.keep(&written);
                }
                // A layer that is used twice has the same filters both times.
                wires.tie_again(&mut outputs[at], &written);
                if !apart {
                    wires.tie_again(&mut inputs[at], &read);
                }
                written
            }
            Operation::Join { from } => {
                let parts = from.iter().map(|(node, count)| match node {
                    Some(node) => channels[*node].clone(),
                    None => wires.lay(*count, true),
                });
                parts.collect::<Vec<_>>().concat()
            }
            Operation::Add { from } => {
                let first = channels[from[0]].clone();
                from[1..].iter().for_each(|node| wires.tie(&first, &channels[*node]));
                if from.len() == 1 {
                    // The other summand does not depend on the picture, and so is not on the tape.
                    wires.keep(&first);
                }
                first
            }
            // Zeros stay zeros.
            Operation::Rectify { from, .. }
            | Operation::RectifyTo6 { from, .. }
            | Operation::Gelu { from, .. }
            | Operation::Pool { from, .. }
            | Operation::Average { from, .. }
            | Operation::First { from, .. }
            | Operation::Roll { from, .. } => channels[*from].clone(),
            Operation::Tokens { from, .. } | Operation::Normalise { from, .. } | Operation::Standardise { from, .. } => {
                wires.keep(&channels[*from]);
                channels[*from].clone()
            }
            // Values may come to other channels.
            Operation::Rearrange { from, .. } => {
                wires.keep(&channels[*from]);
                Vec::new()
            }
            // What it is added to or multiplied with has other channels than these, and stays.
            Operation::Parameter { .. } => Vec::new(),
            Operation::Attend { from, .. } => {
                from.iter().flatten().for_each(|node| wires.keep(&channels[*node]));
                Vec::new()
            }
            Operation::Mix { from: [_, values], .. } => {
                let values = values.map_or_else(Vec::new, |node| channels[node].clone());
                wires.keep(&values);
                values
            }
        };
        channels.push(found);
    }
    if let Some(answer) = answer {
        wires.keep(&channels[answer]);
    }
    Traced { wires, outputs, inputs }
}

impl Wires {
    /// Ties channels to those that were here before, if any.
    fn tie_again(&mut self, before: &mut Vec<usize>, now: &[usize]) {
        match before.is_empty() {
            true => before.extend(now),
            false => self.tie(before, now),
        }
    }
}

fn gather(traced: Traced, layers: &[Layer]) -> Vec<Group> {
    let Traced { mut wires, outputs, inputs } = traced;
    let mut channels: BTreeMap<usize, Channel> = BTreeMap::new();
    for (at, layer) in layers.iter().enumerate() {
        for (index, wire) in outputs[at].iter().enumerate() {
            channels.entry(wires.find(*wire)).or_default().filters.push((at, index));
        }
        // Channels in groups stay anyway, and are counted otherwise.
        if layer.groups == 1 {
            for (index, wire) in inputs[at].iter().enumerate() {
                channels.entry(wires.find(*wire)).or_default().readers.push((at, index));
            }
        }
    }
    let free = channels.into_iter().filter(|(wire, _)| !wires.stays[*wire]).map(|(_, channel)| channel);
    let mut groups: BTreeMap<Vec<usize>, Vec<Channel>> = BTreeMap::new();
    for channel in free {
        let mut writers: Vec<usize> = channel.filters.iter().map(|(layer, _)| *layer).collect();
        writers.dedup();
        groups.entry(writers).or_default().push(channel);
    }
    let ordered = |(layers, mut channels): (Vec<usize>, Vec<Channel>)| {
        channels.sort_by(|a, b| a.filters.cmp(&b.filters));
        Group { layers, channels }
    };
    groups.into_iter().map(ordered).collect()
}
