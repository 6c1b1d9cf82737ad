//! What the page knows of people: their answers to the recognition experiment, on this device and imported, and networks beside them.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::stamped::Answer;
use crate::assets::Plate;
use sweetspot_core::alignment::observers::{Observer, observers};
use sweetspot_core::alignment::plan::Shown;
use sweetspot_core::alignment::sitting::Sitting;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::{Trial, settle};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::report::Report;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_protocol::{Aligned, AlignmentAtSparsity, FeatureSimilarity, PackReport, Source, Stimulus};

/// What the experiment's stage shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing: it is closed.
    Closed,
    /// What comes, before the first trial.
    Ready,
    /// A picture is being made.
    Preparing,
    /// The fixation square, a picture, or the noise after it.
    Showing,
    /// The categories.
    Answering,
    /// Whether an answer of practice was right.
    Feedback,
    /// That practice is over.
    Practised,
    /// A break.
    Break,
    /// That it was paused.
    Paused,
    /// That it is over.
    Over,
}

/// How far the answers of the sitting on the stage are written to the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing {
    /// Not yet; the number tells this attempt from older ones.
    Going(u32),
    /// A reload finds them.
    Kept,
    /// Why they are not.
    Failed(String),
}

/// How many pictures are kept; each takes 200 kB.
const KEPT: usize = 24;

/// A picture of the experiment, or why it cannot be had.
pub type Made = std::result::Result<Arc<Stimulus>, String>;

/// Answers from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The file's name.
    pub name: String,
    /// Its trials.
    pub trials: Vec<Trial>,
}

/// What the networks of some sparsities came to.
#[derive(Debug, Clone)]
pub struct Course {
    /// The networks, but for the sparsity.
    pub experiment: Arc<Experiment>,
    /// What was found so far.
    pub points: Vec<AlignmentAtSparsity>,
}

/// Signals of the panel on people.
#[derive(Clone, Copy)]
pub struct People {
    /// Whether the panel was opened.
    pub open: RwSignal<bool>,
    /// The shipped pictures.
    pub plates: RwSignal<Arc<Vec<Plate>>>,
    /// Sittings on this device, oldest first.
    pub sittings: RwSignal<Vec<Sitting>>,
    /// Imported answers.
    pub imported: RwSignal<Vec<Imported>>,
    /// What of the last imports was used and what refused.
    pub report: RwSignal<Option<Report>>,
    /// Why something is not kept on the device.
    pub trouble: RwSignal<Option<String>>,
    /// The opened pack.
    pub pack: RwSignal<Option<Arc<PackReport>>>,
    /// Names of packs that are remembered on this device.
    pub remembered: RwSignal<Vec<String>>,
    /// How it is with a pack that is being opened, or could not be.
    pub pack_state: RwSignal<String>,
    /// The comparison that is going on, or waits: its sparsities, none of them for both networks.
    pub aligning: RwSignal<Option<Vec<Sparsity>>>,
    /// Both networks beside people.
    pub aligned: Answer<Aligned>,
    /// How alike both networks find pictures.
    pub alike: Answer<FeatureSimilarity>,
    /// Whether that is being asked for.
    pub comparing: RwSignal<bool>,
    /// Networks of many sparsities beside people.
    pub course: RwSignal<Option<Course>>,
    /// The sitting on the stage.
    pub current: RwSignal<Option<Sitting>>,
    /// How far its answers are written to the device.
    pub writing: RwSignal<Writing>,
    /// Counts how often everything was deleted.
    pub forgotten: RwSignal<u32>,
    /// What the stage shows.
    pub phase: RwSignal<Phase>,
    /// Counts pictures that have come from the engine, or could not.
    pub arrived: RwSignal<u32>,
    /// Counts attempts to write a sitting.
    pub attempts: StoredValue<u32>,
    /// Pictures that have come, by condition and name; why one could not, in place of it.
    pub stimuli: StoredValue<HashMap<(String, String), Made>>,
}

impl People {
    /// Nothing is read yet.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            plates: RwSignal::new(Arc::new(Vec::new())),
            sittings: RwSignal::new(Vec::new()),
            imported: RwSignal::new(Vec::new()),
            report: RwSignal::new(None),
            trouble: RwSignal::new(None),
            pack: RwSignal::new(None),
            remembered: RwSignal::new(Vec::new()),
            pack_state: RwSignal::new(String::new()),
            aligning: RwSignal::new(None),
            aligned: RwSignal::new(None),
            alike: RwSignal::new(None),
            comparing: RwSignal::new(false),
            course: RwSignal::new(None),
            current: RwSignal::new(None),
            writing: RwSignal::new(Writing::Going(0)),
            forgotten: RwSignal::new(0),
            phase: RwSignal::new(Phase::Closed),
            arrived: RwSignal::new(0),
            attempts: StoredValue::new(0),
            stimuli: StoredValue::new(HashMap::new()),
        }
    }

    /// Where pictures come from. Follows the signals.
    pub fn source(self) -> Source {
        self.pack.with(|pack| pack.as_ref().map_or(Source::Shipped, |pack| Source::Pack(pack.sha256.clone())))
    }

    /// The pictures that can be shown. Follows the signals.
    pub fn shown(self) -> Vec<Shown> {
        if let Some(pack) = self.pack.get() {
            let one = |(image, category, condition): &(String, Option<_>, String)| {
                let image = trials::stimulus(image).to_string();
                Some(Shown { image, category: (*category)?, mask: false, condition: Some(condition.clone()) })
            };
            return pack.images.iter().filter_map(one).collect();
        }
        let one = |plate: &Plate| Shown { image: plate.id.clone(), category: plate.category, mask: plate.mask, condition: None };
        self.plates.with(|plates| plates.iter().map(one).collect())
    }

    /// Everybody's answers, one a picture, with what could not be used. Follows the signals.
    pub fn answers(self) -> (Vec<Trial>, Report) {
        let own = self.sittings.with(|sittings| sittings.iter().flat_map(Sitting::trials).collect::<Vec<_>>());
        let imported = self.imported.with(|files| files.iter().flat_map(|file| file.trials.clone()).collect::<Vec<_>>());
        let all: Vec<Trial> = own.into_iter().chain(imported).collect();
        let mut report = Report { used: all.len(), ..Report::default() };
        (settle(all, &mut report), report)
    }

    /// Everybody who has answered. Follows the signals.
    pub fn observers(self) -> Vec<Observer> {
        observers(&self.answers().0)
    }

    /// A name that nobody has yet: the wished one, or the same with a number.
    pub fn free_name(self, wished: &str) -> String {
        let wished: String = wished.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        let wished = if wished.is_empty() { "participant".to_string() } else { wished };
        let taken: Vec<String> = untrack(|| {
            let own = self.sittings.with(|sittings| sittings.iter().map(|sitting| sitting.subject.clone()).collect::<Vec<_>>());
            own.into_iter()
                .chain(
                    self.imported.with(|files| files.iter().flat_map(|f| f.trials.iter().map(|t| t.subject.clone())).collect::<Vec<_>>()),
                )
                .collect()
        });
        if !taken.contains(&wished) {
            return wished;
        }
        (2..).map(|number| format!("{wished}-{number}")).find(|name| !taken.contains(name)).unwrap_or(wished)
    }

    /// Notes that a sitting is being written; answers the number of the attempt.
    pub fn begin_writing(self) -> u32 {
        let attempt = self.attempts.try_update_value(|attempts| {
            *attempts += 1;
            *attempts
        });
        let attempt = attempt.unwrap_or_default();
        self.writing.set(Writing::Going(attempt));
        attempt
    }

    /// Notes how an attempt ended, unless a newer one has begun, which writes everything once more.
    pub fn end_writing(self, attempt: u32, failed: Option<String>) {
        if self.writing.with_untracked(|writing| *writing == Writing::Going(attempt)) {
            self.writing.set(failed.map_or(Writing::Kept, Writing::Failed));
        }
    }

    /// Puts a picture where the experiment finds it.
    pub fn arrive(self, key: (String, String), made: Made) {
        self.stimuli.update_value(|stimuli| {
            if stimuli.len() >= KEPT {
                stimuli.clear();
            }
            stimuli.insert(key, made);
        });
        self.arrived.update(|count| *count += 1);
    }

    /// Drops pictures of another source, and what was found on them.
    pub fn forget_pictures(self) {
        self.stimuli.update_value(HashMap::clear);
        self.aligned.set(None);
        self.course.set(None);
    }

    /// Takes in the network of a sparsity beside people.
    pub fn take_aligned_at(self, experiment: Arc<Experiment>, at: AlignmentAtSparsity) {
        self.course.update(|course| match course {
            Some(course) if Arc::ptr_eq(&course.experiment, &experiment) => course.points.push(at),
            _ => *course = Some(Course { experiment, points: vec![at] }),
        });
    }
}
