//! How often the objects that networks find are where objects are, over a set of pictures (CorLoc).

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Experiment;

/// Look for objects on many pictures with both networks, and count how often they are found. Told again and again while the count grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountCorLoc {
    /// Which networks, and how; its picture does not matter.
    pub experiment: Experiment,
    /// On which pictures.
    pub set: EvaluationSet,
}

impl Kind for CountCorLoc {
    type Finding = Located;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// Pictures with objects whose place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EvaluationSet {
    /// The gallery's photos, with boxes drawn by hand.
    Photos,
    /// The gallery's cut-outs on other backgrounds, with exact masks.
    Cutouts,
    /// The scenes of the shipped pack, with exact masks.
    Scenes,
}

impl EvaluationSet {
    /// Every set, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Photos, Self::Cutouts, Self::Scenes];

    /// The name in forms.
    pub fn id(self) -> &'static str {
        match self {
            Self::Photos => "gallery",
            Self::Cutouts => "cutouts",
            Self::Scenes => "scenes",
        }
    }

    /// What they are: "52 photos".
    pub fn title(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Cutouts => "cut-outs",
            Self::Scenes => "scenes",
        }
    }

    /// The set of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|set| set.id() == id).ok_or_else(|| Error::unknown("pictures", id, Self::ALL.map(Self::id)))
    }
}

/// On how many pictures each network's box is right, meaning that it covers a true box with an intersection over union of at least one half (CorLoc).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Located {
    /// Which pictures.
    pub set: EvaluationSet,
    /// How many were looked at so far; those without an object in sight do not count.
    pub pictures: usize,
    /// Of how many in all.
    pub total: usize,
    /// How many have no object in what the networks see.
    pub without: usize,
    /// On how many the dense network's box is right.
    pub dense: Tally,
    /// And the pruned network's.
    pub pruned: Tally,
    /// A 95 % interval of the pruned network's share less the dense network's: by bootstrap over the pictures, each with both answers.
    pub difference: [f64; 2],
    /// Whether all were looked at.
    pub complete: bool,
}

/// So many right, with a 95 % interval of the share, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub right: usize,
    /// By bootstrap over the pictures.
    pub interval: [f64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn albums_have_names() {
        assert!(EvaluationSet::ALL.into_iter().all(|set| EvaluationSet::from_id(set.id()) == Ok(set)));
        assert!(EvaluationSet::from_id("attic").is_err());
    }
}
