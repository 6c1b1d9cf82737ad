//! What is done of a sweep: cells of plain values, in a file that can be gone on with, shared out and put together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::people::People;
use super::plan::{CHUNK, MOST_PICTURES, Step, Sweep};
use super::sweep_measure::{Needs, SweepMeasure};
use crate::error::{Error, Result};
use crate::sparsity::Sparsity;

/// The format's name and version.
pub const FORMAT: &str = "sweetspot-sweep-1";

/// The longest file of cells that is read, in bytes.
pub const MAX_FILE: usize = 256 << 20;

/// How far two results of the same cell may be apart, relative to the larger one where it is above 1: devices sum in another order, and differ in
/// the last digits of single precision. More is another network, picture or version.
const SAME: f32 = 1e-4;

/// What is known of the network of a sparsity and seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStatistics {
    /// sha256 of its weights, pruned or trained on as they are; hexadecimal.
    pub weights_sha256: String,
    /// Prunable weights that are zero.
    pub pruned: usize,
    /// Prunable weights.
    pub prunable: usize,
    /// Bytes stored sparse.
    pub stored_bytes: usize,
    /// Multiply-accumulates by weights that are left, a picture.
    pub multiply_accumulates: u64,
}

impl NetworkStatistics {
    /// The share of the prunable weights that is zero.
    pub fn sparsity(&self) -> f64 {
        self.pruned as f64 / self.prunable.max(1) as f64
    }
}

/// What a step gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The step's seed.
    pub seed: u64,
    /// The step's sparsity, as asked for.
    pub sparsity: Sparsity,
    /// The step's first picture.
    pub from: usize,
    /// The step's network.
    pub network: NetworkStatistics,
    /// A value for each picture of the step; none where the measure is not defined.
    pub values: BTreeMap<SweepMeasure, Vec<Option<f32>>>,
    /// Why a value is not defined: the first reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undefined: BTreeMap<SweepMeasure, String>,
}

/// What a sweep was computed from and on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// sha256 of the dense network's weights file, hexadecimal.
    pub model_sha256: String,
    /// sha256 of the set's pictures, labels and places, hexadecimal.
    pub set_sha256: String,
    /// The pictures' names, in order.
    pub pictures: Vec<String>,
    /// How many of them have a label that the network knows.
    pub labelled: usize,
    /// What people answered to them, where error consistency is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<People>,
    /// The device's name.
    pub device: String,
    /// The program's version.
    pub version: String,
}

/// How far two results of a cell are apart. Differences are relative to the larger value where that is above 1; what is defined in only one of them
/// differs by 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Distance {
    /// The largest difference of a value.
    pub most: f32,
    /// Of which measure.
    pub measure: Option<SweepMeasure>,
    /// How many values were compared.
    pub values: usize,
    /// How many of them are further apart than [`SweepMeasure::rounding`].
    pub apart: usize,
}

/// All that is done of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct State {
    /// The sweep.
    pub sweep: Sweep,
    /// What it is computed from.
    pub source: Source,
    steps: Vec<Step>,
    cells: BTreeMap<usize, Cell>,
}

/// The state's file.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: String,
    id: String,
    sweep: Sweep,
    source: Source,
    cells: Vec<Cell>,
}

impl State {
    /// Nothing done yet. The sweep must be in its normal form.
    pub fn new(sweep: Sweep, source: Source) -> Result<Self> {
        let count = source.pictures.len();
        if !(1..=MOST_PICTURES).contains(&count) {
            return Err(Error::bad_value("the number of the sweep's pictures", count, "between 1 and 4096"));
        }
        source.people.as_ref().map_or(Ok(()), |people| people.check(count))?;
        let steps = sweep.steps(count);
        Ok(Self { sweep, source, steps, cells: BTreeMap::new() })
    }

    /// Reads a file of cells, or the results that hold one as `state`; checked: every cell belongs to a step of the sweep.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Results {
            state: State,
        }
        let unreadable = |reason: String| Error::Unreadable { what: name.into(), reason };
        if bytes.len() > MAX_FILE {
            return Err(unreadable(format!("the file has {} bytes, more than {MAX_FILE}", bytes.len())));
        }
        serde_json::from_slice::<Self>(bytes).or_else(|plain| match serde_json::from_slice::<Results>(bytes) {
            Ok(results) => Ok(results.state),
            Err(nested) if nested.to_string().starts_with("missing field `state`") => Err(unreadable(plain.to_string())),
            Err(nested) => Err(unreadable(nested.to_string())),
        })
    }

    /// The file's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| Error::Unreadable { what: "state of the sweep".into(), reason: e.to_string() })
    }

    /// All steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether a step is done.
    pub fn has(&self, step: &Step) -> bool {
        self.cells.contains_key(&step.at)
    }

    /// Steps that are done.
    pub fn done(&self) -> usize {
        self.cells.len()
    }

    /// The steps that are not done.
    pub fn missing(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !self.has(step))
    }

    /// Adds a cell, checked. A cell that is there already must have the same values.
    pub fn insert(&mut self, cell: Cell) -> Result<()> {
        let at = self.check(&cell)?;
        if let Some(network) = self.network(cell.seed, cell.sparsity)
            && *network != cell.network
        {
            return Err(contradiction(&cell, "the network", &short(network), &short(&cell.network)));
        }
        match self.cells.get(&at) {
            Some(there) => agree(there, &cell),
            None => {
                self.cells.insert(at, cell);
                Ok(())
            }
        }
    }

    /// Takes over what another state of the same sweep has.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        let differ = |what: &str, here: &str, there: &str| Error::Contradiction {
            what: what.into(),
            here: here.chars().take(200).collect(),
            there: there.chars().take(200).collect(),
        };
        if self.sweep != other.sweep {
            let text = |sweep: &Sweep| serde_json::to_string(sweep).unwrap_or_default();
            return Err(differ("the sweep", &text(&self.sweep), &text(&other.sweep)));
        }
        let (here, there) = (&self.source, &other.source);
        for (what, here, there) in [
            ("the dense network's sha256", &here.model_sha256, &there.model_sha256),
            ("the pictures' sha256", &here.set_sha256, &there.set_sha256),
            ("the program's version", &here.version, &there.version),
        ] {
            if here != there {
                return Err(differ(what, here, there));
            }
        }
        if here.pictures != there.pictures || here.labelled != there.labelled || here.people != there.people {
            let text = |source: &Source| {
                let people = source.people.as_ref().map_or(0, People::count);
                format!("{} of which {} labelled, {people} observers", source.pictures.len(), source.labelled)
            };
            return Err(differ("the list of pictures", &text(here), &text(there)));
        }
        // A device on which nothing was computed has no part in it.
        match (self.cells.is_empty(), other.cells.is_empty()) {
            (true, _) => self.source.device.clone_from(&other.source.device),
            (false, false) => self.computed_on(&other.source.device),
            (false, true) => {}
        }
        other.cells.into_values().try_for_each(|cell| self.insert(cell))
    }

    /// Notes that cells are to come from a device, which may be another one than those there.
    pub fn computed_on(&mut self, devices: &str) {
        for device in devices.split(" and ") {
            if !self.source.device.split(" and ").any(|known| known == device) {
                self.source.device = format!("{} and {device}", self.source.device);
            }
        }
    }

    /// How far a cell that was computed again is from the one that is known.
    pub fn distance(&self, again: &Cell) -> Result<Distance> {
        let at = self.check(again)?;
        let missing = || Error::Missing { what: place(again), reason: "it is not known, so it cannot be compared".into() };
        let known = self.cells.get(&at).ok_or_else(missing)?;
        if known.network != again.network {
            return Err(contradiction(again, "the network", &short(&known.network), &short(&again.network)));
        }
        let mut found = Distance::default();
        for (gauge, values) in known.values.iter().filter(|(gauge, _)| gauge.is_repeatable()) {
            for (a, b) in values.iter().zip(again.values.get(gauge).into_iter().flatten()) {
                let distance = match (a, b) {
                    (Some(a), Some(b)) => (a - b).abs() / a.abs().max(b.abs()).max(1.0),
                    (None, None) => 0.0,
                    _ => 1.0,
                };
                found.values += 1;
                found.apart += usize::from(distance > gauge.rounding());
                if distance > found.most {
                    (found.most, found.measure) = (distance, Some(*gauge));
                }
            }
        }
        Ok(found)
    }

    /// What is known of the network of a seed and sparsity, if any of its steps is done.
    pub fn network(&self, seed: u64, sparsity: Sparsity) -> Option<&NetworkStatistics> {
        let range = self.range(seed, sparsity)?;
        self.cells.range(range).next().map(|(_, cell)| &cell.network)
    }

    /// A measure's values of all pictures, in order; `None` while a step is not done, and for what has one value a network.
    pub fn values(&self, gauge: SweepMeasure, seed: u64, sparsity: Sparsity) -> Option<Vec<Option<f64>>> {
        let mut values = Vec::with_capacity(self.source.pictures.len());
        for at in self.range(seed, sparsity)? {
            values.extend(self.cells.get(&at)?.values.get(&gauge)?.iter().map(|value| value.map(f64::from)));
        }
        Some(values)
    }

    /// Why a measure has no value for a picture of a network: the first reason.
    pub fn reason(&self, gauge: SweepMeasure, seed: u64, sparsity: Sparsity) -> Option<&str> {
        self.cells.range(self.range(seed, sparsity)?).find_map(|(_, cell)| cell.undefined.get(&gauge)).map(String::as_str)
    }

    /// Whether all steps of a sparsity are done, with every seed.
    pub fn is_complete(&self, sparsity: Sparsity) -> bool {
        let whole = |seed: &u64| self.range(*seed, sparsity).is_some_and(|mut steps| steps.all(|at| self.cells.contains_key(&at)));
        self.sweep.seeds.iter().all(whole)
    }

    /// The places of the steps of a network: steps go seed by seed, sparsity by sparsity.
    fn range(&self, seed: u64, sparsity: Sparsity) -> Option<std::ops::Range<usize>> {
        let Sweep { seeds, sparsities, .. } = &self.sweep;
        let (seed, at) = (seeds.iter().position(|s| *s == seed)?, sparsities.iter().position(|s| *s == sparsity)?);
        let chunks = self.source.pictures.len().div_ceil(CHUNK);
        let first = (seed * sparsities.len() + at) * chunks;
        Some(first..first + chunks)
    }

    /// The place of the step a cell belongs to, once it is clear that it has what the step asks for.
    fn check(&self, cell: &Cell) -> Result<usize> {
        let broken = |reason: String| Error::Unreadable { what: format!("the cell of {}", place(cell)), reason };
        let steps = self.range(cell.seed, cell.sparsity).and_then(|range| self.steps.get(range));
        let step = steps.and_then(|steps| steps.get(cell.from / CHUNK)).filter(|step| step.from == cell.from);
        let step = step.ok_or_else(|| broken("the sweep has no such step".into()))?;
        let network = &cell.network;
        if network.pruned > network.prunable || network.weights_sha256.len() != 64 {
            return Err(broken(format!("{} of {} weights pruned, or a hash that is none", network.pruned, network.prunable)));
        }
        let wanted = || self.sweep.measures.iter().filter(|gauge| gauge.info().needs != Needs::Network);
        if let Some(missing) = wanted().find(|gauge| !cell.values.contains_key(gauge)) {
            return Err(broken(format!("it has no {}", missing.id())));
        }
        for (gauge, values) in &cell.values {
            let (low, high) = gauge.info().range;
            let slack = |bound: f64| 1e-4 * (1.0 + bound.abs());
            let fits = |value: &f32| {
                let value = f64::from(*value);
                value.is_finite() && value >= low - slack(low) && high.is_none_or(|high| value <= high + slack(high))
            };
            if values.len() != step.to - step.from || !wanted().any(|wanted| wanted == gauge) {
                return Err(broken(format!("{} values of {} for {} pictures", values.len(), gauge.id(), step.to - step.from)));
            }
            if let Some(bad) = values.iter().flatten().find(|value| !fits(value)) {
                return Err(broken(format!("{} is {bad}, which it cannot be", gauge.id())));
            }
        }
        Ok(step.at)
    }
}

/// Fails where two results of the same step differ.
fn agree(here: &Cell, there: &Cell) -> Result<()> {
    let near = |a: f32, b: f32| (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0);
    for (gauge, values) in here.values.iter().filter(|(gauge, _)| gauge.is_repeatable()) {
        let others = there.values.get(gauge).into_iter().flatten();
        for (picture, (a, b)) in values.iter().zip(others).enumerate() {
            let same = match (a, b) {
                (Some(a), Some(b)) => near(*a, *b),
                (a, b) => a.is_none() && b.is_none(),
            };
            if !same {
                let said = |value: &Option<f32>| value.map_or("not defined".into(), |value| value.to_string());
                return Err(contradiction(here, &format!("{} of picture {}", gauge.id(), here.from + picture), &said(a), &said(b)));
            }
        }
    }
    Ok(())
}

fn contradiction(cell: &Cell, what: &str, here: &str, there: &str) -> Error {
    Error::Contradiction { what: format!("{what} at {}", place(cell)), here: here.into(), there: there.into() }
}

fn place(cell: &Cell) -> String {
    format!("sparsity {}, seed {}, pictures from {}", cell.sparsity, cell.seed, cell.from)
}

/// A network in a few words.
fn short(network: &NetworkStatistics) -> String {
    let hash: String = network.weights_sha256.chars().take(12).collect();
    format!("{hash} with {} of {} weights pruned", network.pruned, network.prunable)
}

impl From<State> for Stored {
    fn from(state: State) -> Self {
        let id = state.sweep.id();
        Self { format: FORMAT.into(), id, sweep: state.sweep, source: state.source, cells: state.cells.into_values().collect() }
    }
}

impl TryFrom<Stored> for State {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        let unreadable = |reason: String| Error::Unreadable { what: "file of a sweep's cells".into(), reason };
        if stored.format != FORMAT {
            return Err(unreadable(format!("it is not in the format {FORMAT}; `sweetspot sweep` writes one")));
        }
        let sweep = stored.sweep.checked()?;
        if sweep.id() != stored.id {
            return Err(unreadable("its sweep was changed after it was written".into()));
        }
        let mut state = Self::new(sweep, stored.source)?;
        stored.cells.into_iter().try_for_each(|cell| state.insert(cell))?;
        Ok(state)
    }
}
