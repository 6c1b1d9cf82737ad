//! Packs of the published experiments, native only: from checkouts of rgeirhos/texture-vs-shape (`stimuli/SET/CATEGORY/NAME.png`) and
//! bethgelab/model-vs-human (`0000_cl_dnn_bw_boat_40_n02951358_5952.png` in a folder; responses in `raw-data/SET/*.csv`).

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::build::Builder;
use super::walk;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::{Trial, settle, stimulus};
use sweetspot_core::alignment::trials_json;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_nn::image::MAX_BYTES;
use sweetspot_packs::manifest::{Head, Manifest, Picture, Stored};
use sweetspot_packs::open::{NO_CONDITION, belonging};

/// What people are called in the published trials; networks have their own names.
const PEOPLE: &str = "subject-";
/// The name of the observers' answers in a pack.
const TRIALS: &str = "trials.csv";

/// What pack to make of what.
pub struct Order<'a> {
    /// The folder of the stimuli.
    pub stimuli: &'a Path,
    /// The folder of the observers' answers, `.csv` or `.json`.
    pub responses: Option<&'a Path>,
    /// Where the pack goes: a folder, or a file that ends in `.zip`.
    pub out: &'a Path,
    /// Which published data set it is; guessed from the folders' names unless given.
    pub data_set: Option<&'a str>,
    /// The pictures' licence.
    pub licence: &'a str,
    /// Where they are from.
    pub source: &'a str,
}

/// What the reports say of a pack that was made.
pub struct Made {
    /// Its manifest.
    pub manifest: Manifest,
    /// What became of the pictures.
    pub pictures: Report,
    /// What became of the trials.
    pub trials: Report,
}

/// Makes the pack. `progress` is told how many pictures are done, of how many.
pub fn make(order: &Order<'_>, progress: &dyn Fn(u64, u64)) -> Result<Made> {
    let mut builder = Builder::create(order.out)?;
    let data_set = data_set(order, &mut builder.report)?;
    let mut said = Report::default();
    let answers = match order.responses {
        Some(folder) => people(responses(folder, &mut said)?, &mut said),
        None => Vec::new(),
    };
    let usual = usual_condition(&answers);
    let paths = walk::pictures(walk::files(order.stimuli, &mut builder.report)?, &mut builder.report);
    let mut seen = HashSet::new();
    for (done, path) in paths.iter().enumerate() {
        progress(done as u64, paths.len() as u64);
        let shown = path.display().to_string();
        let (name, category, condition) = match place(path) {
            Ok((name, category, Some(condition))) => (name, category, condition),
            Ok((name, category, None)) => match &usual {
                Ok(condition) => (name, category, condition.clone()),
                Err(why) => {
                    builder.report.refuse(why, shown);
                    continue;
                }
            },
            Err(why) => {
                builder.report.refuse(why, shown);
                continue;
            }
        };
        if !seen.insert((condition.clone(), name.clone())) {
            builder.report.refuse("a picture with the name and the condition of an earlier one", shown);
            continue;
        }
        let bytes = match walk::read(path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                builder.report.refuse("a picture that cannot be read", error.to_string());
                continue;
            }
        };
        builder.add(&walk::name(path), &bytes, None, |image: Stored| picture(name, image, category, condition))?;
    }
    let kept = settle(belonging(answers, builder.images(), &mut said), &mut said);
    if !kept.is_empty() {
        builder.add_trials(TRIALS, &trials::write(&kept))?;
    }
    said.used = kept.len();
    let id = data_set.map_or("stimuli", |set| set.id);
    let (manifest, pictures) = builder.finish(Head {
        format: String::new(),
        id: id.into(),
        title: data_set.map_or("Stimuli", |set| set.says).into(),
        source: order.source.into(),
        licence: order.licence.into(),
        data_set: data_set.map(|set| set.id.into()),
        classes: Vec::new(),
        masks: None,
        trials: Vec::new(),
    })?;
    Ok(Made { manifest, pictures, trials: said })
}

fn picture(name: String, image: Stored, category: Category, condition: String) -> Picture {
    Picture {
        name,
        image,
        category: Some(category),
        label: None,
        condition: Some(condition),
        objects: Vec::new(),
        mask: None,
        licence: None,
    }
}

/// A picture's name in trials, its category, and its condition where the file's name says it.
fn place(path: &Path) -> Result<(String, Category, Option<String>), &'static str> {
    let file = walk::name(path);
    let folder = path.parent().map(walk::name).and_then(|folder| Category::find(&folder));
    // number_experiment_observer_condition_category_further parts_name
    let parts: Vec<&str> = file.split('_').collect();
    let named = (parts.len() >= 6).then(|| Category::find(parts[4])).flatten();
    match (named, folder) {
        (Some(named), Some(folder)) if named != folder => Err("a picture whose name and folder say different categories"),
        (Some(category), _) => Ok((stimulus(&file).into(), category, Some(parts[3].into()))),
        (None, Some(category)) => Ok((stimulus(&file).into(), category, None)),
        (None, None) => Err("a picture without one of the 16 categories in its name or its folder's"),
    }
}

/// The condition of pictures whose name says none: the only one that trials have.
fn usual_condition(trials: &[Trial]) -> Result<String, &'static str> {
    let conditions: BTreeSet<&str> = trials.iter().map(|trial| trial.condition.as_str()).collect();
    match (conditions.len(), conditions.first()) {
        (0, _) => Ok(NO_CONDITION.into()),
        (1, Some(condition)) => Ok(condition.to_string()),
        _ => Err("a picture whose name does not say which of the trials' conditions it belongs to"),
    }
}

/// Every trial in a folder's files.
fn responses(folder: &Path, report: &mut Report) -> Result<Vec<Trial>> {
    let mut all = Vec::new();
    for path in walk::files(folder, report)? {
        let shown = path.display().to_string();
        let read = match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => trials::read,
            Some("json") => trials_json::read,
            _ => {
                report.refuse("a file that is neither .csv nor .json", shown);
                continue;
            }
        };
        match walk::read(&path, trials::MAX_BYTES).and_then(|bytes| read(&walk::name(&path), &bytes)) {
            Ok((trials, said)) => {
                let room = trials::MAX_TRIALS - all.len();
                if trials.len() > room {
                    report.refuse_many(
                        &format!("more than {} trials; make several packs", trials::MAX_TRIALS),
                        trials.len() - room,
                        &shown,
                    );
                }
                all.extend(trials.into_iter().take(room));
                report.add(said);
            }
            Err(error) => report.refuse("a file of trials that cannot be read", error.to_string()),
        }
    }
    if all.is_empty() {
        let reason = match report.lines().last() {
            Some(line) => line,
            None => "the folder has no .csv and no .json".into(),
        };
        return Err(Error::Missing { what: format!("trials in {}", folder.display()), reason });
    }
    Ok(all)
}

/// The trials of people; those of networks, which lie beside them, are told of. Where nobody is named as the published people are, everybody counts.
fn people(trials: Vec<Trial>, report: &mut Report) -> Vec<Trial> {
    let is_person = |trial: &Trial| trial.subject.to_ascii_lowercase().starts_with(PEOPLE);
    if !trials.iter().any(is_person) {
        report.note("no observer is called subject-…, so all are taken for people");
        return trials;
    }
    let (people, networks): (Vec<Trial>, Vec<Trial>) = trials.into_iter().partition(is_person);
    networks.iter().for_each(|trial| report.refuse("a trial of a network and not of a person", &trial.subject));
    people
}

/// The published data set: the one that is named, or whose name is that of a folder on the way to the stimuli or the responses.
fn data_set(order: &Order<'_>, report: &mut Report) -> Result<Option<&'static DataSet>> {
    if let Some(id) = order.data_set {
        let known = sweetspot_core::alignment::references::DATA_SETS.iter().map(|set| set.id);
        return DataSet::of(id).map(Some).ok_or_else(|| Error::unknown("data set", id, known));
    }
    let folders = std::iter::once(order.stimuli).chain(order.responses).flat_map(|path| path.ancestors());
    let found = folders.map(walk::name).find_map(|folder| DataSet::of(&folder));
    match found {
        Some(set) => report.note(format!("taken for the data set {}, after a folder's name", set.id)),
        None => report.note("taken for no published data set, so every condition counts; --data-set names one"),
    }
    Ok(found)
}
