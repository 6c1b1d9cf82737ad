//! Where weights and tables come from: a folder natively, the page's own origin in the browser.

use std::future::Future;
use std::pin::Pin;

use crate::error::{Error, Result};

/// A future that need not leave its thread.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Reads assets by their path under the asset root, such as `models/squeezenet1_1.json`.
pub trait Assets {
    /// The asset's bytes. `progress` is told (bytes so far, bytes in all or 0) now and then.
    fn read<'a>(&'a self, path: &'a str, progress: &'a dyn Fn(u64, u64)) -> Local<'a, Result<Vec<u8>>>;
}

/// Whether a name from a link may stand in an asset's path: no folder, no parent, nothing hidden.
pub fn check_name(kind: &str, name: &str) -> Result<()> {
    let fine = !name.is_empty() && name.len() <= 80 && !name.starts_with('.');
    match fine && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
        true => Ok(()),
        false => Err(Error::unknown(kind, name, ["see the list of the page, or `sweetspot models`"])),
    }
}
