//! A sweep that comes with the page: all of its values, packed closely, and the lines reckoned of them, so that nothing has to be drawn again with
//! replacement before the page can show it.
//!
//! Shares of right answers are kept exactly, and so is whatever has no more than [`FEW`] values; other values with 16 bits between the smallest and the
//! largest of a network, or 24 where those are far apart, lines with six significant digits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cells::{Cell, NetworkStatistics, Source, State};
use super::plan::{CHUNK, Sweep};
use super::summary::{Difference, Line, Rule, Summary};
use super::sweep_measure::{Needs, SweepMeasure};
use crate::error::{Error, Result};
use crate::experiment::Experiment;
use crate::metrics::Measure;
use crate::sparsity::Sparsity;

/// The format's name and version.
pub const FORMAT: &str = "sweetspot-shipped-sweep-1";

/// How many different values are few: each gets a code of six bits, and one is left for none.
pub const FEW: usize = 63;

/// How far apart the smallest and the largest value are that 16 bits still tell from each other by less than a ten-thousandth.
const FAR: f64 = 6.5;

/// The largest such file, in bytes.
pub const MAX_FILE: usize = 4 << 20;

/// How such a sweep was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The command that made it.
    pub command: String,
    /// When, as ISO 8601 writes it.
    pub date: String,
}

/// A sweep that comes with the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Shipped {
    /// How it was made.
    pub made: Made,
    /// Its values.
    pub state: State,
    /// What they say, by the usual rule.
    pub summary: Summary,
}

/// The list of such sweeps, `sweeps/index.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// An entry a file.
    pub sweeps: Vec<Entry>,
}

/// What the list says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The file beside the list.
    pub file: String,
    /// The network.
    pub model: String,
    /// The criterion.
    pub criterion: String,
    /// The pictures.
    pub set: String,
    /// How many of them, the first ones; all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<usize>,
    /// What is measured.
    pub measures: Vec<SweepMeasure>,
}

impl Entry {
    /// What the list says of a sweep in this file.
    pub fn new(file: String, sweep: &Sweep) -> Self {
        let (model, criterion) = (sweep.experiment.model.clone(), sweep.experiment.pruning.criterion.id().into());
        Self { file, model, criterion, set: sweep.set.id().into(), images: sweep.images, measures: sweep.measures.clone() }
    }

    /// Whether the other is of the same network, pruned the same way: it may have measures that this one lacks.
    pub fn is_beside(&self, other: &Self) -> bool {
        (&self.model, &self.criterion) == (&other.model, &other.criterion) && self.file != other.file
    }
}

/// The name of a sweep's file: network, criterion, pictures, and how many if not all.
pub fn file_name(sweep: &Sweep) -> String {
    let experiment = &sweep.experiment;
    let images = sweep.images.map_or_else(String::new, |images| format!("-{images}"));
    format!("{}-{}-{}{images}.json", experiment.model, experiment.pruning.criterion.id(), sweep.set.id())
}

/// Which sweep of a list is nearest to an experiment: one of its network, with its criterion if there is one, with the measures the paper looks at
/// first.
pub fn nearest<'a>(entries: &'a [Entry], experiment: &Experiment) -> Option<&'a Entry> {
    let far = |entry: &&Entry| {
        let first = SweepMeasure::Map(Measure::RelevanceMass);
        (entry.criterion != experiment.pruning.criterion.id(), !entry.measures.contains(&first), entry.images.is_some())
    };
    entries.iter().filter(|entry| entry.model == experiment.model).min_by_key(far)
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: String,
    #[serde(flatten)]
    made: Made,
    id: String,
    sweep: Sweep,
    source: Source,
    networks: Vec<Network>,
    lines: BTreeMap<SweepMeasure, Vec<Row>>,
}

/// A network's values over all pictures.
#[derive(Serialize, Deserialize)]
struct Network {
    seed: u64,
    sparsity: Sparsity,
    network: NetworkStatistics,
    values: BTreeMap<SweepMeasure, Packed>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    undefined: BTreeMap<SweepMeasure, String>,
}

/// A line without what its place says.
type Row = (Option<f64>, usize, usize, Option<(f64, f64)>, Option<(f64, f64)>, Option<Apart>);

/// A difference: mean, interval, pairs, lost, probability, the same corrected, whether every seed is on the better side.
type Apart = (f64, Option<(f64, f64)>, usize, usize, f64, f64, bool);

impl Shipped {
    /// Packs a state that is done.
    pub fn new(made: Made, state: State) -> Result<Self> {
        if state.missing().next().is_some() {
            let reason = format!("only {} of {} steps are done", state.done(), state.steps().len());
            return Err(Error::Missing { what: "a part of the sweep".into(), reason });
        }
        let summary = Summary::of(&state, Rule::default());
        Ok(Self { made, state, summary })
    }

    /// The file's text.
    pub fn write(&self) -> Result<String> {
        let state = &self.state;
        let all = state.sweep.seeds.iter().flat_map(|seed| state.sweep.sparsities.iter().map(move |sparsity| (*seed, *sparsity)));
        let network = |(seed, sparsity): (u64, Sparsity)| {
            let missing =
                || Error::Missing { what: format!("the network of sparsity {sparsity}"), reason: "its steps are not done".into() };
            let mut values = BTreeMap::new();
            let mut undefined = BTreeMap::new();
            for gauge in state.sweep.measures.iter().filter(|gauge| gauge.info().needs != Needs::Network) {
                let found = state.values(*gauge, seed, sparsity).ok_or_else(missing)?;
                values.insert(*gauge, Packed::of(&found));
                if let Some(reason) = state.reason(*gauge, seed, sparsity) {
                    undefined.insert(*gauge, reason.to_string());
                }
            }
            Ok(Network { seed, sparsity, network: state.network(seed, sparsity).ok_or_else(missing)?.clone(), values, undefined })
        };
        let rows = |gauge: &SweepMeasure| (*gauge, self.summary.of_gauge(*gauge).map(row).collect());
        let stored = Stored {
            format: FORMAT.into(),
            made: self.made.clone(),
            id: state.sweep.id(),
            sweep: state.sweep.clone(),
            source: state.source.clone(),
            networks: all.map(network).collect::<Result<_>>()?,
            lines: state.sweep.measures.iter().map(rows).collect(),
        };
        serde_json::to_string(&stored).map_err(|e| Error::Unreadable { what: "the sweep".into(), reason: e.to_string() })
    }

    /// Reads such a file, checked as cells are.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let unreadable = |reason: String| Error::Unreadable { what: name.into(), reason };
        if bytes.len() > MAX_FILE {
            return Err(unreadable(format!("the file has {} bytes, more than {MAX_FILE}", bytes.len())));
        }
        let stored: Stored = serde_json::from_slice(bytes).map_err(|e| unreadable(e.to_string()))?;
        if stored.format != FORMAT {
            return Err(unreadable(format!("it is not in the format {FORMAT}")));
        }
        let sweep = stored.sweep.checked()?;
        if sweep.id() != stored.id {
            return Err(unreadable("its sweep was changed after it was written".into()));
        }
        let mut state = State::new(sweep, stored.source)?;
        let count = state.source.pictures.len();
        for network in stored.networks {
            let values: Vec<(SweepMeasure, Vec<Option<f32>>)> = network
                .values
                .into_iter()
                .map(|(gauge, packed)| {
                    Ok((gauge, packed.open(count).ok_or_else(|| unreadable(format!("the values of {} are broken", gauge.id())))?))
                })
                .collect::<Result<_>>()?;
            for from in (0..count).step_by(CHUNK) {
                let to = count.min(from + CHUNK);
                let part = values.iter().map(|(gauge, values)| (*gauge, values[from..to].to_vec())).collect();
                // A reason belongs to what has none of its values.
                let lacks = |gauge: &SweepMeasure| values.iter().any(|(one, values)| one == gauge && values[from..to].contains(&None));
                let undefined = network.undefined.iter().filter(|(gauge, _)| lacks(gauge)).map(|(g, why)| (*g, why.clone())).collect();
                state.insert(Cell {
                    seed: network.seed,
                    sparsity: network.sparsity,
                    from,
                    network: network.network.clone(),
                    values: part,
                    undefined,
                })?;
            }
        }
        let mut lines = Vec::new();
        for gauge in &state.sweep.measures {
            let rows = stored.lines.get(gauge).filter(|rows| rows.len() == state.sweep.sparsities.len());
            let rows = rows.ok_or_else(|| unreadable(format!("it has not as many lines of {} as sparsities", gauge.id())))?;
            lines.extend(state.sweep.sparsities.iter().zip(rows).map(|(sparsity, row)| line(&state, *gauge, *sparsity, row)));
        }
        let summary = Summary::with_lines(&state, Rule::default(), lines);
        Ok(Self { made: stored.made, state, summary })
    }
}

/// A number with six significant digits.
fn short(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn row(line: &Line) -> Row {
    let both = |low: Option<f64>, high: Option<f64>| low.zip(high).map(|(low, high)| (short(low), short(high)));
    let apart = line.difference.map(|d| (short(d.mean), both(d.low, d.high), d.pairs, d.lost, short(d.p), short(d.adjusted), d.every_seed));
    (line.value.map(short), line.n, line.undefined, both(line.low, line.high), line.seeds.map(|(a, b)| (short(a), short(b))), apart)
}

fn line(state: &State, measure: SweepMeasure, sparsity: Sparsity, row: &Row) -> Line {
    let (value, n, undefined, ends, seeds, apart) = *row;
    let all = &state.sweep.seeds;
    let reached: Vec<f64> = all.iter().filter_map(|seed| state.network(*seed, sparsity)).map(NetworkStatistics::sparsity).collect();
    let difference = apart.map(|(mean, ends, pairs, lost, p, adjusted, every_seed)| Difference {
        mean,
        low: ends.map(|e| e.0),
        high: ends.map(|e| e.1),
        pairs,
        lost,
        p,
        adjusted,
        every_seed,
    });
    Line {
        measure,
        sparsity,
        reached: reached.iter().sum::<f64>() / reached.len().max(1) as f64,
        value,
        n,
        undefined,
        reason: all.iter().find_map(|seed| state.reason(measure, *seed, sparsity)).filter(|_| undefined > 0).map(Into::into),
        low: ends.map(|e| e.0),
        high: ends.map(|e| e.1),
        seeds,
        difference,
    }
}

/// Values side by side, each in a few bits, six bits a letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Packed {
    /// Bits of a value: 2 for nothing but 0 and 1, 6 for few values, else 16, or 24 where values are further apart than [`FAR`].
    bits: u32,
    /// The values that codes of 6 bits stand for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    few: Vec<f32>,
    /// The smallest value.
    low: f32,
    /// The largest value.
    high: f32,
    /// The letters.
    values: String,
}

/// The letters of six bits each (RFC 4648, section 5).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Packed {
    fn of(values: &[Option<f64>]) -> Self {
        let known = || values.iter().flatten().copied();
        let mut few: Vec<f32> = known().map(|value| value as f32).collect();
        few.sort_by(f32::total_cmp);
        few.dedup();
        let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let bits = match few.len() {
            _ if known().all(|value| value == 0.0 || value == 1.0) => 2,
            ..=FEW => 6,
            _ if high - low <= FAR => 16,
            _ => 24,
        };
        if bits != 6 {
            few.clear();
        }
        let (low, high) = if bits == 2 { (0.0, 1.0) } else { (low, high) };
        // Ends in the precision they are read in.
        let (low, high) = (low as f32, high as f32);
        let steps = f64::from(steps(bits));
        let spread = f64::from(high) - f64::from(low);
        let code = |value: &Option<f64>| match value {
            None => (1 << bits) - 1,
            Some(value) if bits == 6 => few.iter().position(|one| *one == *value as f32).unwrap_or(0) as u32,
            Some(_) if spread <= 0.0 => 0,
            Some(value) => ((value - f64::from(low)) / spread * steps).round().clamp(0.0, steps) as u32,
        };
        let (mut held, mut count, mut text) = (0_u32, 0, String::with_capacity(values.len() * bits as usize / 6 + 1));
        let mut letter = |six: u32| text.push(char::from(LETTERS[(six & 63) as usize]));
        for code in values.iter().map(code) {
            held = (held << bits) | code;
            count += bits;
            while count >= 6 {
                count -= 6;
                letter(held >> count);
                held &= (1 << count) - 1;
            }
        }
        if count > 0 {
            letter(held << (6 - count));
        }
        Self { bits, few, low, high, values: text }
    }

    /// The values, if there are so many.
    fn open(&self, count: usize) -> Option<Vec<Option<f32>>> {
        let whole = [2, 6, 16, 24].contains(&self.bits)
            && (self.bits != 6 || self.few.iter().all(|value| value.is_finite()))
            && self.low.is_finite()
            && self.high.is_finite()
            && self.low <= self.high;
        if !whole || self.values.len() != (count * self.bits as usize).div_ceil(6) {
            return None;
        }
        let (mut held, mut have) = (0_u32, 0);
        let mut values = Vec::with_capacity(count);
        let (nothing, steps) = ((1 << self.bits) - 1, f64::from(steps(self.bits)));
        let spread = f64::from(self.high) - f64::from(self.low);
        for letter in self.values.bytes() {
            held = (held << 6) | LETTERS.iter().position(|one| *one == letter)? as u32;
            have += 6;
            // Two bits a value: up to three values a letter.
            while have >= self.bits && values.len() < count {
                have -= self.bits;
                let code = held >> have;
                held &= (1 << have) - 1;
                let value = match self.bits {
                    6 if code != nothing => Some(*self.few.get(code as usize)?),
                    _ => (code != nothing).then(|| (f64::from(self.low) + spread * f64::from(code) / steps) as f32),
                };
                values.push(value);
            }
        }
        (values.len() == count && values.iter().flatten().all(|value| *value <= self.high + f32::EPSILON)).then_some(values)
    }
}

/// How many steps the codes of so many bits divide the values into; the last code stands for none.
fn steps(bits: u32) -> u32 {
    if bits == 2 { 1 } else { (1 << bits) - 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_the_same_again() {
        let shares: Vec<Option<f64>> = (0..17).map(|at| (at % 5 != 4).then_some(f64::from(at % 2))).collect();
        let packed = Packed::of(&shares);
        assert_eq!((packed.bits, packed.values.len()), (2, 6));
        let again: Vec<Option<f64>> = packed.open(17).unwrap().into_iter().map(|v| v.map(f64::from)).collect();
        assert_eq!(again, shares);
        let values: Vec<Option<f64>> = (0..100).map(|at| (at != 50).then(|| (f64::from(at) * 0.7).sin() * 3.0)).collect();
        let packed = Packed::of(&values);
        let again = packed.open(100).unwrap();
        for (value, again) in values.iter().zip(&again) {
            assert_eq!(value.is_some(), again.is_some());
            let (value, again) = (value.unwrap_or_default(), f64::from(again.unwrap_or_default()));
            assert!((value - again).abs() < 6.0 / 65534.0, "{value} {again}");
        }
        // Thirteenths have no exact place between a smallest and a largest.
        let parts: Vec<Option<f64>> = (0..40).map(|at| (at % 7 != 3).then_some(f64::from(f64::from(at % 13) as f32 / 13.0_f32))).collect();
        let packed = Packed::of(&parts);
        assert_eq!((packed.bits, packed.few.len(), packed.values.len()), (6, 13, 40));
        assert_eq!(packed.open(40).unwrap(), parts.iter().map(|part| part.map(|value| value as f32)).collect::<Vec<_>>());
        assert_eq!(Packed { few: packed.few[..3].to_vec(), ..packed }.open(40), None, "codes without a value");
        // Far apart, as infidelity's: within a ten-thousandth all the same.
        let values: Vec<Option<f64>> = (0..200).map(|at| (at != 7).then(|| 900.0 * (f64::from(at) / 200.0).powi(5))).collect();
        let packed = Packed::of(&values);
        assert_eq!((packed.bits, packed.values.len()), (24, 800));
        for (value, again) in values.iter().zip(packed.open(200).unwrap()) {
            assert!((value.unwrap_or(-1.0) - again.map_or(-1.0, f64::from)).abs() < 1e-4, "{value:?} {again:?}");
        }
        let constant = Packed::of(&[Some(0.25), Some(0.25)]);
        assert_eq!(constant.open(2), Some(vec![Some(0.25), Some(0.25)]));
        let none = Packed::of(&[None, None, None]);
        assert_eq!(none.open(3), Some(vec![None, None, None]));
    }

    #[test]
    fn the_nearest_sweep_is_that_of_network_and_criterion() {
        let entry = |model: &str, criterion: &str| Entry {
            file: format!("{model}-{criterion}"),
            model: model.into(),
            criterion: criterion.into(),
            set: "gallery".into(),
            images: None,
            measures: vec![SweepMeasure::Map(Measure::RelevanceMass), SweepMeasure::Accuracy],
        };
        let slow =
            Entry { file: "slow".into(), measures: vec![SweepMeasure::Map(Measure::Deletion)], ..entry("squeezenet1_1", "magnitude") };
        let entries = [entry("a", "lamp"), entry("squeezenet1_1", "lamp"), slow, entry("squeezenet1_1", "magnitude")];
        assert!(entries[2].is_beside(&entries[3]) && !entries[1].is_beside(&entries[3]) && !entries[3].is_beside(&entries[3]));
        let experiment = Experiment { model: "squeezenet1_1".into(), ..Experiment::default() };
        assert_eq!(nearest(&entries, &experiment).map(|one| one.file.as_str()), Some("squeezenet1_1-magnitude"));
        let other = Experiment { model: "a".into(), ..experiment };
        assert_eq!(nearest(&entries, &other).map(|one| one.file.as_str()), Some("a-lamp"));
        assert_eq!(nearest(&entries[1..], &other), None);
    }

    #[test]
    fn broken_values_are_refused() {
        let packed = Packed::of(&[Some(0.5), Some(0.75)]);
        assert_eq!(packed.open(3), None);
        assert_eq!(Packed { values: "????????".into(), ..packed.clone() }.open(2), None);
        assert_eq!(Packed { bits: 40, ..packed.clone() }.open(2), None);
        assert_eq!(Packed { low: 2.0, ..packed }.open(2), None);
    }
}
