//! Why a procedure gives no number.

/// What is wrong with data or settings. A procedure that is handed any of it answers with this instead of a number that looks like one.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Refused {
    /// A NaN, an infinity, or a number so large that its square is one.
    #[error("value {at} is {value}, which is no finite number to compute with")]
    NotFinite {
        /// Its place among the values.
        at: usize,
        /// What is there.
        value: f64,
    },
    /// Too little to say anything of.
    #[error("{got} {what}, where {needed} are needed")]
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many there have to be.
        needed: usize,
    },
    /// Lists that belong together differ in length.
    #[error("{got} values instead of {wanted}")]
    Lengths {
        /// Values there are.
        got: usize,
        /// Values there should be.
        wanted: usize,
    },
    /// A confidence, a level or a margin out of its range.
    #[error("{what} cannot be {value}")]
    Setting {
        /// What is set.
        what: &'static str,
        /// To what.
        value: f64,
    },
    /// The statistic has no value for these data.
    #[error("the statistic is not defined for these data")]
    Undefined,
    /// So many resamples have no spread that an end of the interval lies at infinity.
    #[error("too many resamples have no spread for an interval to have two ends")]
    Unbounded,
}

/// The largest number whose square, and the sum of as many as there ever are, is finite.
const LARGEST: f64 = 1e150;

/// Refuses what is not finite.
pub(super) fn finite(values: &[f64]) -> Result<(), Refused> {
    finite_at(0, values.iter().copied())
}

/// Refuses what is not finite; places are counted from `first`.
pub(super) fn finite_at(first: usize, values: impl IntoIterator<Item = f64>) -> Result<(), Refused> {
    match values.into_iter().enumerate().find(|(_, value)| value.is_nan() || value.abs() > LARGEST) {
        Some((at, value)) => Err(Refused::NotFinite { at: first + at, value }),
        None => Ok(()),
    }
}

/// Refuses fewer than needed.
pub(super) fn at_least(what: &'static str, needed: usize, got: usize) -> Result<(), Refused> {
    if got < needed { Err(Refused::TooFew { what, got, needed }) } else { Ok(()) }
}

/// Refuses lists of different lengths.
pub(super) fn same_length(wanted: usize, got: usize) -> Result<(), Refused> {
    if got == wanted { Ok(()) } else { Err(Refused::Lengths { got, wanted }) }
}

/// Refuses a setting out of its range, ends excluded.
pub(super) fn between(what: &'static str, low: f64, high: f64, value: f64) -> Result<(), Refused> {
    if low < value && value < high { Ok(()) } else { Err(Refused::Setting { what, value }) }
}
