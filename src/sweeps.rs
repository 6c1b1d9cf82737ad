//! Sweeps in words, and the sweep that the controls ask for.

use super::text;
use crate::stores::catalogue::Catalogue;
use crate::stores::sweeps::Again;
use sweetspot_core::card::Card;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::sweep::plan::percentages;
use sweetspot_core::sweep::{Set, State, Sweep, SweepMeasure};
use sweetspot_core::words::within;

/// A sweep in a few words: network, criterion, pictures. Follows the signals.
pub fn name(catalogue: Catalogue, state: &State) -> String {
    let experiment = &state.sweep.experiment;
    let network = catalogue.card_of(&experiment.model).map_or_else(|| experiment.model.clone(), |card| card.name());
    let pictures = match state.sweep.images {
        None => format!("{} of {}", text::count(state.source.pictures.len()), state.sweep.set.what()),
        some => state.sweep.set.so_many(some),
    };
    format!("{network}, {}, {pictures}", within(experiment.pruning.criterion.info().title))
}

/// The sweep that the page's controls ask for, in its normal form.
pub fn asked(
    experiment: &Experiment,
    (set, pack): (Set, Option<String>),
    images: Option<usize>,
    sparsities: &str,
    measures: Vec<SweepMeasure>,
) -> Result<Sweep> {
    let (experiment, sparsities) = (experiment.clone(), percentages(sparsities)?);
    let sweep = Sweep { experiment, set, pack, images, sparsities, seeds: Vec::new(), measures };
    sweep.checked()
}

/// The sparsities that are offered for a sweep, in percent: those of a network's checkpoints, or the paper's first rounds.
pub fn usual_sparsities(experiment: &Experiment, card: Option<&Card>) -> String {
    let pruning = &experiment.pruning;
    let stops = card.map(|card| card.stops(pruning.criterion, pruning.seed)).unwrap_or_default();
    let all = if stops.is_empty() { sweetspot_core::sweep::plan::rounds(12) } else { stops };
    all.into_iter().map(|sparsity| text::percent_number(sparsity.get())).collect::<Vec<_>>().join(", ")
}

/// What is said of a point that was computed again.
pub fn agreement(again: &Again) -> String {
    let done = again.pictures >= again.of;
    let far = match (again.most, again.measure) {
        (most, Some(gauge)) if most > 0.0 => {
            format!("largest difference {} ({})", text::value(f64::from(most)), within(gauge.info().title))
        }
        _ => "no difference".into(),
    };
    let verdict = match (done, again.apart == 0) {
        (false, _) => "",
        (true, true) => " They agree within rounding.",
        (true, false) => " They do not agree: another device, or another version, decides otherwise.",
    };
    format!(
        "{} computed again here ({}) on {} of {} pictures: {} values, {far}.{verdict}",
        text::sparsity(again.sparsity),
        again.device,
        again.pictures,
        again.of,
        text::count(again.values)
    )
}
