//! Times, and the middle one of several.

use web_time::Instant;

/// Milliseconds since a start.
pub fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// The middle one of some times, of an even number the later; `None` of none.
pub fn median(times: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = times.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
