//! Reading JSON field by field. One decoder for everything that the page fetches keeps its program small: a derived one for each kind of
//! file would be a third of it. A field that is missing, `null` or of another kind has its default; what must be there is asked for.

use serde_json::Value;

use crate::error::{Error, Result};

/// A text, empty if there is none.
pub fn text(value: &Value, name: &str) -> String {
    some_text(value, name).unwrap_or_default()
}

/// A text, if there is one.
pub fn some_text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(String::from)
}

/// A text that must be there.
pub fn needed(value: &Value, name: &str) -> Result<String> {
    some_text(value, name).ok_or_else(|| missing(name))
}

/// A number, if there is one.
pub fn number(value: &Value, name: &str) -> Option<f64> {
    value.get(name)?.as_f64()
}

/// A count, if there is one.
pub fn count(value: &Value, name: &str) -> Option<usize> {
    value.get(name)?.as_u64().map(|number| number as usize)
}

/// The items of a list, none if there is no list.
pub fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub fn texts(value: &Value, name: &str) -> Vec<String> {
    items(value, name).iter().map(words).collect()
}

/// A field that says anything, as text: fields of an object and items of a list one after the other.
pub fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => fields.values().map(words).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What is said of a field that must be there.
pub fn missing(name: &str) -> Error {
    Error::Unreadable {
        what: "a file that is shipped".into(),
        reason: format!("the field '{name}' is missing; another version may have written it"),
    }
}
