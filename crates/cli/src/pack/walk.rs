//! The files of a folder and its folders, in the order of their paths; native only. Links are not followed, and what is too deep or too much is told.

use std::path::{Path, PathBuf};

use super::build::io;
use sweetspot_core::error::Result;
use sweetspot_core::report::Report;

/// How deep folders may lie in each other.
const DEPTH: usize = 8;
/// The most files that are looked at.
const MOST_FILES: usize = 400_000;
/// Endings of the pictures that can be opened.
const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "jpe"];

/// The files under a folder.
pub fn files(folder: &Path, report: &mut Report) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    descend(folder, DEPTH, &mut found, report)?;
    found.sort();
    Ok(found)
}

fn descend(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, report: &mut Report) -> Result<()> {
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| io(folder, e))? {
        let entry = entry.map_err(|e| io(folder, e))?;
        inside.push((entry.path(), entry.file_type().map_err(|e| io(&entry.path(), e))?));
    }
    // In order, so that what is left out of too much does not depend on the disk.
    inside.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in inside {
        let shown = path.display().to_string();
        match () {
            () if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) => {}
            () if kind.is_symlink() => report.refuse("a link, which is not followed", shown),
            () if kind.is_dir() && depth == 0 => report.refuse("a folder that lies too deep", shown),
            () if kind.is_dir() => descend(&path, depth - 1, found, report)?,
            () if found.len() == MOST_FILES => report.refuse(&format!("more than {MOST_FILES} files; make several packs"), shown),
            () => found.push(path),
        }
    }
    Ok(())
}

/// The pictures among files, by their ending; the others are told of.
pub fn pictures(files: Vec<PathBuf>, report: &mut Report) -> Vec<PathBuf> {
    let (pictures, others): (Vec<PathBuf>, Vec<PathBuf>) = files
        .into_iter()
        .partition(|path| path.extension().is_some_and(|ending| PICTURES.iter().any(|known| ending.eq_ignore_ascii_case(known))));
    others.iter().for_each(|path| report.refuse("a file that is no picture by its ending", path.display().to_string()));
    pictures
}

/// A file's bytes, if there are no more than so many.
pub fn read(path: &Path, most: usize) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|e| io(path, e))?.len();
    match length > most as u64 {
        true => Err(io(path, format!("the file has {length} bytes, more than {most}"))),
        false => std::fs::read(path).map_err(|e| io(path, e)),
    }
}

/// A path's last name as text.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
