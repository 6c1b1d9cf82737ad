//! The record of checks against other implementations.

use std::collections::BTreeMap;

use serde_json::Value;

use sweetspot_core::fields::{items, number, text, texts};

/// What methods and measures were checked against, `audit.json`, by their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audit {
    /// Of methods.
    pub methods: BTreeMap<String, Entry>,
    /// Of measures.
    pub measures: BTreeMap<String, Entry>,
    /// Of searches for objects.
    pub searches: BTreeMap<String, Entry>,
}

/// What is known of a method, a measure or a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The comparisons with other implementations.
    pub checks: Vec<Check>,
    /// What the tests say of it besides.
    pub properties: Vec<String>,
}

/// A comparison with another implementation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Check {
    /// The other implementation.
    pub against: String,
    /// The networks and cases.
    pub on: String,
    /// What the value is.
    pub kind: String,
    /// What was found.
    pub value: Option<f64>,
    /// What the tests allow.
    pub bound: Option<f64>,
    /// The other implementation's numbers.
    pub file: String,
    /// What made them.
    pub script: String,
}

impl Audit {
    /// Reads the record.
    pub fn read(value: &Value) -> Self {
        let entries = |name: &str| {
            let fields = value.get(name).and_then(Value::as_object);
            fields.into_iter().flatten().map(|(id, entry)| (id.clone(), Entry::read(entry))).collect()
        };
        Self { methods: entries("methods"), measures: entries("measures"), searches: entries("discovery") }
    }
}

impl Entry {
    fn read(value: &Value) -> Self {
        Self { checks: items(value, "checks").iter().map(Check::read).collect(), properties: texts(value, "properties") }
    }
}

impl Check {
    fn read(value: &Value) -> Self {
        Self {
            against: text(value, "against"),
            on: text(value, "on"),
            kind: text(value, "kind"),
            value: number(value, "value"),
            bound: number(value, "bound"),
            file: text(value, "file"),
            script: text(value, "script"),
        }
    }
}
