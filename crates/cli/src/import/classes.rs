//! The names of the ImageNet classes, as torchvision lists them.

use std::path::Path;

use super::package::Package;
use sweetspot_core::error::{Error, Result};
use sweetspot_train::files::io;

const PACKAGE: Package =
    Package { name: "torchvision", version: "0.24.0", sha256: None, files: &[("torchvision/models/_meta.py", "meta")] };

/// The class names by index. The list is read as text: quoted words between the brackets after the list's name.
pub fn read(packages: Option<&Path>) -> Result<Vec<String>> {
    let folder = PACKAGE.unpack(packages)?;
    let text = std::fs::read_to_string(folder.path().join("meta")).map_err(|e| io("torchvision/models/_meta.py", e))?;
    let list = text.split_once("_IMAGENET_CATEGORIES = [").and_then(|(_, rest)| rest.split_once(']')).map(|(list, _)| list);
    let quoted = |line: &str| line.trim().trim_end_matches(',').trim_matches('"').to_string();
    let names: Vec<String> = list.unwrap_or_default().lines().map(quoted).filter(|name| !name.is_empty()).collect();
    match names.len() {
        1000 => Ok(names),
        n => Err(Error::Unreadable { what: "torchvision's class list".into(), reason: format!("it has {n} names, not 1000") }),
    }
}
