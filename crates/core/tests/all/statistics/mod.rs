//! The statistics: against scipy, statsmodels and numpy, what must hold of any data, and how far they keep what they promise.

mod calibration;
mod counts;
mod flips;
mod intervals;
mod people;
mod permutations;

use serde_json::Value;
use sweetspot_core::statistics::alternative::Alternative;

use crate::files;

/// The golden numbers.
pub fn golden() -> Value {
    files::golden("statistics.json")
}

/// Alternatives by their names in the golden numbers.
pub const ALTERNATIVES: [(&str, Alternative); 3] =
    [("two-sided", Alternative::TwoSided), ("greater", Alternative::Greater), ("less", Alternative::Less)];

/// Holds a number against another; NaN is near to nothing.
#[track_caller]
pub fn near(got: f64, wanted: f64, within: f64) {
    assert!((got - wanted).abs() <= within, "{got} instead of {wanted}");
}

/// Of one that is in the golden numbers.
#[track_caller]
pub fn is(got: f64, wanted: &Value, within: f64) {
    near(got, wanted.as_f64().unwrap(), within);
}
