//! Measures: how good a map is. A measure a file in [`measures`], described there and listed there.
//!
//! What a measure is called and what it says is known to the page too; what it computes is in `crates/methods`.

pub mod measure;
pub mod measures;
pub mod rank;
pub mod score;
pub mod spearman;

pub use measure::{Measure, MeasureInfo};

use serde::{Deserialize, Serialize};

/// How the values of a map are made positive before its agreement with an object's place is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Values as they are; they must not be negative.
    None,
    /// Sum of the channels' squares: what the paper does with maps of signed channels (`l2-norm,sq` of Arras et al., 2022).
    Squared,
}

impl Pooling {
    /// The pooling a map asks for: squares as soon as it has several channels or a negative value.
    pub fn of(values: &[f32], channels: usize) -> Self {
        if channels > 1 || values.iter().any(|v| *v < 0.0) { Self::Squared } else { Self::None }
    }

    /// Pools [channels, pixels] values to one a pixel.
    pub fn pool(self, values: &[f32], channels: usize) -> Vec<f32> {
        match self {
            Self::None => values.to_vec(),
            Self::Squared => {
                let pixels = values.len() / channels;
                (0..pixels).map(|p| (0..channels).map(|c| values[c * pixels + p].powi(2)).sum()).collect()
            }
        }
    }
}

/// The mask of boxes: pixels whose centre lies in any of them.
pub fn mask_of_boxes(boxes: &[[f32; 4]], height: usize, width: usize) -> Vec<bool> {
    let inside = |x: f32, y: f32| boxes.iter().any(|[x0, y0, x1, y1]| (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y));
    (0..height * width).map(|i| inside((i % width) as f32 + 0.5, (i / width) as f32 + 0.5)).collect()
}
