//! Networks that have forgotten weights: layers drawn anew as before training.

use std::sync::Arc;

use super::trial::Trial;
use sweetspot_core::draw::Random;
use sweetspot_nn::initial;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

/// The weights of a trial's network, of which more and more layers are drawn anew.
pub struct Redrawn<'a> {
    trial: &'a Trial<'a>,
    weights: Weights,
    random: Random,
}

impl<'a> Redrawn<'a> {
    /// The network as it is: trained, and pruned if it was.
    pub fn new(trial: &'a Trial<'a>, random: Random) -> Self {
        Self { trial, weights: trial.weights.clone(), random }
    }

    /// Draws layers anew, in this order, as before training. Weights that pruning set to zero stay zero, and filters that it took out stay away.
    pub fn forget<'b>(&mut self, layers: impl IntoIterator<Item = &'b Layer>) {
        for layer in layers {
            let mut tensors = initial::layer(layer, &mut self.random);
            let part = self.trial.mask.and_then(|mask| mask.layers.iter().find(|part| part.name == layer.weight_name()));
            // Where filters are gone, all that is left of a layer stays.
            let part = part.filter(|part| part.shape == layer.shape);
            if let (Some(part), Some((_, weight))) = (part, tensors.first_mut()) {
                weight.iter_mut().zip(&part.keep).filter(|(_, keep)| !**keep).for_each(|(w, _)| *w = 0.0);
            }
            self.weights = self.weights.with(tensors.into_iter().map(|(name, values)| (name, values.into())));
        }
    }

    /// Makes anew what belongs to no layer, as before training.
    pub(crate) fn forget_extras(&mut self) {
        let made = (self.trial.architecture.extras)().into_iter().map(|(name, shape)| {
            let values = initial::extra(&name, &shape, &mut self.random);
            (name, values.into())
        });
        let made: Vec<(String, Arc<[f32]>)> = made.collect();
        self.weights = self.weights.with(made);
    }

    /// The generator, to go on with.
    pub(crate) fn into_random(self) -> Random {
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
