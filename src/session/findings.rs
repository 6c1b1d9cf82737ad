//! The engine's answers, put where the panels see them.

use std::sync::Arc;

use leptos::prelude::*;

use super::queue::Work;
use super::swept::take_swept;
use crate::stores::Stores;
use crate::stores::stamped::{Answer, BEFOREHAND, Stamped};
use sweetspot_core::experiment::Experiment;
use sweetspot_protocol::{Finding, JobId, MapReport};

/// Takes in an answer that was computed beforehand.
pub fn found_beforehand(stores: Stores, experiment: &Arc<Experiment>, findings: Vec<Finding>) {
    for finding in findings {
        found(stores, BEFOREHAND, experiment.clone(), &Work::Run, finding);
    }
}

/// Takes in a part of the answer to the job in flight. A look and a measurement tell again what the run before has told; only what is
/// new is taken from them.
pub(super) fn found(stores: Stores, job: JobId, experiment: Arc<Experiment>, work: &Work, finding: Finding) {
    fn put<T: Send + Sync + 'static>(answer: Answer<T>, job: JobId, experiment: Arc<Experiment>, value: T) {
        answer.set(Some(Stamped { job, experiment, value: Arc::new(value) }));
    }
    let Stores { answers, objects, people, .. } = stores;
    match (work, finding) {
        (Work::Look, Finding::Layer(layer)) => stores.layers.views.update(|layers| layers.put(experiment, layer)),
        (Work::Measure(_), Finding::Measured(measured)) => stores.measures.take(&experiment, measured),
        (Work::Examine, Finding::Examined(examined)) => put(stores.weights.found, job, experiment, examined),
        (Work::Discover | Work::Follow(_), Finding::Sighting(sighting)) => put(objects.sighting, job, experiment, sighting),
        (Work::Discover, Finding::Discovered(found)) => put(objects.found(found.side), job, experiment, *found),
        (Work::Follow(strip), Finding::Spot(spot)) => objects.spots(strip.into()).update(|spots| spots.put(experiment, spot)),
        (Work::Locate(_), Finding::Located(located)) => put(objects.located, job, experiment, located),
        (Work::Sweep(wait), Finding::Swept(part)) => take_swept(stores, wait, part),
        (Work::Align(_), Finding::Aligned(aligned)) => put(people.aligned, job, experiment, *aligned),
        (Work::Odd(_), Finding::Alike(alike)) => put(people.alike, job, experiment, *alike),
        (Work::Align(_), Finding::AlignedAt(at)) => people.take_aligned_at(experiment, at),
        (Work::Agree, Finding::Agreement(agreement)) => put(stores.agreement.found, job, experiment, agreement),
        (Work::Run, Finding::View(view)) => {
            let same = answers.view.with_untracked(|old| old.as_ref().is_some_and(|old| old.value.rgb == view.rgb));
            if !same {
                answers.forget_maps();
            }
            put(answers.view, job, experiment, view);
        }
        (Work::Run, Finding::Model(model)) => {
            if answers.model.with_untracked(|old| old.as_ref().is_none_or(|old| old.value.id != model.id)) {
                stores.engine.pace.set(None);
            }
            put(answers.model, job, experiment, model);
        }
        (Work::Run, Finding::Sparsity(sparsity)) => put(answers.sparsity, job, experiment, sparsity),
        (Work::Run, Finding::Predictions(predictions)) => {
            put(answers.pane(predictions.side).predictions, job, experiment, predictions);
        }
        (Work::Run, Finding::Map(map)) => {
            let pane = answers.pane(map.side);
            let whole = map.complete;
            let values = experiment.attribution.method.drawn(map.values);
            let map = MapReport { values, ..map };
            put(pane.map, job, experiment, map);
            if whole {
                pane.scored.set(pane.map.get_untracked());
            }
        }
        _ => {}
    }
}
