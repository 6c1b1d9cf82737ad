//! Trials: what an observer, a person or a network, answered to a picture. Read from and written to the format the experiments are published in
//! (`raw-data/*.csv` of bethgelab/model-vs-human): columns `subj`, `session`, `trial`, `rt`, `object_response`, `category`, `condition` and
//! `imagename`, in any order and case.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::csv;
use super::text::{Encoding, decode};
use crate::error::{Error, Result};
use crate::report::Report;

/// The longest file of trials, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// The most trials that are kept.
pub const MAX_TRIALS: usize = 1_000_000;
/// The longest name of a picture, an observer or a condition, in bytes.
const MAX_NAME: usize = 200;
/// The columns, as they are written.
pub const COLUMNS: [&str; 8] = ["subj", "session", "trial", "rt", "object_response", "category", "condition", "imagename"];
/// Those that no trial can be without.
const NEEDED: [&str; 5] = ["subj", "object_response", "category", "condition", "imagename"];
/// What stands for no answer in time.
const NO_ANSWER: &str = "na";

/// An observer's answer to a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Who answered, such as `subject-01`.
    pub subject: String,
    /// In which session.
    #[serde(default)]
    pub session: String,
    /// Which trial of the session it was.
    #[serde(default)]
    pub trial: Option<u32>,
    /// How long the answer took, in seconds.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// The answer; none if it did not come in time.
    pub response: Option<Category>,
    /// What the picture shows.
    pub category: Category,
    /// How the picture was changed: a level of the data set's manipulation.
    pub condition: String,
    /// The picture's file, as the experiment named it.
    pub image: String,
}

impl Trial {
    /// The picture's name without what the experiment put before it.
    pub fn stimulus(&self) -> &str {
        stimulus(&self.image)
    }

    /// Whether the answer is right.
    pub fn is_right(&self) -> bool {
        self.response == Some(self.category)
    }
}

/// A picture's own name in an experiment's file name: what follows the last `_`, with ImageNet's `n0…_` before it (`get_short_imagename` of
/// bethgelab/model-vs-human). `0000_cl_s01_bw_boat_40_n02951358_5952.JPEG` is `n02951358_5952.JPEG`.
pub fn stimulus(image: &str) -> &str {
    let Some((before, name)) = image.rsplit_once('_') else { return image };
    let synset = before.rsplit_once('_').map_or(before, |(_, synset)| synset);
    match synset.starts_with("n0") {
        true => &image[image.len() - name.len() - 1 - synset.len()..],
        false => name,
    }
}

/// Reads a file of trials. An error for a file that is no table or lacks a column; lines that cannot be used are refused in the report.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Vec<Trial>, Report)> {
    let failed = |reason: String| Error::Unreadable { what: name.into(), reason };
    if bytes.len() > MAX_BYTES {
        return Err(failed(format!("it has {} bytes, more than {MAX_BYTES}", bytes.len())));
    }
    let (text, encoding) = decode(name, bytes)?;
    let mut report = Report::default();
    if encoding != Encoding::Utf8 {
        report.note(format!("{name} was read as {}", encoding.title()));
    }
    let mut lines = csv::lines(&text, csv::separator(&text));
    let header = match lines.next() {
        Some((_, Ok(header))) => header,
        Some((_, Err(reason))) => return Err(failed(format!("its first line has {reason}; it should name the columns"))),
        None => return Err(failed("it is empty".into())),
    };
    let columns = Columns::of(&header).map_err(failed)?;
    let mut trials = Vec::new();
    for (number, fields) in lines {
        let place = || format!("{name}, line {number}");
        let trial = fields.map_err(|reason| format!("a line with {reason}")).and_then(|fields| columns.trial(&fields));
        match trial {
            Ok(_) if trials.len() == MAX_TRIALS => report.refuse(&format!("more than {MAX_TRIALS} trials; split the file"), place()),
            Ok(trial) => trials.push(trial),
            Err(reason) => report.refuse(&reason, place()),
        }
    }
    report.used = trials.len();
    Ok((trials, report))
}

/// Where a table has its columns.
struct Columns {
    places: [Option<usize>; 8],
    count: usize,
}

impl Columns {
    fn of(header: &[String]) -> Result<Self, String> {
        let mut places = [None; 8];
        for (at, field) in header.iter().enumerate() {
            let Some(column) = COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(field.trim())) else { continue };
            if places[column].replace(at).is_some() {
                return Err(format!("it has the column '{}' twice", COLUMNS[column]));
            }
        }
        let missing = |name: &&str| COLUMNS.iter().zip(&places).any(|(column, place)| column == name && place.is_none());
        let missing: Vec<&str> = NEEDED.into_iter().filter(missing).collect();
        match missing.is_empty() {
            true => Ok(Self { places, count: header.len() }),
            false => {
                let found: String = header.join(", ").chars().take(120).collect();
                Err(format!("it lacks the columns {}; its first line is: {found}", missing.join(", ")))
            }
        }
    }

    /// The trial on a line, or the reason why there is none.
    fn trial(&self, fields: &[String]) -> Result<Trial, String> {
        if fields.len() != self.count {
            let than = if fields.len() < self.count { "fewer" } else { "more" };
            return Err(format!("{than} fields than the header"));
        }
        let field = |column: usize| self.places[column].map_or("", |at| fields[at].trim());
        let name = |column: usize| match field(column) {
            "" => Err(format!("nothing in the column {}", COLUMNS[column])),
            name if name.len() > MAX_NAME => Err(format!("a {} of more than {MAX_NAME} bytes", COLUMNS[column])),
            name => Ok(name.to_string()),
        };
        let unknown = |what: &str, word: &str| {
            let word: String = word.chars().take(40).collect();
            format!("unknown {what} '{word}'; the 16 categories and na for no answer are known")
        };
        let (answer, category) = (field(4), field(5));
        let response = match Category::find(answer) {
            None if !answer.eq_ignore_ascii_case(NO_ANSWER) && !answer.eq_ignore_ascii_case("nan") => {
                return Err(unknown("answer", answer));
            }
            found => found,
        };
        Ok(Trial {
            subject: name(0)?,
            session: field(1).chars().take(MAX_NAME).collect(),
            trial: field(2).parse().ok(),
            seconds: field(3).parse().ok().filter(|seconds: &f64| seconds.is_finite()),
            response,
            category: Category::find(category).ok_or_else(|| unknown("category", category))?,
            condition: name(6)?,
            image: name(7)?,
        })
    }
}

/// Writes trials as a file that [`read`] and the published analyses read.
pub fn write(trials: &[Trial]) -> String {
    let mut text = COLUMNS.join(",") + "\n";
    for trial in trials {
        let fields = [
            csv::quote(&trial.subject),
            csv::quote(&trial.session),
            trial.trial.map_or("NaN".into(), |trial| trial.to_string()),
            trial.seconds.map_or("NaN".into(), |seconds| seconds.to_string()),
            trial.response.map_or(NO_ANSWER, Category::id).into(),
            trial.category.id().into(),
            csv::quote(&trial.condition),
            csv::quote(&trial.image),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

/// Leaves one trial for each observer, condition and picture. An answer that was given twice counts once; of answers that contradict each other
/// none is used, because nothing says which is meant; nor is a trial that names another category for a picture than the trials before it.
pub fn settle(trials: Vec<Trial>, report: &mut Report) -> Vec<Trial> {
    let verdicts = verdicts(&trials);
    let mut kept = Vec::with_capacity(trials.len());
    for (trial, verdict) in trials.into_iter().zip(verdicts) {
        match verdict {
            None => kept.push(trial),
            Some(why) => {
                report.used = report.used.saturating_sub(1);
                report.refuse(why, format!("{}, {}, {}", trial.subject, trial.condition, trial.stimulus()));
            }
        }
    }
    kept
}

/// Why each trial is not used; none where it is.
fn verdicts(trials: &[Trial]) -> Vec<Option<&'static str>> {
    let mut shows: HashMap<(&str, &str), Category> = HashMap::new();
    let mut answers: HashMap<(&str, &str, &str), (usize, bool)> = HashMap::new();
    let mut fits = vec![false; trials.len()];
    for (at, trial) in trials.iter().enumerate() {
        let picture = (trial.condition.as_str(), trial.stimulus());
        if *shows.entry(picture).or_insert(trial.category) != trial.category {
            continue;
        }
        fits[at] = true;
        let (first, agree) = answers.entry((&trial.subject, picture.0, picture.1)).or_insert((at, true));
        *agree &= trials[*first].response == trial.response;
    }
    let verdict = |at: usize, trial: &Trial| match answers.get(&(trial.subject.as_str(), trial.condition.as_str(), trial.stimulus())) {
        _ if !fits[at] => Some("a trial that names another category for its picture than an earlier one"),
        Some((_, false)) => Some("answers of one observer to one picture that contradict each other; none of them is used"),
        Some((first, true)) if *first != at => Some("an answer that was given before; it counts once"),
        _ => None,
    };
    trials.iter().enumerate().map(|(at, trial)| verdict(at, trial)).collect()
}
