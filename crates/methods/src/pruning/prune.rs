//! Pruning a network by any criterion: what everything that prunes calls.

use std::rc::Rc;

use super::computation;
use super::dense::PerWeight;
use super::entry::Compute;
use super::mask::Mask;
use super::re_estimate;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::Criterion;
use sweetspot_nn::job::Job;

pub use super::subject::{Known, Outcome, Subject};

/// Prunes a network. Progress is told to the job, which can end it.
///
/// Criteria of [`Kind::Trained`](sweetspot_core::pruning::criterion::Kind) are not computed but loaded: see `Model::pruned`.
pub async fn prune(subject: &Subject<'_>, pruning: &Pruning, job: &Job) -> Result<Outcome> {
    pruning.check()?;
    let criterion = pruning.criterion;
    let info = criterion.info();
    let pruning = Pruning { sparsity: criterion.sparsity(pruning.sparsity), ..*pruning };
    if let Some(reason) = criterion.absent(subject.architecture.attention, re_estimate::possible(subject.architecture), &[]) {
        return Err(Error::Absent { id: info.id.into(), method: info.title.into(), reason });
    }
    let mut notes = Vec::new();
    let (mut weights, mask) = match computation(criterion)? {
        _ if pruning.sparsity.is_zero() => (subject.weights.clone(), Mask::new(subject.architecture, subject.weights, &pruning)?),
        Compute::Network(prune) => {
            let outcome = prune(subject, &pruning, job).await?;
            notes.extend(Some(outcome.note).filter(|note| !note.is_empty()));
            (outcome.weights, outcome.mask)
        }
        Compute::Scores { scores, keep } => {
            let layers = subject.architecture.layers_of(subject.weights);
            let scores = known(subject, criterion, async || scores(subject, job).await).await?;
            let mask = Mask::of(&layers, keep(&layers, &scores, &pruning));
            (mask.apply(subject.weights), mask)
        }
        // Of those trained beforehand, there is no mask: this says so.
        Compute::Weights(_) | Compute::Loaded => {
            let mask = Mask::new(subject.architecture, subject.weights, &pruning)?;
            (mask.apply(subject.weights), mask)
        }
    };
    if info.fixed.is_some() && !pruning.sparsity.is_zero() {
        notes.extend(whole_layers(&mask));
    }
    let asked_by = if info.calibrated { info.id } else { "re-estimation" };
    if info.calibrated && !pruning.sparsity.is_zero() {
        notes.push(format!("Looked at {} calibration pictures.", subject.calibrated(asked_by)?.images.len()));
    }
    if pruning.re_estimate && !pruning.sparsity.is_zero() {
        let images = &subject.calibrated(asked_by)?.images;
        weights = re_estimate::re_estimate(subject.architecture, &weights, images, subject.network.device(), job).await?;
        notes.push(format!("Batch normalisation was estimated anew on {} calibration pictures.", images.len()));
    }
    Ok(Outcome { weights, mask, note: notes.join(" ") })
}

/// Scores for which neither sparsity nor scope matters, computed once.
async fn known(subject: &Subject<'_>, criterion: Criterion, compute: impl AsyncFnOnce() -> Result<PerWeight>) -> Result<Rc<PerWeight>> {
    if let Some((known, scores)) = &*subject.known.scores.borrow()
        && *known == criterion
    {
        return Ok(scores.clone());
    }
    let scores = Rc::new(compute().await?);
    *subject.known.scores.borrow_mut() = Some((criterion, scores.clone()));
    Ok(scores)
}

/// Which layers a pattern left whole.
fn whole_layers(mask: &Mask) -> Option<String> {
    let whole: Vec<&str> =
        mask.layers.iter().filter(|layer| layer.keep.iter().all(|keep| *keep)).map(|layer| layer.name.as_str()).collect();
    let first = whole.first()?;
    Some(match whole.len() {
        1 => format!("One layer stays whole, because its inputs do not divide into the pattern\u{2019}s groups: {first}."),
        n => format!("{n} layers stay whole, because their inputs do not divide into the pattern\u{2019}s groups: the first is {first}."),
    })
}
