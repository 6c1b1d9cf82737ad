//! Networks that have forgotten weights: layers drawn anew as before training.

use std::sync::Arc;

use rand::RngExt;

use super::trial::Trial;
use crate::attribution::draw::{Random, normal};
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

    /// Makes anew what belongs to no layer, as before training: class token and positions normal with a deviation of 0.02, normalisations the
    /// identity.
    pub fn forget_extras(&mut self) {
        let made = (self.trial.architecture.extras)().into_iter().map(|(name, shape)| {
            let values = untrained(&name, &shape, &mut self.random);
            (name, values.into())
        });
        let made: Vec<(String, Arc<[f32]>)> = made.collect();
        self.weights = self.weights.with(made);
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

/// Deviation of tokens and positions before training (Dosovitskiy et al., 2021; timm and torchvision).
const TOKENS: f64 = 0.02;

/// A parameter that belongs to no layer, before training: a vector is a normalisation's, anything else holds tokens.
fn untrained(name: &str, shape: &[usize], random: &mut Random) -> Vec<f32> {
    let size = shape.iter().product();
    match shape.len() {
        1 => vec![if name.ends_with(".weight") { 1.0 } else { 0.0 }; size],
        _ => normal(random, TOKENS, size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::draw::random;

    #[test]
    fn what_belongs_to_no_layer_starts_anew() {
        let mut random = random(1);
        assert_eq!(untrained("norm.weight", &[3], &mut random), [1.0; 3]);
        assert_eq!(untrained("norm.bias", &[3], &mut random), [0.0; 3]);
        let positions = untrained("pos_embed", &[1, 50, 200], &mut random);
        let deviation = (positions.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / 10_000.0).sqrt();
        assert!((deviation - 0.02).abs() < 1e-3, "{deviation}");
    }
}
