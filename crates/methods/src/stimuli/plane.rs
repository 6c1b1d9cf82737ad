//! Grey pictures as the manipulations compute with them: a double a pixel, 0 for black and 1 for white.

use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::Rgb;

/// The longest side that is worked on, in pixels.
pub const MOST_SIDE: usize = 1024;
/// The weights of red, green and blue in grey (scikit-image's `rgb2gray`, which the published stimuli were made with).
pub const GREY: [f64; 3] = [0.2125, 0.7154, 0.0721];

/// A grey picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// width x height values, row by row.
    pub values: Vec<f64>,
}

impl Plane {
    /// A picture's grey values. An error for a picture that is too large to be worked on.
    pub fn grey(picture: &Rgb) -> Result<Self> {
        check(picture)?;
        let (pixels, _) = picture.bytes.as_chunks::<3>();
        let grey = |pixel: &[u8; 3]| -> f64 { pixel.iter().zip(GREY).map(|(byte, weight)| f64::from(*byte) / 255.0 * weight).sum() };
        Ok(Self { width: picture.width, height: picture.height, values: pixels.iter().map(grey).collect() })
    }

    /// The same picture with other values.
    pub fn with(&self, values: Vec<f64>) -> Self {
        Self { width: self.width, height: self.height, values }
    }

    /// Each value changed.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        self.with(self.values.iter().map(|value| change(*value)).collect())
    }

    /// The mean value.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// The plane as a picture: values beyond black and white become black and white, the others the nearest byte, halves upwards.
    pub fn picture(&self) -> Rgb {
        let bytes = self.values.iter().flat_map(|value| [byte(*value); 3]).collect();
        Rgb { width: self.width, height: self.height, bytes }
    }
}

/// The byte of a value between 0 and 1.
pub fn byte(value: f64) -> u8 {
    // A conversion to u8 stays between 0 and 255, and NaN becomes 0.
    (value * 255.0 + 0.5).floor() as u8
}

/// Checks that a picture is small enough to be worked on.
pub fn check(picture: &Rgb) -> Result<()> {
    let side = picture.width.max(picture.height);
    match picture.width.min(picture.height) > 0 && side <= MOST_SIDE && picture.bytes.len() == 3 * picture.width * picture.height {
        true => Ok(()),
        false => {
            Err(Error::bad_value("the picture's longer side", side, &format!("between 1 and {MOST_SIDE} pixels; make it smaller first")))
        }
    }
}
