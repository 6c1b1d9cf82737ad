//! An interval for a share of independent tries.

/// The standard normal deviate that 95 % of values lie within.
pub const DEVIATE: f64 = 1.959_963_984_540_054;

/// Wilson's score interval of a share at 95 % (Wilson, 1927), without continuity correction. Unlike the normal approximation it stays within 0 and 1,
/// and is right for shares near either and for few tries. All of 0 to 1 where nothing was tried.
pub fn wilson(right: usize, of: usize) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let (n, z) = (of as f64, DEVIATE);
    let share = right as f64 / n;
    let centre = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    // Rounding alone keeps the ends from being exact where every answer, or none, is right.
    let low = if right == 0 { 0.0 } else { (centre - half) / scale };
    let high = if right == of { 1.0 } else { (centre + half) / scale };
    [low, high]
}
