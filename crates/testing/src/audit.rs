//! What every method and measure was checked against, and the difference found: `www/audit.json`, which the page shows under "About the
//! numbers". The tests write it (`SWEETSPOT_WRITE_AUDIT=1 cargo test --workspace`); otherwise they check that it tells of every check.

use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::{Map, Value, json};
use sweetspot_core::attribution::Method;
use sweetspot_core::compare::larger;
use sweetspot_core::discovery;
use sweetspot_core::metrics::Measure;

/// What a check is about.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    Method(Method),
    Measure(Measure),
    Discovery(discovery::Method),
}

/// A comparison with another implementation.
#[derive(Debug, Clone)]
pub struct Check<'a> {
    /// The other implementation, with its version.
    pub against: &'a str,
    /// On what: a network and how many cases.
    pub on: &'a str,
    /// What the number is: "relative L2 distance", "largest difference", "1 - correlation".
    pub kind: &'a str,
    /// The largest found.
    pub value: f64,
    /// What the test allows.
    pub bound: f64,
    /// The file of golden numbers.
    pub file: &'a str,
}

/// The largest differences found of some measures.
#[derive(Debug, Default)]
pub struct Found(Vec<(Measure, f64, usize)>);

impl Found {
    /// Takes a difference in.
    pub fn add(&mut self, measure: Measure, difference: f64) {
        match self.0.iter_mut().find(|(known, ..)| *known == measure) {
            Some((_, most, cases)) => (*most, *cases) = (larger(*most, difference), *cases + 1),
            None => self.0.push((measure, difference, 1)),
        }
    }

    /// Asserts each one's bound and has the page tell of it.
    pub fn check(&self, against: &str, what: &str, kind: &str, bound: f64, file: &str) {
        for (measure, value, cases) in &self.0 {
            let on = format!("{cases} {what}");
            check(Subject::Measure(*measure), &Check { against, on: &on, kind, value: *value, bound, file });
        }
    }
}

static FILE: Mutex<()> = Mutex::new(());

fn path() -> PathBuf {
    super::root().join("www/audit.json")
}

/// Asserts a check's bound and has the page tell of it.
pub fn check(subject: Subject, check: &Check<'_>) {
    let Check { against, on, kind, value, bound, file } = check;
    let script = made_by(file);
    println!("{subject:?}, {on}: {kind} {value:.3e} from {against}");
    assert!(value.is_finite() && value <= bound, "{subject:?}, {on}: {kind} {value:.3e} from {against}, more than {bound:.0e}");
    let rounded: f64 = format!("{value:.2e}").parse().unwrap();
    let entry = json!({ "against": against, "on": on, "kind": kind, "value": rounded, "bound": bound, "file": format!("tests/golden/{file}"), "script": script });
    let same = |other: &Value| ["against", "on", "kind", "bound", "file"].iter().all(|key| other[*key] == entry[*key]);
    update(
        subject,
        "checks",
        &entry,
        |known, entry| match known.iter_mut().find(|k| same(k)) {
            Some(place) => *place = entry.clone(),
            None => known.push(entry.clone()),
        },
        |known| known.iter().any(same),
    );
}

/// Has the page tell of a property that a test asserts.
pub fn property(subject: Subject, text: &str) {
    let entry = json!(text);
    update(
        subject,
        "properties",
        &entry,
        |known, entry| {
            if !known.contains(entry) {
                known.push(entry.clone())
            }
        },
        |known| known.contains(&json!(text)),
    );
}

/// The script that made a file of golden numbers: as the file says, or the one of its name.
fn made_by(file: &str) -> String {
    let stem = file.split(['.']).next().unwrap();
    let path = super::root().join("tests/golden").join(format!("{stem}.json"));
    let known: Option<Value> = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    known.and_then(|golden| golden["made_by"].as_str().map(str::to_string)).unwrap_or_else(|| panic!("{file} does not name its script"))
}

fn update(subject: Subject, key: &str, entry: &Value, write: impl Fn(&mut Vec<Value>, &Value), holds: impl Fn(&[Value]) -> bool) {
    let _only = FILE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (group, id) = match subject {
        Subject::Method(method) => ("methods", method.id()),
        Subject::Measure(measure) => ("measures", measure.id()),
        Subject::Discovery(method) => ("discovery", method.id()),
    };
    let mut audit: Value =
        std::fs::read(path()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(Value::Object(Map::new()));
    if std::env::var_os("SWEETSPOT_WRITE_AUDIT").is_none() {
        let known = audit[group][id][key].as_array().cloned().unwrap_or_default();
        assert!(holds(&known), "www/audit.json does not tell of {entry}: run the tests once with SWEETSPOT_WRITE_AUDIT=1");
        return;
    }
    let place = &mut audit[group][id][key];
    let mut known = place.as_array().cloned().unwrap_or_default();
    write(&mut known, entry);
    *place = Value::Array(known);
    std::fs::write(path(), serde_json::to_string_pretty(&audit).unwrap() + "\n").unwrap();
}
