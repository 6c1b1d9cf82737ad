//! A sweep as a network can have it.

use sweetspot_core::card::Card;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::plan::Sweep;

/// A sweep as a model can have it, in its normal form, and what had to be left out, a sentence each. Of weights that were trained, only those
/// sparsities can be had that are stored; of a pattern but one.
pub fn fitted(sweep: Sweep, card: &Card) -> Result<(Sweep, Vec<String>)> {
    let mut sweep = sweep.checked()?;
    let pruning = sweep.experiment.pruning;
    let (criterion, info) = (pruning.criterion, pruning.criterion.info());
    let mut notes = Vec::new();
    if let Some(fixed) = info.fixed {
        let fixed = Sparsity::new(fixed)?;
        if sweep.sparsities.iter().any(|s| !s.is_zero() && *s != fixed) {
            notes.push(format!("{} has but one sparsity, {}: the others are left out.", info.title, fixed.percent()));
        }
        sweep.sparsities = vec![Sparsity::ZERO, fixed];
    }
    if info.kind != Kind::Trained && !info.draws && sweep.seeds.len() > 1 {
        notes.push(format!("{} draws nothing: one seed is as good as several.", info.title));
        sweep.seeds.truncate(1);
    }
    if info.kind == Kind::Trained {
        let known: Vec<u64> = card.checkpoints.iter().filter(|one| one.method == criterion.id()).map(|one| one.seed).collect();
        if known.is_empty() {
            let reason = format!("no weights of {} that were made this way are shipped", card.id);
            return Err(Error::Absent { id: info.id.into(), method: info.title.into(), reason });
        }
        if let Some(seed) = sweep.seeds.iter().find(|seed| !known.contains(seed)) {
            let mut seeds: Vec<String> = known.iter().map(u64::to_string).collect();
            seeds.dedup();
            return Err(Error::bad_value("a seed of the sweep", seed, &format!("one that was trained: {}", seeds.join(", "))));
        }
        let near = |sparsity: Sparsity, seed: u64| {
            sparsity.nearest(checkpoints(card, &Pruning { seed, ..pruning }).filter(|own| own.is_near(sparsity)))
        };
        // A checkpoint stands for one sparsity; the first seed's own sparsity names it.
        let asked = std::mem::take(&mut sweep.sparsities);
        let whole = asked.iter().filter(|s| s.is_zero() || sweep.seeds.iter().all(|seed| near(**s, *seed).is_some()));
        sweep.sparsities = whole.map(|s| if s.is_zero() { *s } else { near(*s, sweep.seeds[0]).unwrap_or(*s) }).collect();
        let left_out: Vec<String> =
            asked.iter().filter(|s| !sweep.sparsities.iter().any(|own| own.is_near(**s))).map(|s| s.percent()).collect();
        if !left_out.is_empty() {
            notes.push(format!("No weights are stored that were trained at {}: left out.", left_out.join(", ")));
        }
    }
    Ok((sweep.checked()?, notes))
}

/// The sparsities of the checkpoints of a criterion and seed.
pub fn checkpoints<'a>(card: &'a Card, pruning: &Pruning) -> impl Iterator<Item = Sparsity> + use<'a> {
    let (method, seed) = (pruning.criterion.id(), pruning.seed);
    card.checkpoints.iter().filter(move |one| one.method == method && one.seed == seed).map(|one| one.sparsity)
}
