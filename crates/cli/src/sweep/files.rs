//! The files of a sweep's results.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use sweetspot_core::error::Result;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::html::Report;
use sweetspot_core::sweep::shipped::Made;
use sweetspot_core::sweep::{State, Summary, SweepMeasure, figures, table};
use sweetspot_train::files::{io, write as write_file};

/// The file of cells, from which a sweep goes on.
pub const CELLS: &str = "cells.json";

/// Saves the cells so that an interruption leaves the old file or the new one, never a part.
pub fn save(path: &Path, state: &State) -> Result<()> {
    let part = path.with_extension("part");
    write_file(&part, &state.write()?)?;
    std::fs::rename(&part, path).map_err(|e| io(path, e))
}

/// Writes everything; returns the files' names.
pub fn write(
    folder: &Path,
    state: &State,
    summary: &Summary,
    notes: &[String],
    front: Option<&(Vec<Sparsity>, Vec<SweepMeasure>)>,
    across: Across,
) -> Result<Vec<String>> {
    std::fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
    save(&folder.join(CELLS), state)?;
    let front = front.map(|(sparsities, measures)| json!({ "measures": measures, "sparsities": sparsities }));
    let results = json!({
        "command": command(),
        "date": now(),
        "version": env!("CARGO_PKG_VERSION"),
        "device": state.source.device,
        "id": state.sweep.id(),
        "model_sha256": state.source.model_sha256,
        "networks": networks(state),
        "summary": summary,
        "notes": notes,
        "pareto": front,
        "state": state,
    });
    let report = Report {
        network: &state.sweep.experiment.model,
        state,
        summary,
        made: Some(&Made { command: command(), date: now() }),
        gauges: &state.sweep.measures,
        across,
        page: "",
        notes,
    };
    let text: Vec<String> = summary.verdicts.iter().chain(&summary.notes).chain(notes).map(|sentence| format!("{sentence}\n")).collect();
    let mut files = vec![
        ("results.json".to_string(), results.to_string()),
        ("sweep.csv".into(), table::csv(summary)),
        ("spots.txt".into(), text.concat()),
        ("report.html".into(), report.write()),
        ("overview.svg".into(), figures::overview(summary, &state.sweep.measures, across)),
    ];
    for gauge in &state.sweep.measures {
        files.push((format!("{}.svg", gauge.id()), figures::chart(summary, *gauge, across).svg()));
    }
    for (name, text) in &files {
        write_file(&folder.join(name), text.as_bytes())?;
    }
    Ok([CELLS.to_string()].into_iter().chain(files.into_iter().map(|(name, _)| name)).collect())
}

/// What is known of every network of the sweep.
fn networks(state: &State) -> Vec<serde_json::Value> {
    let all = state.sweep.seeds.iter().flat_map(|seed| state.sweep.sparsities.iter().map(move |sparsity| (*seed, *sparsity)));
    let known = all.filter_map(|(seed, sparsity)| Some((seed, sparsity, state.network(seed, sparsity)?)));
    known.map(|(seed, sparsity, network)| json!({ "seed": seed, "sparsity": sparsity, "network": network })).collect()
}

/// The command that is running, as it can be typed again: without the program's folder, with quotes where a shell wants them.
pub fn command() -> String {
    let mut words = std::env::args();
    let program = words.next().unwrap_or_default();
    let program = Path::new(&program).file_name().map_or("sweetspot".into(), |name| name.to_string_lossy().into_owned());
    let plain = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./,=:%+".contains(c));
    let quoted = |word: String| if plain(&word) && !word.is_empty() { word } else { format!("'{}'", word.replace('\'', "'\\''")) };
    [program].into_iter().chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}

/// The present time as ISO 8601 writes it.
pub fn now() -> String {
    date(SystemTime::now())
}

/// A time as ISO 8601 writes it, UTC.
fn date(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}Z", days + 1, rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, said) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(date(UNIX_EPOCH + Duration::from_secs(seconds)), said);
        }
    }
}
