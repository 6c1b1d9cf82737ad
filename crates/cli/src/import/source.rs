//! A network whose weights a package carries.

use super::package::Package;
use std::collections::BTreeMap;
use std::path::Path;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::Result;
use sweetspot_nn::weights::Array;

/// A model that can be imported: where it is and what is known of it.
pub struct Source {
    pub id: &'static str,
    pub title: &'static str,
    pub says: &'static str,
    pub year: u32,
    pub licence: &'static str,
    pub origin: &'static str,
    pub package: Package,
    /// sha256 of the weights file in the package.
    pub sha256: &'static str,
    pub recipe: Recipe,
    /// Reads the weights file into the architecture's names and layouts.
    pub read: fn(&Path) -> Result<BTreeMap<String, Array>>,
}
