//! Trials as JSON, for programs: the same fields as the published tables, with `null` for no answer.

use serde::Deserialize;

use super::trials::{MAX_BYTES, MAX_TRIALS, Trial};
use crate::error::{Error, Result};
use crate::report::Report;

/// What the files say they are.
pub const FORMAT: &str = "sweetspot-trials-1";

#[derive(Deserialize)]
struct Read {
    format: String,
    trials: Vec<serde_json::Value>,
}

/// Writes trials, one a line.
pub fn write(trials: &[Trial]) -> Result<String> {
    let lines: Result<Vec<String>> =
        trials.iter().map(|trial| serde_json::to_string(trial).map_err(|e| unreadable("trials", e.to_string()))).collect();
    Ok(format!("{{\"format\":\"{FORMAT}\",\"trials\":[\n{}\n]}}\n", lines?.join(",\n")))
}

/// Reads trials. An error for a file of another format; trials that cannot be used are refused in the report.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Vec<Trial>, Report)> {
    if bytes.len() > MAX_BYTES {
        return Err(unreadable(name, format!("it has {} bytes, more than {MAX_BYTES}", bytes.len())));
    }
    let read: Read = serde_json::from_slice(bytes).map_err(|e| unreadable(name, e.to_string()))?;
    if read.format != FORMAT {
        let format: String = read.format.chars().take(40).collect();
        return Err(unreadable(name, format!("its format is '{format}'; '{FORMAT}' is known")));
    }
    let (mut trials, mut report) = (Vec::new(), Report::default());
    for (at, value) in read.trials.into_iter().enumerate() {
        let place = || format!("{name}, trial {}", at + 1);
        match serde_json::from_value::<Trial>(value) {
            Ok(_) if trials.len() == MAX_TRIALS => report.refuse(&format!("more than {MAX_TRIALS} trials; split the file"), place()),
            Ok(trial) if [&trial.subject, &trial.condition, &trial.image].iter().any(|name| name.trim().is_empty()) => {
                report.refuse("a trial without observer, condition or picture", place());
            }
            Ok(trial) => trials.push(trial),
            // Its own words name the value; those of a kind belong together.
            Err(error) => report.refuse("a trial that is none", format!("{}: {error}", place())),
        }
    }
    report.used = trials.len();
    Ok((trials, report))
}

fn unreadable(what: &str, reason: String) -> Error {
    Error::Unreadable { what: what.into(), reason }
}
