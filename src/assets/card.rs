//! The card of a network of the reader's own.

use sweetspot_core::card::Card;
use sweetspot_protocol::OwnWeights;

/// What is known of own weights, with the classes and pictures of a shipped network like it.
pub fn card_of_own(own: &OwnWeights, like: Option<Card>) -> Card {
    let (labels, pack) = like.map(|card| (card.labels, card.pack)).unwrap_or_default();
    Card {
        id: own.id.clone(),
        title: own.title.clone(),
        says: own.says.clone(),
        architecture: own.architecture.clone(),
        classes: own.classes,
        labels,
        pack,
        prunable: own.model.prunable,
        taps: own.model.taps.clone(),
        default_tap: own.model.default_tap.clone(),
        ..Card::default()
    }
}
