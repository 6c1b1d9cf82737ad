//! The measures that are shipped: a file each, and a line in the list below. The file of the same name in `crates/methods/src/metrics/` computes it.
#![allow(non_upper_case_globals, reason = "a measure is written like a variant, Measure::Gini, and values hold that name")]

pub mod auc;
pub mod best_iou;
pub mod deletion;
pub mod effective_complexity;
pub mod energy_pointing_game;
pub mod entropy;
pub mod gini;
pub mod infidelity;
pub mod insertion;
pub mod local_lipschitz;
pub mod max_sensitivity;
pub mod parameter_randomisation;
pub mod pixel_flipping;
pub mod pointing_game;
pub mod random_logit;
pub mod relevance_mass;
pub mod relevance_rank;
pub mod road;
pub mod sufficiency;
pub mod untrained;

use super::measure::{Measure, MeasureInfo};
use crate::registry::{Described, Registry, shipped};

/// Every measure, in the order tables show.
static MEASURES: Registry<MeasureInfo> = Registry::new(shipped![Measure:
    RelevanceMass,
    RelevanceRank,
    PointingGame,
    EnergyPointingGame,
    BestIou,
    Auc,
    Gini,
    Entropy,
    EffectiveComplexity,
    Deletion,
    Insertion,
    PixelFlipping,
    Road,
    Infidelity,
    Sufficiency,
    MaxSensitivity,
    LocalLipschitz,
    ParameterRandomisation,
    RandomLogit,
    Untrained,
]);

impl Described for MeasureInfo {
    const KIND: &'static str = "measure";
    const SEPARATOR: char = '_';

    fn id(&self) -> &'static str {
        self.id
    }

    fn registry() -> &'static Registry<Self> {
        &MEASURES
    }
}
