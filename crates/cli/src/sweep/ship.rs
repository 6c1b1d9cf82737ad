//! `--ship`: packs a sweep for the page, and renews the list of such sweeps and what they say together.

use std::path::Path;

use serde::Deserialize;

use super::files::{command, now};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sweep::State;
use sweetspot_core::sweep::findings::claims;
use sweetspot_core::sweep::findings::study::{Claim, Study};
use sweetspot_core::sweep::shipped::{Entry, Index, Made, Shipped, file_name};
use sweetspot_train::files::{io, read, write};

/// The list's file.
pub const INDEX: &str = "index.json";
/// The file of what all of them say.
pub const FINDINGS: &str = "findings.json";

/// The largest packed sweep, in bytes: what a page may fetch for one look, an eighth of what its engine takes. All that one map of each of 500
/// pictures gives fits in it, over 15 sparsities and with two seeds.
pub const MOST_BYTES: usize = 520_000;

/// Packs a state into a folder; returns the file's name.
pub fn ship(folder: &Path, state: &State, assets: &Path) -> Result<String> {
    let shipped = Shipped::new(Made { command: command(), date: now() }, state.clone())?;
    let text = shipped.write()?;
    let name = file_name(&state.sweep);
    if text.len() > MOST_BYTES {
        return Err(Error::bad_value(
            "the size of the packed sweep",
            text.len(),
            &format!("at most {MOST_BYTES} bytes: leave measures out"),
        ));
    }
    std::fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
    write(&folder.join(&name), text.as_bytes())?;
    renew(folder, assets)?;
    Ok(name)
}

/// Writes the list of a folder's sweeps anew, and what they say together.
pub fn renew(folder: &Path, assets: &Path) -> Result<()> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map_err(|e| io(folder, e))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".json") && ![INDEX, FINDINGS].contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    let mut all = Vec::new();
    for name in names {
        let shipped = Shipped::read(&name, &read(&folder.join(&name))?)?;
        all.push((name, shipped));
    }
    let entry = |(file, shipped): &(String, Shipped)| Entry::new(file.clone(), &shipped.state.sweep);
    save(&folder.join(INDEX), &Index { sweeps: all.iter().map(entry).collect() })?;
    save(&folder.join(FINDINGS), &findings(&all.into_iter().map(|(_, shipped)| shipped).collect::<Vec<_>>(), assets)?)
}

/// What some sweeps say of the paper's claims.
pub fn findings(all: &[Shipped], assets: &Path) -> Result<Vec<Claim>> {
    let cards: Vec<(String, String)> =
        all.iter().map(|shipped| card(assets, &shipped.state.sweep.experiment.model)).collect::<Result<_>>()?;
    let studies: Vec<Study<'_>> = all
        .iter()
        .zip(&cards)
        .map(|(shipped, (name, architecture))| Study { name, architecture, state: &shipped.state, summary: &shipped.summary })
        .collect();
    Ok(claims(&studies))
}

/// The title and the architecture of a card.
fn card(assets: &Path, model: &str) -> Result<(String, String)> {
    #[derive(Deserialize)]
    struct Card {
        title: String,
        architecture: String,
    }
    let path = assets.join("models").join(format!("{model}.json"));
    let unreadable = |e: serde_json::Error| Error::Unreadable { what: path.display().to_string(), reason: e.to_string() };
    let card: Card = serde_json::from_slice(&read(&path)?).map_err(unreadable)?;
    Ok((card.title, card.architecture))
}

fn save(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string(value).map_err(|e| io(path, e))?;
    write(path, text.as_bytes())
}
