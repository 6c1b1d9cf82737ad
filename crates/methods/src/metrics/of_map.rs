//! Measures that need only a map and, where it is known, the object's place.

use crate::metrics::{
    auc, best_iou, effective_complexity, energy_pointing_game, entropy, gini, pointing_game, relevance_mass, relevance_rank,
};
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::metrics::{Measure, Pooling};

/// Every measure that needs only a map and, where it is known, the object's place.
pub fn scores(map: &ChannelMap, mask: Option<&[bool]>) -> Vec<Score> {
    let reduced = map.reduced();
    // Signed maps are squared channel by channel, as the paper pools them; unsigned ones are reduced as their authors do.
    let pooled = match map.signed {
        true => &Pooling::Squared.pool(&map.values, map.channels),
        false => &reduced,
    };
    let value = |measure: Measure| -> Option<Result<f32>> {
        match measure {
            Measure::RelevanceMass => mask.map(|mask| relevance_mass::relevance_mass_accuracy(pooled, mask)),
            Measure::RelevanceRank => mask.map(|mask| relevance_rank::relevance_rank_accuracy(pooled, mask)),
            Measure::PointingGame => mask.map(|mask| pointing_game::pointing_game(pooled, mask)),
            Measure::EnergyPointingGame => mask.map(|mask| energy_pointing_game::energy_pointing_game(&reduced, mask)),
            Measure::BestIou => mask.map(|mask| best_iou::best_iou(pooled, mask)),
            Measure::Auc => mask.map(|mask| auc::auc(pooled, mask)),
            Measure::Gini => Some(gini::gini(&reduced)),
            Measure::Entropy => Some(entropy::entropy(&reduced)),
            Measure::EffectiveComplexity => Some(effective_complexity::effective_complexity(&reduced)),
            _ => None,
        }
    };
    Measure::ALL.into_iter().filter_map(|measure| Some(Score { measure, value: value(measure)? })).collect()
}
