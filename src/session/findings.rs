//! The engine's answers, put where the panels see them.

use std::sync::Arc;

use leptos::prelude::*;

use super::Work;
use crate::state::{Answer, BEFOREHAND, Lab, Stamped};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_protocol::{Finding, JobId, MapReport, Measured};

impl Lab {
    /// Takes in an answer that was computed beforehand.
    pub(crate) fn found_beforehand(self, experiment: &Arc<Experiment>, findings: Vec<Finding>) {
        for finding in findings {
            self.found(BEFOREHAND, experiment.clone(), &Work::Run, finding);
        }
    }

    /// Takes in a part of the answer to the job in flight. A look and a measurement tell again what the run before has told; only what is
    /// new is taken from them.
    pub(super) fn found(self, job: JobId, experiment: Arc<Experiment>, work: &Work, finding: Finding) {
        fn put<T: Send + Sync + 'static>(answer: Answer<T>, job: JobId, experiment: Arc<Experiment>, value: T) {
            answer.set(Some(Stamped { job, experiment, value: Arc::new(value) }));
        }
        match (work, finding) {
            (Work::Look, Finding::Layer(layer)) => self.layers.update(|layers| layers.put(experiment, layer)),
            (Work::Measure(_), Finding::Measured(measured)) => self.take_measured(&experiment, measured),
            (Work::Examine, Finding::Examined(examined)) => put(self.examined, job, experiment, examined),
            (Work::Discover | Work::Follow(_), Finding::Sighting(sighting)) => put(self.sighting, job, experiment, sighting),
            (Work::Discover, Finding::Discovered(found)) => put(self.pane(found.side).discovered, job, experiment, *found),
            (Work::Follow(strip), Finding::Spot(spot)) => self.spots(strip.into()).update(|spots| spots.put(experiment, spot)),
            (Work::Locate(_), Finding::Located(located)) => put(self.located, job, experiment, located),
            (Work::Sweep(wait), Finding::Swept(part)) => self.take_swept(wait, part),
            (Work::Align(_), Finding::Aligned(aligned)) => self.take_aligned(job, experiment, *aligned),
            (Work::Odd(_), Finding::Alike(alike)) => put(self.people.alike, job, experiment, *alike),
            (Work::Align(_), Finding::AlignedAt(at)) => self.take_aligned_at(experiment, at),
            (Work::Agree, Finding::Agreement(agreement)) => put(self.agreement, job, experiment, agreement),
            (Work::Run, Finding::View(view)) => {
                let same = self.view.with_untracked(|old| old.as_ref().is_some_and(|old| old.value.rgb == view.rgb));
                if !same {
                    // Maps of another picture must not lie over this one.
                    self.dense.map.set(None);
                    self.pruned.map.set(None);
                    self.dense.scored.set(None);
                    self.pruned.scored.set(None);
                }
                put(self.view, job, experiment, view);
            }
            (Work::Run, Finding::Model(model)) => {
                if self.model.with_untracked(|old| old.as_ref().is_none_or(|old| old.value.id != model.id)) {
                    self.pace.set(None);
                }
                put(self.model, job, experiment, model);
            }
            (Work::Run, Finding::Sparsity(sparsity)) => put(self.sparsity, job, experiment, sparsity),
            (Work::Run, Finding::Predictions(predictions)) => {
                put(self.pane(predictions.side).predictions, job, experiment, predictions);
            }
            (Work::Run, Finding::Map(map)) => {
                let pane = self.pane(map.side);
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

    fn take_measured(self, experiment: &Experiment, measured: Measured) {
        let measure = measured.score.measure;
        let both = self.measurements.try_update(|found| {
            // Those of another experiment have no place among these.
            if found.is_of(experiment) {
                found.put(measured);
            }
            Side::BOTH.iter().all(|side| found.get(measure, *side).is_some())
        });
        if both == Some(true) {
            self.measuring.update(|measuring| measuring.retain(|one| *one != measure));
        }
    }
}
