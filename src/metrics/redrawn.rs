//! Networks that have forgotten weights: layers drawn anew as before training.

use std::sync::Arc;

use rand::RngExt;

use super::trial::Trial;
use crate::attribution::draw::Random;
use crate::models::layer::{Layer, Norm};
use crate::models::network::Network;
use crate::models::weights::Weights;

/// The weights of a trial's network, of which more and more layers are drawn anew.
pub struct Redrawn<'a> {
    trial: &'a Trial<'a>,
    weights: Weights,
    random: Random,
}

impl<'a> Redrawn<'a> {
    /// The network as it is: trained, and pruned if it was.
    pub fn new(trial: &'a Trial<'a>, random: Random) -> Self {
        let weights = trial.mask.map_or_else(|| trial.weights.clone(), |mask| mask.apply(trial.weights));
        Self { trial, weights, random }
    }

    /// Draws layers anew, in this order, as torch does before training: weights and biases uniform within `1 / sqrt(inputs of an output)`, a
    /// normalisation the identity. Weights that pruning set to zero stay zero.
    pub fn forget<'b>(&mut self, layers: impl IntoIterator<Item = &'b Layer>) {
        for layer in layers {
            let fan_in: usize = layer.shape[1..].iter().product();
            let bound = 1.0 / (fan_in as f64).sqrt();
            let mut draw =
                |count: usize| -> Vec<f32> { (0..count).map(|_| (self.random.random_range(-1.0..=1.0) * bound) as f32).collect() };
            let mut weight = draw(layer.shape.iter().product());
            let part = self.trial.mask.and_then(|mask| mask.layers.iter().find(|part| part.name == layer.weight_name()));
            if let Some(part) = part {
                weight.iter_mut().zip(&part.keep).filter(|(_, keep)| !**keep).for_each(|(w, _)| *w = 0.0);
            }
            let mut changed: Vec<(String, Arc<[f32]>)> = vec![(layer.weight_name(), weight.into())];
            if layer.bias {
                changed.push((format!("{}.bias", layer.name), draw(layer.shape[0]).into()));
            }
            if let Some(norm) = &layer.norm {
                let identity = Norm::TENSORS.into_iter().zip([1.0, 0.0, 0.0, 1.0]);
                changed.extend(identity.map(|(part, value)| (format!("{}.{part}", norm.name), vec![value; layer.shape[0]].into())));
            }
            self.weights = self.weights.with(changed);
        }
    }

    /// The generator, to go on with.
    pub fn into_random(self) -> Random {
        self.random
    }

    /// The weights as they are now.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The network as it is now, on the device of the trial's.
    pub fn network(&self) -> Network {
        Network::new(self.trial.architecture, &self.weights, self.trial.context.network.device())
    }
}
