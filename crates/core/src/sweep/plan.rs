//! The value a sweep follows from, and the steps it falls into.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sweep_measure::SweepMeasure;
use crate::error::{Error, Result};
use crate::experiment::{DeviceChoice, Experiment};
use crate::few;
use crate::link;
use crate::sparsity::Sparsity;

/// The most sparsities of a sweep. With 2000 resamples no probability is below 2/2001, and Holm's correction over more than 50 could never find
/// anything at 5 %.
pub const MOST_SPARSITIES: usize = 50;
/// The most seeds.
pub const MOST_SEEDS: usize = 16;
/// The most pictures: those of the largest pack.
pub const MOST_PICTURES: usize = 4096;
/// Pictures of a step: few enough that a step of the quick measures takes a second or two.
pub const CHUNK: usize = 16;

/// The pictures a sweep is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Set {
    /// The gallery: photos with boxes, and cut-outs with masks.
    Gallery,
    /// The gallery's cut-outs: objects with exact masks on other backgrounds.
    Cutouts,
    /// The shipped scenes of "fashion in the wild", with masks.
    Scenes,
    /// The pictures of the recognition experiment: each shows one of 16 categories, and is changed in a dozen ways.
    Stimuli,
    /// The pictures of a pack.
    Pack,
    /// The experiment's own picture.
    Image,
}

impl Set {
    /// Every set.
    pub const ALL: [Self; 6] = [Self::Gallery, Self::Cutouts, Self::Scenes, Self::Stimuli, Self::Pack, Self::Image];

    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Gallery => "gallery",
            Self::Cutouts => "cutouts",
            Self::Scenes => "scenes",
            Self::Stimuli => "stimuli",
            Self::Pack => "pack",
            Self::Image => "image",
        }
    }

    /// What it is, in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Gallery => "the gallery",
            Self::Cutouts => "the gallery's composites",
            Self::Scenes => "the shipped scenes",
            Self::Stimuli => "the recognition experiment",
            Self::Pack => "a pack",
            Self::Image => "one picture",
        }
    }

    /// What all of it is, or so many of its pictures, the first ones.
    pub fn so_many(self, images: Option<usize>) -> String {
        images.map_or_else(|| self.what().into(), |images| format!("the first {images} of {}", self.what()))
    }

    /// The set of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|set| set.id() == id).ok_or_else(|| Error::unknown("set", id, Self::ALL.map(Self::id)))
    }
}

/// An experiment with its sparsity opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// Network, criterion, attribution and target; written as its link. Its sparsity, seed and device do not matter, and its picture only with
    /// [`Set::Image`].
    #[serde(serialize_with = "as_link", deserialize_with = "of_link")]
    pub experiment: Experiment,
    /// Over which pictures.
    pub set: Set,
    /// The pack's sha256, hexadecimal, with [`Set::Pack`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// Over how many of them, the first ones; all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<usize>,
    /// At which sparsities, ascending; 0 is always among them: what the others are compared with.
    #[serde(default = "paper")]
    pub sparsities: Vec<Sparsity>,
    /// With which seeds of the criterion, for trained checkpoints those of the training; the experiment's unless given.
    #[serde(default)]
    pub seeds: Vec<u64>,
    /// What is measured.
    #[serde(default = "usual")]
    pub measures: Vec<SweepMeasure>,
}

/// One network on a few pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Its place among all steps.
    pub at: usize,
    /// Seed of the criterion or of the training.
    pub seed: u64,
    /// The sparsity.
    pub sparsity: Sparsity,
    /// The first picture.
    pub from: usize,
    /// The picture after the last one.
    pub to: usize,
}

impl Sweep {
    /// A sweep in its normal form, so that equal ones are equal: checked, sparsities ascending with 0 among them, measures in the order of tables
    /// with accuracy and agreement among them, which the rule for sweet spots asks for, and what does not matter at its usual value.
    pub fn checked(mut self) -> Result<Self> {
        let usual = Experiment::default();
        let pruning = &mut self.experiment.pruning;
        (pruning.sparsity, self.experiment.device) = (Sparsity::ZERO, DeviceChoice::Auto);
        if self.set != Set::Image {
            self.experiment.image = usual.image;
        }
        if self.set != Set::Pack {
            self.pack = None;
        } else if !self.pack.as_deref().is_some_and(link::is_sha256) {
            return Err(Error::bad_value("the sweep's pack", "not named", "a pack's sha256: choose or open the pack"));
        }
        if let Some(bad) = self.sparsities.iter().find(|sparsity| **sparsity > Sparsity::MAX) {
            return Err(Error::bad_value("a sparsity of the sweep", bad, "between 0 and 0.999"));
        }
        self.sparsities.push(Sparsity::ZERO);
        few::sort(&mut self.sparsities);
        self.sparsities.dedup();
        few::sort(&mut self.seeds);
        self.seeds.dedup();
        if self.seeds.is_empty() {
            self.seeds.push(pruning.seed);
        }
        pruning.seed = self.seeds[0];
        let most = |what: &str, count: usize, most: usize| match count > most {
            true => Err(Error::bad_value(what, count, &format!("at most {most}"))),
            false => Ok(()),
        };
        most("the number of sparsities", self.sparsities.len(), MOST_SPARSITIES)?;
        most("the number of seeds", self.seeds.len(), MOST_SEEDS)?;
        most("the number of pictures", self.images.unwrap_or(1), MOST_PICTURES)?;
        if self.images == Some(0) {
            return Err(Error::bad_value("the number of pictures", 0, "at least 1"));
        }
        let wanted =
            |gauge: &SweepMeasure| self.measures.contains(gauge) || [SweepMeasure::Accuracy, SweepMeasure::Agreement].contains(gauge);
        self.measures = SweepMeasure::all().filter(wanted).collect();
        self.experiment.check()?;
        Ok(self)
    }

    /// Reads a sweep's JSON.
    pub fn read(json: &[u8]) -> Result<Self> {
        let unreadable = |e: serde_json::Error| Error::Unreadable { what: "sweep".into(), reason: e.to_string() };
        serde_json::from_slice::<Self>(json).map_err(unreadable)?.checked()
    }

    /// What the sweep is called: a hash of its text, the same for equal sweeps. It tells sweeps apart and guards against nothing.
    pub fn id(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{:032x}", fnv(text.as_bytes()))
    }

    /// Its steps over so many pictures: seed by seed, sparsity by sparsity, so that a network is made once for all of them.
    pub fn steps(&self, pictures: usize) -> Vec<Step> {
        let chunks = move || (0..pictures.div_ceil(CHUNK)).map(move |chunk| (chunk * CHUNK, pictures.min((chunk + 1) * CHUNK)));
        let networks = self.seeds.iter().flat_map(|seed| self.sparsities.iter().map(move |sparsity| (*seed, *sparsity)));
        let steps = networks.flat_map(|(seed, sparsity)| chunks().map(move |(from, to)| (seed, sparsity, from, to)));
        steps.enumerate().map(|(at, (seed, sparsity, from, to))| Step { at, seed, sparsity, from, to }).collect()
    }
}

/// Which steps one of several machines takes: a run of them, so that it needs few of the networks. `shard` counts from 0.
pub fn shard(steps: &[Step], shard: usize, of: usize) -> &[Step] {
    let at = |shard: usize| steps.len() * shard / of.max(1);
    &steps[at(shard).min(steps.len())..at(shard + 1).min(steps.len())]
}

/// The paper's grid up to a round.
pub fn rounds(last: u32) -> Vec<Sparsity> {
    Sparsity::grid().take_while(|(round, _)| *round <= last).map(|(_, sparsity)| sparsity).collect()
}

/// Sparsities in percent, between commas or blanks, as shares.
pub fn percentages(words: &str) -> Result<Vec<Sparsity>> {
    let number = |word: &str| {
        let value: f64 = word.trim_end_matches('%').parse().map_err(|_| not_a_number(word))?;
        Sparsity::new(value / 100.0).map_err(|_| not_a_number(word))
    };
    let all: Vec<Sparsity> =
        words.split([',', ';', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty()).map(number).collect::<Result<_>>()?;
    if all.is_empty() { Err(not_a_number("nothing")) } else { Ok(all) }
}

fn not_a_number(word: &str) -> Error {
    let word: String = word.chars().take(20).collect();
    Error::bad_value("a sparsity of the sweep", format!("'{word}'"), "a percentage; separate them by commas")
}

fn paper() -> Vec<Sparsity> {
    rounds(u32::MAX)
}

fn usual() -> Vec<SweepMeasure> {
    SweepMeasure::usual().collect()
}

fn as_link<S: Serializer>(experiment: &Experiment, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&link::write(experiment))
}

fn of_link<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Experiment, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fragment = text.split_once('#').map_or(text.as_str(), |(_, fragment)| fragment);
    link::read(fragment).map_err(serde::de::Error::custom)
}

/// Fowler, Noll and Vo's hash 1a with 128 bits.
fn fnv(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of draft-eastlake-fnv.
        assert_eq!(fnv(b""), 0x6c62272e07bb014262b821756295c58d);
        assert_eq!(fnv(b"a"), 0xd228cb696f1a8caf78912b704e4a8964);
        assert_eq!(fnv(b"foobar"), 0x343e1662793c64bf6f0d3597ba446f18);
    }

    #[test]
    fn sparsities_are_read_as_percentages() {
        assert_eq!(percentages("20, 36 48.8%").unwrap(), [0.2, 0.36, 0.488].map(|share| Sparsity::new(share).unwrap()));
        for wrong in ["", "a", "1, nan", "inf"] {
            assert!(percentages(wrong).is_err(), "{wrong}");
        }
    }
}
