//! The same at every layer of both networks, or along sparsities.

use serde::{Deserialize, Serialize};

use super::discover::DiscoveryView;
use super::kind::Kind;
use sweetspot_core::discovery::Box4;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;

/// Look for the object on an experiment's picture at every layer, or at some sparsities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepDiscovery {
    /// Which networks, on which picture, and how.
    pub experiment: Experiment,
    /// AxisPlace what.
    pub strip: DiscoveryAxis,
}

impl Kind for SweepDiscovery {
    type Finding = DiscoverySweepFinding;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// A part of what is found along a strip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DiscoverySweepFinding {
    /// What the networks are shown; before anything that was found there.
    DiscoveryView(DiscoveryView),
    /// What a network finds at a place of the strip.
    DiscoveryAt(DiscoveryAt),
}

/// What is followed along a strip of small pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DiscoveryAxis {
    /// Every layer of both networks.
    Layers,
    /// Some sparsities, each a pruned network of its own beside the dense one.
    Sparsities(Vec<Sparsity>),
}

/// The most sparsities of a strip.
pub const MOST_SPARSITIES: usize = 32;

impl DiscoveryAxis {
    /// Checks that there are few sparsities, all of which can be had.
    pub fn check(&self) -> Result<()> {
        let Self::Sparsities(sparsities) = self else { return Ok(()) };
        if sparsities.len() > MOST_SPARSITIES {
            return Err(Error::bad_value("the number of sparsities", sparsities.len(), "at most 32"));
        }
        sparsities.iter().try_for_each(|sparsity| Sparsity::new(sparsity.get()).map(drop))
    }
}

/// Where on a strip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AxisPlace {
    /// At a layer.
    Layer(String),
    /// At a sparsity.
    Sparsity(Sparsity),
}

/// What a network finds at a place of a strip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryAt {
    /// The place.
    pub along: AxisPlace,
    /// Which network.
    pub side: Side,
    /// The boxes, the first found first, in pixels of the [`DiscoveryView`].
    pub boxes: Vec<Box4>,
    /// Why there are none, or what else a reader should know.
    pub note: String,
}

/// Whether a tap is a whole layer or block, and no part of one.
pub fn is_layer(tap: &str) -> bool {
    !tap.contains(".attn.") && !tap.ends_with(".norm1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_are_bounded() {
        assert!(DiscoveryAxis::Sparsities(vec![Sparsity::ZERO, Sparsity::MAX]).check().is_ok());
        // A checkpoint may be sparser than a network that can be asked for.
        let whole = Sparsity::of_weights(1, 1);
        for bad in [vec![Sparsity::ZERO; 33], vec![whole]] {
            assert!(DiscoveryAxis::Sparsities(bad).check().is_err());
        }
    }
}
