//! The normal distribution and Student's, by `statrs`; compared with scipy in the tests.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The probability of a standard normal number below `z`.
pub fn normal_below(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The value below which a standard normal number lies with a probability between 0 and 1.
pub fn normal_quantile(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// The probability of a number of Student's distribution above `t`; NaN unless `freedom` is positive.
pub fn student_above(t: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.sf(t))
}

/// The value below which a number of Student's distribution lies with a probability between 0 and 1; NaN unless `freedom` is positive.
pub fn student_quantile(probability: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.inverse_cdf(probability))
}
