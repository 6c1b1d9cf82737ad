//! Files of this machine, with errors that name them.

use std::path::Path;

use sweetspot_core::error::{Error, Result};

/// An [`Error::Io`].
pub fn io(path: impl AsRef<Path>, error: impl std::fmt::Display) -> Error {
    Error::Io { path: path.as_ref().display().to_string(), reason: error.to_string() }
}

/// Reads a file, at most as long as the largest picture or weights file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|e| io(path, e))?.len();
    let most = sweetspot_nn::weights::MAX_FILE as u64;
    if length > most {
        return Err(io(path, format!("the file has {length} bytes, more than {most}")));
    }
    std::fs::read(path).map_err(|e| io(path, e))
}

/// Writes a file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|e| io(path, e))
}
