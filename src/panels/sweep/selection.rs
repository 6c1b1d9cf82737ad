//! The sweep that is shown, and those beside it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::session;
use crate::stores::Stores;
use crate::stores::sweeps::Kept;
use sweetspot_core::sweep::{Summary, SweepMeasure};

/// A sweep with what it says by the reader's rule.
#[derive(Clone)]
pub struct Shown {
    /// The sweep.
    pub kept: Arc<Kept>,
    /// What it says.
    pub summary: Arc<Summary>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kept, &other.kept) && self.summary.rule == other.summary.rule
    }
}

/// The sweep that is shown, while there is one, and those beside it.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The shown one.
    pub shown: Memo<Option<Shown>>,
    /// The others.
    pub beside: Memo<Vec<Shown>>,
}

impl Selection {
    /// Follows the experiment and the reader's choice, and fetches what is to be seen.
    pub fn new(stores: Stores) -> Self {
        let sweeps = stores.sweeps;
        let of = move |key: &str| {
            let kept = sweeps.get(key)?;
            let summary = Arc::new(kept.summary(sweeps.drop.get()));
            Some(Shown { kept, summary })
        };
        let key = Memo::new(move |_| stores.experiment.with(|experiment| sweeps.key(experiment)));
        // What comes with the page is fetched when it is to be seen.
        Effect::new(move |_| {
            key.get().into_iter().chain(sweeps.beside.get()).for_each(|key| session::fetch_sweep(stores, &key));
        });
        let shown = Memo::new(move |_| of(&key.get()?));
        // A sweep of other measures than those that are looked at is not an empty one.
        Effect::new(move |_| {
            let measures = shown.with(|shown| shown.as_ref().map(|shown| shown.kept.state.sweep.measures.clone())).unwrap_or_default();
            let on_axes = |gauge: &&SweepMeasure| gauge.info().axis.is_of_paper();
            let some = |gauges: &Vec<SweepMeasure>| measures.iter().filter(on_axes).any(|gauge| gauges.contains(gauge));
            if !measures.is_empty() && !sweeps.shown.with_untracked(some) {
                sweeps.shown.update(|gauges| gauges.extend(measures.iter().filter(on_axes)));
            }
        });
        Self {
            shown,
            beside: Memo::new(move |_| {
                let first = key.get();
                sweeps.beside.get().iter().filter(|one| first.as_ref() != Some(*one)).filter_map(|one| of(one)).collect()
            }),
        }
    }
}
