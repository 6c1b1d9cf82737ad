//! What a lesson can quote of what was computed.

use crate::error::{Error, Result};
use crate::metrics::Measure;
use crate::side::Side;

/// Something that is computed, by its name in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// `{top1.dense}`: a network's first class with its probability.
    First(Side),
    /// `{class.dense}`: a network's first class.
    Class(Side),
    /// `{probability.dense}`: the probability of a network's first class.
    Probability(Side),
    /// `{explained.dense}`: the class that a network's map explains.
    Explained(Side),
    /// `{explained-probability.dense}`: the probability that a network gives that class.
    ExplainedProbability(Side),
    /// `{overlap.dense}`: how far the box that a network's features set apart covers the true one.
    Overlap(Side),
    /// `{relevance_mass_accuracy.dense}`: a measure of a network's map, by the measure's name.
    Score(Measure, Side),
    /// `{even}`: the share of the view that the object covers, which is what an even map would score.
    Even,
    /// `{sparsity}`: the share of the weights that is pruned.
    Sparsity,
    /// `{left}`: how many weights remain.
    Left,
    /// `{weights}`: how many weights can be pruned.
    Weights,
    /// `{right}`: how often a stored network is right on test scenes, as its card says.
    Right,
}

impl Quantity {
    /// The quantity of a name.
    pub fn from_name(name: &str) -> Result<Self> {
        let unknown = || {
            let known = [
                "top1.SIDE",
                "class.SIDE",
                "probability.SIDE",
                "explained.SIDE",
                "explained-probability.SIDE",
                "overlap.SIDE",
                "MEASURE.SIDE",
                "even",
                "sparsity",
                "left",
                "weights",
                "right",
            ];
            Error::unknown("quantity", name, known)
        };
        let Some((what, side)) = name.split_once('.') else {
            return match name {
                "even" => Ok(Self::Even),
                "sparsity" => Ok(Self::Sparsity),
                "left" => Ok(Self::Left),
                "weights" => Ok(Self::Weights),
                "right" => Ok(Self::Right),
                _ => Err(unknown()),
            };
        };
        let side = match side {
            "dense" => Side::Dense,
            "pruned" => Side::Pruned,
            _ => return Err(unknown()),
        };
        match what {
            "top1" => Ok(Self::First(side)),
            "class" => Ok(Self::Class(side)),
            "probability" => Ok(Self::Probability(side)),
            "explained" => Ok(Self::Explained(side)),
            "explained-probability" => Ok(Self::ExplainedProbability(side)),
            "overlap" => Ok(Self::Overlap(side)),
            // Measures that are asked for one by one are not there when a step is entered.
            measure => match Measure::from_id(measure) {
                Ok(measure) if !measure.needs_network() => Ok(Self::Score(measure, side)),
                _ => Err(unknown()),
            },
        }
    }
}
