//! Sweeps at hand: those that come with the page, those run here, those brought in a file; and what the reader chose among them.

use std::sync::Arc;

use leptos::prelude::*;

use sweetspot_core::experiment::Experiment;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::shipped::{Entry, Made, nearest};
use sweetspot_core::sweep::summary::{Line, Rule};
use sweetspot_core::sweep::{State, Summary, SweepMeasure};

/// What the key of a sweep that comes with the page begins with; its file follows.
const SHIPPED: &str = "shipped/";

/// A sweep at hand.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What it is called among the others.
    pub key: String,
    /// How it was made, if it came with the page.
    pub made: Option<Made>,
    /// Its cells.
    pub state: Arc<State>,
    /// What they say, by the usual rule.
    pub lines: Arc<Vec<Line>>,
}

impl Kept {
    /// Whether a step is left to be run.
    pub fn is_unfinished(&self) -> bool {
        self.state.done() < self.state.steps().len()
    }

    /// What it says, where accuracy may drop by so much.
    pub fn summary(&self, drop: f64) -> Summary {
        Summary::with_lines(&self.state, Rule { drop, ..Rule::default() }, (*self.lines).clone())
    }
}

/// How a point that was computed again compares with what was known.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The sweep.
    pub key: String,
    /// The sparsity.
    pub sparsity: Sparsity,
    /// Pictures compared so far.
    pub pictures: usize,
    /// Of how many.
    pub of: usize,
    /// Values compared.
    pub values: usize,
    /// How many of them are further apart than rounding makes them.
    pub apart: usize,
    /// The largest difference, relative where values are above 1.
    pub most: f32,
    /// Of which measure.
    pub measure: Option<SweepMeasure>,
    /// On which device.
    pub device: String,
}

/// All sweeps, and what the reader chose among them. A bundle of signals.
#[derive(Clone, Copy)]
pub struct Sweeps {
    /// What comes with the page.
    pub offered: RwSignal<Vec<Entry>>,
    /// What is at hand, in the order in which it came.
    pub shelf: RwSignal<Vec<Arc<Kept>>>,
    /// The one the reader chose to see; that of the experiment unless there is one.
    pub chosen: RwSignal<Option<String>>,
    /// Those laid over it.
    pub beside: RwSignal<Vec<String>>,
    /// The sweep that is being run, or waits to go on.
    pub going: RwSignal<Option<String>>,
    /// What had to be left out of it.
    pub notes: RwSignal<Vec<String>>,
    /// A point that is or was computed again.
    pub again: RwSignal<Option<Again>>,
    /// How far accuracy may drop, as a share.
    pub drop: RwSignal<f64>,
    /// How sparsity is laid out.
    pub across: RwSignal<Across>,
    /// The part of the sparsities that is looked at more closely.
    pub zoom: RwSignal<Option<(Sparsity, Sparsity)>>,
    /// The measures that are shown.
    pub shown: RwSignal<Vec<SweepMeasure>>,
    /// The place of the read-out among the sparsities.
    pub at: RwSignal<usize>,
}

impl Sweeps {
    /// None yet.
    pub fn new() -> Self {
        Self {
            offered: RwSignal::new(Vec::new()),
            shelf: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
            beside: RwSignal::new(Vec::new()),
            going: RwSignal::new(None),
            notes: RwSignal::new(Vec::new()),
            again: RwSignal::new(None),
            drop: RwSignal::new(Rule::default().drop),
            across: RwSignal::new(Across::LogDensity),
            zoom: RwSignal::new(None),
            shown: RwSignal::new(
                ["relevance_mass_accuracy", "corloc_lost", "category_accuracy", "error_consistency", "accuracy"]
                    .into_iter()
                    .filter_map(|id| SweepMeasure::from_id(id).ok())
                    .collect(),
            ),
            at: RwSignal::new(0),
        }
    }

    /// A sweep at hand. Follows the signals.
    pub fn get(self, key: &str) -> Option<Arc<Kept>> {
        self.shelf.with(|shelf| shelf.iter().find(|kept| kept.key == key).cloned())
    }

    /// Puts a sweep at hand, in place of one with its key.
    pub fn put(self, kept: Kept) {
        self.shelf.update(|shelf| match shelf.iter_mut().find(|old| old.key == kept.key) {
            Some(old) => *old = Arc::new(kept),
            None => shelf.push(Arc::new(kept)),
        });
    }

    /// Changes a sweep at hand.
    pub fn edit<T>(self, key: &str, edit: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        self.shelf.try_update(|shelf| shelf.iter_mut().find(|kept| kept.key == key).map(|kept| edit(Arc::make_mut(kept)))).flatten()
    }

    /// The key of the sweep that is shown: the chosen one, else the one that comes with the page for the experiment. Follows the signals.
    pub fn key(self, experiment: &Experiment) -> Option<String> {
        let chosen =
            self.chosen.get().filter(|key| key.starts_with(SHIPPED) || self.shelf.with(|shelf| shelf.iter().any(|kept| kept.key == *key)));
        chosen.or_else(|| self.offered.with(|offered| nearest(offered, experiment).map(|entry| shipped(&entry.file))))
    }
}

/// The key of a sweep that comes with the page.
pub fn shipped(file: &str) -> String {
    format!("{SHIPPED}{file}")
}

/// The file of a key, if the sweep comes with the page.
pub fn file_of(key: &str) -> Option<&str> {
    key.strip_prefix(SHIPPED)
}
