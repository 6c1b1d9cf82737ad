//! Experiments made to fit: what one part of an experiment asks of the others.

use leptos::prelude::*;

use crate::stores::Stores;
use sweetspot_core::experiment::{Experiment, ImageRef, Target};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::sparsity::Sparsity;

/// An experiment with a sparsity and a seed that its criterion has: a pattern's own, or those of the nearest checkpoint.
pub fn fitted(stores: Stores, mut experiment: Experiment) -> Experiment {
    let pruning = &mut experiment.pruning;
    let info = pruning.criterion.info();
    if let Some(fixed) = info.fixed.and_then(|fixed| Sparsity::new(fixed).ok()) {
        pruning.sparsity = fixed;
    }
    if info.kind == Kind::Trained
        && let Some(card) = untrack(|| stores.catalogue.card_of(&experiment.model))
    {
        let seeds = card.seeds(pruning.criterion);
        if let Some(first) = seeds.first().filter(|_| !seeds.contains(&pruning.seed)) {
            pruning.seed = *first;
        }
        let stops = card.stops(pruning.criterion, pruning.seed);
        pruning.sparsity = pruning.sparsity.nearest(stops).unwrap_or(pruning.sparsity);
    }
    experiment
}

/// What a change of an experiment entails: another network wants a picture of what it knows, and classes and criteria that it has.
pub(super) fn entailed(stores: Stores, before: &Experiment, mut after: Experiment) -> Experiment {
    let catalogue = stores.catalogue;
    if after.model != before.model {
        after.attribution.tap = None;
        (after.discovery.tap, after.discovery.facet, after.discovery.settings) = Default::default();
        let [old, new] = [before, &after].map(|experiment| untrack(|| catalogue.card_of(&experiment.model)));
        if let Some(new) = new {
            let criterion = after.pruning.criterion;
            if criterion.info().kind == Kind::Trained && new.made_by(criterion).next().is_none() {
                after.pruning.choose(Criterion::Magnitude);
            }
            if matches!(after.target, Target::Class(_)) && old.is_none_or(|old| (old.names(), old.classes) != (new.names(), new.classes)) {
                after.target = Target::Predicted;
            }
            let scene = matches!(after.image, ImageRef::Scene(_));
            if after.image == before.image && !matches!(after.image, ImageRef::Own(_)) && scene != new.pack.is_some() {
                let last = stores.session.try_update_value(|session| session.other_picture.replace(before.image.clone())).flatten();
                let first = if scene { catalogue.default_experiment().image } else { ImageRef::Scene(0) };
                after.image = last.filter(|last| matches!(last, ImageRef::Scene(_)) != scene).unwrap_or(first);
            }
        }
    }
    if (&after.image, &after.model) != (&before.image, &before.model)
        && after.target == Target::Labelled
        && untrack(|| catalogue.label_of(&after)).is_none()
    {
        after.target = Target::Predicted;
    }
    fitted(stores, after)
}
