//! Where a pack's files lie: in a zip archive, of which only one file at a time is unpacked, or natively in a folder.

use std::cell::RefCell;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::manifest::{MANIFEST, MOST_BYTES, MOST_IMAGES, Stored};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::weights::sha256;

/// The most entries of an archive: an image and a mask for each, and some to spare.
const MOST_ENTRIES: usize = 2 * MOST_IMAGES + 1024;

trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A pack's files.
pub struct Store {
    /// The pack's name in messages.
    name: String,
    place: Place,
}

enum Place {
    Archive {
        archive: RefCell<ZipArchive<Box<dyn Source>>>,
        /// The folder in the archive that everything is in, with its `/`, or nothing.
        folder: String,
    },
    #[cfg(not(target_arch = "wasm32"))]
    Folder(std::path::PathBuf),
}

impl Store {
    /// The files in an archive, which stays where it is.
    pub fn of_archive(name: &str, archive: impl Read + Seek + 'static) -> Result<Self> {
        Self::archive(name, Box::new(archive))
    }

    /// The files in a folder, or in an archive, which stays on the disk.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open(path: &std::path::Path) -> Result<Self> {
        let name = path.display().to_string();
        let io = |e: std::io::Error| Error::Io { path: name.clone(), reason: e.to_string() };
        match std::fs::metadata(path).map_err(io)?.is_dir() {
            true => Ok(Self { name, place: Place::Folder(path.into()) }),
            false => Self::archive(&name.clone(), Box::new(std::fs::File::open(path).map_err(io)?)),
        }
    }

    fn archive(name: &str, source: Box<dyn Source>) -> Result<Self> {
        let failed = |reason: String| Error::Unreadable { what: name.into(), reason };
        let archive = ZipArchive::new(source).map_err(|e| failed(format!("not a pack: {}", one_line(&e))))?;
        if archive.len() > MOST_ENTRIES {
            return Err(failed(format!("the archive has {} files, more than {MOST_ENTRIES}; split the pack", archive.len())));
        }
        // Two files of one name are read differently by different programs.
        if archive.has_duplicate_names() {
            return Err(failed("the archive has two files of one name".into()));
        }
        // Whoever packs a folder by hand gets the folder, too.
        let manifests: Vec<String> = archive
            .file_names()
            .filter_map(|name| name.ok())
            .filter_map(|name| name.strip_suffix(MANIFEST).map(str::to_string))
            .filter(|folder| folder.is_empty() || folder.ends_with('/') && folder.matches('/').count() == 1)
            .collect();
        let folder = match &manifests[..] {
            folders if folders.iter().any(String::is_empty) => String::new(),
            [folder] => folder.clone(),
            [] => return Err(failed(format!("the archive has no {MANIFEST}; `sweetspot pack` makes packs"))),
            _ => return Err(failed(format!("the archive has several {MANIFEST}; a pack has one"))),
        };
        Ok(Self { name: name.into(), place: Place::Archive { archive: RefCell::new(archive), folder } })
    }

    /// The pack's name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The manifest's bytes.
    pub fn manifest(&self) -> Result<Vec<u8>> {
        self.bytes(MANIFEST, MOST_BYTES)
    }

    /// Whether there is a file at this path.
    pub fn has(&self, path: &str) -> bool {
        match &self.place {
            Place::Archive { archive, folder } => archive.borrow().index_for_name(&format!("{folder}{path}")).is_some(),
            #[cfg(not(target_arch = "wasm32"))]
            Place::Folder(folder) => std::fs::symlink_metadata(folder.join(path)).is_ok_and(|found| found.is_file()),
        }
    }

    /// A file's bytes, checked against what the manifest says. Never more of them are in memory than it says.
    pub fn read(&self, file: &Stored) -> Result<Vec<u8>> {
        let bytes = self.bytes(&file.file, file.bytes)?;
        let wrong = |reason: String| Error::Unreadable { what: format!("{} of {}", file.file, self.name), reason };
        if (bytes.len() as u64) < file.bytes {
            return Err(wrong(format!("it has {} bytes, the manifest says {}; the pack is damaged", bytes.len(), file.bytes)));
        }
        let got = sha256(&bytes);
        match got.eq_ignore_ascii_case(&file.sha256) {
            true => Ok(bytes),
            false => {
                Err(wrong(format!("its sha256 is {got}, the manifest says {}; it is not the file the pack was made with", file.sha256)))
            }
        }
    }

    /// A file's bytes, if there are at most so many.
    fn bytes(&self, path: &str, most: u64) -> Result<Vec<u8>> {
        let failed = |reason: String| Error::Unreadable { what: format!("{path} of {}", self.name), reason };
        let read = |reader: &mut dyn Read| {
            let mut bytes = Vec::new();
            reader.take(most + 1).read_to_end(&mut bytes).map_err(|e| failed(one_line(&e)))?;
            match bytes.len() as u64 > most {
                true => Err(failed(format!("it has more than {most} bytes, which is what it may have"))),
                false => Ok(bytes),
            }
        };
        match &self.place {
            Place::Archive { archive, folder } => {
                let mut archive = archive.borrow_mut();
                let mut entry = archive.by_name(&format!("{folder}{path}")).map_err(|e| failed(one_line(&e)))?;
                read(&mut entry)
            }
            #[cfg(not(target_arch = "wasm32"))]
            Place::Folder(_) if !self.has(path) => Err(failed("there is no such file".into())),
            #[cfg(not(target_arch = "wasm32"))]
            Place::Folder(folder) => read(&mut std::fs::File::open(folder.join(path)).map_err(|e| failed(e.to_string()))?),
        }
    }
}

/// Other libraries' messages on one line, not longer than a sentence.
fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}
