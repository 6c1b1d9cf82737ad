//! What a measure registers.

use super::trial::{Outcome, Trial};
use crate::registry;
use crate::registry::Pending;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Pooling;
use sweetspot_core::metrics::measure::{Kind, MeasureInfo};

/// A map as measures that need no network look at it, one value a pixel, row by row.
pub struct Values {
    /// As the method's authors reduce channels.
    pub reduced: Vec<f32>,
    /// Never negative for signed maps: squared channel by channel and summed, as the paper pools them. As reduced for the others.
    pub pooled: Vec<f32>,
}

impl Values {
    /// Of a map.
    pub fn of(map: &ChannelMap) -> Self {
        let reduced = map.reduced();
        let pooled = if map.signed { Pooling::Squared.pool(&map.values, map.channels) } else { reduced.clone() };
        Self { reduced, pooled }
    }
}

/// How a measure is computed.
#[derive(Debug, Clone, Copy)]
pub enum Compute {
    /// From a map and the object's mask, which has as many pixels: measures of place.
    Place(fn(&Values, &[bool]) -> Result<f32>),
    /// From a map alone: measures of complexity.
    Map(fn(&Values) -> Result<f32>),
    /// With the network: all others.
    Network(for<'a> fn(&'a Trial<'a>) -> Pending<'a, Outcome>),
}

impl Compute {
    /// Whether it is the way to compute measures of a kind.
    pub fn suits(self, kind: Kind) -> bool {
        match self {
            Self::Place(_) => kind == Kind::Place,
            Self::Map(_) => kind == Kind::Complexity,
            Self::Network(_) => matches!(kind, Kind::Faithfulness | Kind::Robustness | Kind::Randomisation),
        }
    }
}

/// A measure with what computes it.
pub type Entry = registry::Entry<MeasureInfo, Compute>;
