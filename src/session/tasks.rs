//! What is done beside a run, when it is answered: looks at layers and into weights, for objects, measurements, and comparisons of answers.
//!
//! Layers are looked at while the reader wants to see them, again for every network and picture, and weights for every network. Measures
//! and comparisons are asked for one by one; a change of the experiment drops those that wait.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Session, Work};
use crate::state::{Lab, Measurements};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;

impl Lab {
    /// Shows what layers see, or stops to. Asking again repeats a look that was stopped.
    pub fn look_at_layers(self, open: bool) {
        self.looking.set(open);
        if open {
            let refused = self.session.with_value(|session| session.looked.clone());
            let there = refused.is_some_and(|experiment| self.layers.with_untracked(|layers| layers.is_of(&experiment)));
            if !there {
                self.session.update_value(|session| session.looked = None);
            }
            self.flush();
        }
    }

    /// Looks into both networks' weights, or stops to. Asking again repeats a look that was stopped.
    pub fn examine(self, open: bool) {
        self.examining.set(open);
        if open {
            let there = self.examined.with_untracked(|answer| answer.as_ref().map(|answer| answer.experiment.clone()));
            self.session.update_value(|session| session.examined = there);
            self.flush();
        }
    }

    /// Compares both networks' answers over many pictures.
    pub fn agree(self) {
        self.agreeing.set(true);
        self.session.update_value(|session| session.agree = true);
        self.flush();
    }

    /// Measures the maps that are on the screen; measures that are known or waited for already are not asked for again.
    pub fn measure(self, measures: impl IntoIterator<Item = Measure>) {
        let present = self.experiment.get_untracked();
        self.measurements.update(|found| {
            if !found.is_of(&present) {
                *found = Measurements { experiment: Some(Arc::new(present)), found: Vec::new() };
            }
        });
        let waiting = self.measuring.get_untracked();
        let new: Vec<Measure> = self.measurements.with_untracked(|found| {
            let known = |measure: &Measure| Side::BOTH.iter().all(|side| found.get(*measure, *side).is_some());
            measures.into_iter().filter(|measure| measure.needs_network() && !waiting.contains(measure) && !known(measure)).collect()
        });
        self.measuring.update(|measuring| measuring.extend(&new));
        self.session.update_value(|session| session.measures.extend(new));
        self.flush();
    }

    /// Drops the tasks that wait. What is in flight goes on until something supersedes it.
    pub(super) fn forget_tasks(self) {
        self.session.update_value(|session| {
            session.measures.clear();
            session.agree = false;
            session.asked.comparison = None;
            session.asked.odd = None;
        });
        if self.people.aligning.with_untracked(Option::is_some) {
            self.people.aligning.set(None);
        }
        if self.people.comparing.get_untracked() {
            self.people.comparing.set(false);
        }
        self.forget_objects();
        if self.agreeing.get_untracked() {
            self.agreeing.set(false);
        }
        if !self.measuring.with_untracked(Vec::is_empty) {
            self.measuring.set(Vec::new());
        }
    }

    /// Puts back what a run of the same experiment is about to supersede.
    pub(super) fn keep_measures(self, experiment: &Experiment) {
        let still = self.measuring.get_untracked();
        self.session.update_value(|session| {
            if let Some(Work::Measure(measures)) = session.flight.as_ref().filter(|f| f.experiment.same_maps(experiment)).map(|f| &f.work) {
                let unfinished: Vec<Measure> = measures.iter().copied().filter(|measure| still.contains(measure)).collect();
                session.measures.splice(0..0, unfinished);
            }
        });
    }

    /// Sends the next task of an experiment that is answered, if there is one.
    pub(super) fn next_task(self, experiment: Experiment) {
        let looking = [self.looking, self.examining, self.discovering].map(|open| open.get_untracked());
        let work = self.session.try_update_value(|session| {
            let answered = session.good.as_ref().is_some_and(|(_, good)| good.same_maps(&experiment));
            let next = if answered { session.next_work(&experiment, looking) } else { None };
            // A sweep that is running stays so unless there is something else.
            let idle = session.flight.is_none();
            next.or_else(|| session.sweeps.first().filter(|_| answered && idle).cloned().map(Work::Sweep))
        });
        if let Some(Some(work)) = work {
            self.launch(work, experiment);
        }
    }

    /// Takes in that a task is over, in whatever way.
    pub(super) fn task_over(self, work: &Work, experiment: Arc<Experiment>) {
        match work {
            Work::Run => {}
            Work::Examine => self.session.update_value(|session| session.examined = Some(experiment)),
            Work::Agree => self.agreeing.set(false),
            Work::Discover => self.session.update_value(|session| session.sought = Some(experiment)),
            Work::Follow(_) => self.following.set(None),
            Work::Locate(_) => self.locating.set(None),
            Work::Sweep(wait) => self.sweep_over(wait),
            Work::Align(_) => self.people.aligning.set(None),
            Work::Odd(_) => self.people.comparing.set(false),
            Work::Look => self.session.update_value(|session| session.looked = Some(experiment)),
            Work::Measure(measures) => self.measuring.update(|measuring| measuring.retain(|measure| !measures.contains(measure))),
        }
    }
}

impl Session {
    /// The next task of an experiment: `looking` says whether layers, weights and objects are wanted.
    fn next_work(&mut self, experiment: &Experiment, looking: [bool; 3]) -> Option<Work> {
        let looked = self.looked.as_ref().is_some_and(|looked| looked.same_networks(experiment));
        let examined = self.examined.as_ref().is_some_and(|examined| examined.same_weights(experiment));
        let sought = self.sought.as_ref().is_some_and(|sought| sought.same_objects(experiment));
        let [layers, weights, objects] = looking;
        if objects && !sought {
            return Some(Work::Discover);
        }
        if layers && !looked {
            return Some(Work::Look);
        }
        if weights && !examined {
            return Some(Work::Examine);
        }
        if let Some(strip) = self.strip.take() {
            return Some(Work::Follow(strip));
        }
        if let Some(album) = self.album.take() {
            return Some(Work::Locate(album));
        }
        if let Some(sparsities) = self.asked.comparison.take() {
            return Some(Work::Align(sparsities));
        }
        if let Some(images) = self.asked.odd.take() {
            return Some(Work::Odd(images));
        }
        if !self.measures.is_empty() {
            return Some(Work::Measure(std::mem::take(&mut self.measures)));
        }
        std::mem::take(&mut self.agree).then_some(Work::Agree)
    }
}
