//! What the page knows of people: their answers to the recognition experiment, on this device and imported, and networks beside them.

use std::collections::HashMap;
use std::sync::Arc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::assets::{self, Plate};
use super::folders::archive;
use super::state::{Answer, Lab};
use super::storage::Shelf;
use sweetspot_core::alignment::observers::{Observer, observers};
use sweetspot_core::alignment::plan::Shown;
use sweetspot_core::alignment::sitting::Sitting;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::MAX_BYTES;
use sweetspot_core::alignment::trials::{Trial, settle};
use sweetspot_core::alignment::trials_json;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::report::Report;
use sweetspot_protocol::{Aligned, AlignedAt, Alike, PackReport, Source, Stimulus};

/// What names of kept imports begin with; sittings name themselves.
const IMPORT: &str = "import ";

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
    pub points: Vec<AlignedAt>,
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
    pub aligning: RwSignal<Option<Vec<f64>>>,
    /// Both networks beside people.
    pub aligned: Answer<Aligned>,
    /// How alike both networks find pictures.
    pub alike: Answer<Alike>,
    /// Whether that is being asked for.
    pub comparing: RwSignal<bool>,
    /// Networks of many sparsities beside people.
    pub course: RwSignal<Option<Course>>,
    /// The sitting on the stage.
    pub current: RwSignal<Option<Sitting>>,
    /// Counts how often everything was deleted.
    pub forgotten: RwSignal<u32>,
    /// What the stage shows.
    pub phase: RwSignal<Phase>,
    /// Counts pictures that have come from the engine, or could not.
    pub arrived: RwSignal<u32>,
    /// Pictures that have come, by condition and name; why one could not, in place of it.
    pub stimuli: StoredValue<HashMap<(String, String), Made>>,
}

impl Default for People {
    fn default() -> Self {
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
            forgotten: RwSignal::new(0),
            phase: RwSignal::new(Phase::Closed),
            arrived: RwSignal::new(0),
            stimuli: StoredValue::new(HashMap::new()),
        }
    }
}

impl People {
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
}

impl Lab {
    /// Reads what is kept on the device, and the list of pictures, when the panel is opened first.
    pub fn meet_people(self, open: bool) {
        let people = self.people;
        if !open || people.open.get_untracked() {
            return;
        }
        people.open.set(true);
        spawn_local(async move {
            match assets::plates().await {
                Ok(plates) => people.plates.set(Arc::new(plates)),
                Err(error) => self.say(error.to_string()),
            }
        });
        self.list_packs();
        spawn_local(async move {
            match kept().await {
                Ok((sittings, imported)) => {
                    // What was begun or imported meanwhile stays.
                    people.sittings.update(|now| now.splice(0..0, sittings).for_each(drop));
                    people.imported.update(|now| now.splice(0..0, imported).for_each(drop));
                }
                Err(error) => people.trouble.set(Some(format!("Nothing can be remembered: {error}."))),
            }
        });
    }

    /// Looks which packs are remembered.
    fn list_packs(self) {
        spawn_local(async move { self.people.remembered.set(Shelf::Packs.names().await.unwrap_or_default()) });
    }

    /// Opens the pack that a link names, if this device remembers it; says what is missing if not.
    pub fn seek_pack(self, hash: String) {
        let there = self.people.pack.with_untracked(|pack| pack.as_ref().is_some_and(|pack| pack.sha256 == hash));
        if there {
            return;
        }
        self.meet_people(true);
        spawn_local(async move {
            let short: String = hash.chars().take(12).collect();
            let named = |name: &String| name.ends_with(&format!("({short})"));
            match Shelf::Packs.names().await.unwrap_or_default().into_iter().find(named) {
                Some(name) => self.recall_pack(name),
                None => {
                    let missing = format!(
                        "The link is about the pack {short}\u{2026}, which is not on this device. Open its file or its address under \u{201c}Does it see as \
                         people do?\u{201d}; until then the shipped pictures are shown there."
                    );
                    self.people.pack_state.set(missing.clone());
                    self.say(missing);
                }
            }
        });
    }

    /// Opens a pack that lies in a folder.
    pub fn open_folder(self, files: Vec<File>) {
        spawn_local(async move {
            let state = self.people.pack_state;
            let told = |read, of| state.set(format!("Reading the folder: {read} of {of} files"));
            match archive(&files, told).await {
                Ok(blob) => self.open_pack(&blob, "the folder".into()),
                Err(error) => state.set(format!("Not opened: {error}.")),
            }
        });
    }

    /// Forgets the answers of an imported file.
    pub fn forget_import(self, name: String) {
        self.people.imported.update(|files| files.retain(|file| file.name != name));
        spawn_local(async move {
            if let Err(error) = Shelf::Trials.delete(&format!("{IMPORT}{name}")).await {
                self.people.trouble.set(Some(format!("It could not be deleted: {error}.")));
            }
        });
    }

    /// Remembers the open pack on this device.
    pub fn remember_pack(self) {
        let Some((pack, blob)) = self.people.pack.get_untracked().zip(self.pack_blob()) else { return };
        let name = format!("{} ({})", pack.title, pack.sha256.chars().take(12).collect::<String>());
        spawn_local(async move {
            let said = match Shelf::Packs.put(&name, &blob).await {
                Ok(()) => format!("{name} is remembered on this device."),
                Err(error) => format!("Not remembered: {error}."),
            };
            self.people.pack_state.set(said);
            self.list_packs();
        });
    }

    /// Opens a remembered pack.
    pub fn recall_pack(self, name: String) {
        spawn_local(async move {
            match Shelf::Packs.get(&name).await {
                Ok(Some(blob)) => self.open_pack(blob.unchecked_ref(), name),
                Ok(None) => self.people.pack_state.set(format!("{name} is not there any more.")),
                Err(error) => self.people.pack_state.set(format!("Not opened: {error}.")),
            }
        });
    }

    /// Forgets a remembered pack.
    pub fn forget_pack(self, name: String) {
        spawn_local(async move {
            if let Err(error) = Shelf::Packs.delete(&name).await {
                self.people.pack_state.set(format!("It could not be deleted: {error}."));
            }
            self.list_packs();
        });
    }

    /// Keeps a sitting: in memory at once, on the device as soon as it can be.
    pub fn keep(self, sitting: Sitting) {
        let name = sitting.name();
        let text = sitting.write();
        self.people.sittings.update(|sittings| match sittings.iter_mut().find(|old| old.name() == name) {
            Some(old) => *old = sitting,
            None => sittings.push(sitting),
        });
        spawn_local(async move {
            let stored = match text {
                Ok(text) => Shelf::Trials.put(&name, &JsValue::from_str(&text)).await,
                Err(error) => Err(error),
            };
            self.people
                .trouble
                .set(stored.err().map(|error| format!("The answers are here as long as this page is open, and not kept: {error}.")));
        });
    }

    /// Ends a sitting before its last trial; one in which nothing was answered is forgotten.
    pub fn end(self, sitting: Sitting) {
        if sitting.progress().0 > 0 {
            return self.keep(Sitting { ended: true, ..sitting });
        }
        let name = sitting.name();
        self.people.sittings.update(|sittings| sittings.retain(|old| old.name() != name));
        spawn_local(async move {
            if let Err(error) = Shelf::Trials.delete(&name).await {
                self.people.trouble.set(Some(format!("It could not be deleted: {error}.")));
            }
        });
    }

    /// Reads files of answers, as many as are given, and says what was used.
    pub fn import_answers(self, files: Vec<File>) {
        spawn_local(async move {
            let mut report = Report::default();
            for file in files {
                let name = file.name();
                match read(&file).await {
                    Ok((trials, said)) => {
                        report.add(said);
                        if !trials.is_empty() {
                            self.take_answers(name, trials).await;
                        }
                    }
                    Err(error) => report.refuse("a file that cannot be read as answers", error.to_string()),
                }
            }
            self.people.report.set(Some(report));
        });
    }

    async fn take_answers(self, name: String, trials: Vec<Trial>) {
        let text = trials_json::write(&trials);
        self.people.imported.update(|files| {
            // The same file again takes its own place.
            files.retain(|old| old.name != name);
            files.push(Imported { name: name.clone(), trials });
        });
        let stored = match text {
            Ok(text) => Shelf::Trials.put(&format!("{IMPORT}{name}"), &JsValue::from_str(&text)).await,
            Err(error) => Err(error),
        };
        self.people.trouble.set(stored.err().map(|error| format!("The imported answers are not kept beyond a reload: {error}.")));
    }

    /// Forgets every answer, here and on the device.
    pub fn forget_people(self) {
        let people = self.people;
        people.sittings.set(Vec::new());
        people.imported.set(Vec::new());
        people.report.set(None);
        people.aligned.set(None);
        people.course.set(None);
        people.forgotten.update(|count| *count += 1);
        spawn_local(async move {
            people.trouble.set(Shelf::Trials.clear().await.err().map(|error| format!("It could not all be deleted: {error}.")));
        });
    }
}

/// What is kept on the device. What cannot be read is left where it is.
async fn kept() -> Result<(Vec<Sitting>, Vec<Imported>)> {
    let (mut sittings, mut imported) = (Vec::new(), Vec::new());
    for name in Shelf::Trials.names().await? {
        let Some(text) = Shelf::Trials.text(&name).await? else { continue };
        if let Some(file) = name.strip_prefix(IMPORT) {
            if let Ok((trials, _)) = trials_json::read(file, text.as_bytes()) {
                imported.push(Imported { name: file.into(), trials });
            }
        } else if let Ok(sitting) = Sitting::read(&text) {
            sittings.push(sitting);
        }
    }
    sittings.sort_by(|a, b| a.began.total_cmp(&b.began));
    Ok((sittings, imported))
}

/// The trials in a file, by its name as JSON or as a table.
async fn read(file: &File) -> Result<(Vec<Trial>, Report)> {
    let name = file.name();
    let failed = |reason: &str| Error::Io { path: name.clone(), reason: reason.into() };
    if file.size() > MAX_BYTES as f64 {
        return Err(failed(&format!("it has more than {MAX_BYTES} bytes")));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| failed("the browser cannot read it"))?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    match name.to_ascii_lowercase().ends_with(".json") {
        true => trials_json::read(&name, &bytes),
        false => trials::read(&name, &bytes),
    }
}

/// Whether a file holds answers, by its name.
pub fn is_answers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".tsv", ".json"].iter().any(|ending| name.ends_with(ending))
}
