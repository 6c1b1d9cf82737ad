//! Noise mask: what is shown after a picture, so that it does not linger in the eye. Its waves are as strong as those of photos are on average, one over
//! their frequency (Geirhos et al., 2018, "pink noise mask").

use nalgebra::Complex;

use super::fourier::Spectrum;
use super::plane::Plane;
use sweetspot_core::error::{Error, Result};

/// Noise of amplitude 1 / f from a plane of white noise: frequencies in waves a pixel, none of frequency 0, scaled so that the darkest pixel is black and
/// the brightest white. An error for noise that is the same everywhere.
pub fn noise_mask(white: &Plane) -> Result<Plane> {
    let mut spectrum = Spectrum::of(white);
    let (width, height) = (white.width, white.height);
    for (at, wave) in spectrum.values.iter_mut().enumerate() {
        let u = Spectrum::frequency(at % width, width) as f64 / width as f64;
        let v = Spectrum::frequency(at / width, height) as f64 / height as f64;
        let frequency = u.hypot(v);
        *wave = if frequency > 0.0 { *wave / frequency } else { Complex::new(0.0, 0.0) };
    }
    let pink = spectrum.plane();
    let (low, high) = pink.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    match high > low {
        true => Ok(pink.map(|value| (value - low) / (high - low))),
        false => Err(Error::Undefined { measure: "a noise mask".into(), reason: "the picture has a single pixel, or no noise".into() }),
    }
}
