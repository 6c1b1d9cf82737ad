//! The strongest part of a map: which values belong to it, and how much of the map it holds.

use serde::{Deserialize, Serialize};

/// What a share is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// The map's pixels.
    Pixels,
    /// The sum of its values above zero.
    Mass,
}

/// The strongest part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strongest {
    /// The smallest value that belongs to it.
    pub from: f32,
    /// Its share of the pixels.
    pub pixels: f64,
    /// Its share of the sum of the values above zero.
    pub mass: f64,
}

/// The smallest set of strongest values that holds a share of the pixels or of the mass. Only values above zero, which speak for the
/// class, belong to it; values as strong as its weakest do too. `None` for a map without any.
pub fn strongest(values: &[f32], share: f64, of: Of) -> Option<Strongest> {
    let mut order: Vec<f32> = values.iter().copied().filter(|value| value.is_finite() && *value > 0.0).collect();
    order.sort_unstable_by(|a, b| b.total_cmp(a));
    let total: f64 = order.iter().map(|value| f64::from(*value)).sum();
    let last = order.len().checked_sub(1)?;
    let wanted = match of {
        Of::Pixels => ((share * values.len() as f64).round() as usize).saturating_sub(1),
        Of::Mass => {
            let mut sum = 0.0;
            order
                .iter()
                .position(|value| {
                    sum += f64::from(*value);
                    sum >= share * total
                })
                .unwrap_or(last)
        }
    };
    let from = order[wanted.min(last)];
    let held = order.partition_point(|value| *value >= from);
    let mass: f64 = order[..held].iter().map(|value| f64::from(*value)).sum();
    Some(Strongest { from, pixels: held as f64 / values.len() as f64, mass: mass / total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_pixels_and_of_mass() {
        let values = [4.0, 3.0, 2.0, 1.0, 0.0, 0.0, -5.0, f32::NAN, 0.0, 0.0];
        let by_pixels = strongest(&values, 0.2, Of::Pixels).unwrap();
        assert_eq!(by_pixels, Strongest { from: 3.0, pixels: 0.2, mass: 0.7 });
        assert_eq!(strongest(&values, 0.7, Of::Mass), Some(by_pixels));
        // No more than what is above zero.
        assert_eq!(strongest(&values, 1.0, Of::Pixels), Some(Strongest { from: 1.0, pixels: 0.4, mass: 1.0 }));
    }

    #[test]
    fn equals_belong_together() {
        assert_eq!(strongest(&[1.0; 8], 0.25, Of::Pixels), Some(Strongest { from: 1.0, pixels: 1.0, mass: 1.0 }));
        assert_eq!(strongest(&[0.0, -1.0], 0.5, Of::Pixels), None);
        assert_eq!(strongest(&[], 0.5, Of::Mass), None);
    }
}
