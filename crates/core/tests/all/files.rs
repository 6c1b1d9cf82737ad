//! Where the golden numbers lie. This crate's tests do without `sweetspot-testing`, which is built on everything.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// A file of golden numbers.
pub fn golden(name: &str) -> Value {
    let path = root().join("tests/golden").join(name);
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// A list of numbers in them.
pub fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}
