//! Power equalisation: every grey picture with the same strengths of waves, so that phases alone tell them apart (Geirhos et al., 2018).

use nalgebra::Complex;

use super::fourier::Spectrum;
use super::plane::Plane;
use sweetspot_core::error::{Error, Result};

/// The mean amplitudes of several pictures' waves, [height, width], frequency 0 first.
#[derive(Debug, Clone, PartialEq)]
pub struct Amplitudes {
    width: usize,
    height: usize,
    sums: Vec<f64>,
    pictures: usize,
}

impl Amplitudes {
    /// Amplitudes of no picture yet, of this size.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, sums: vec![0.0; width * height], pictures: 0 }
    }

    /// Takes a picture in.
    pub fn add(&mut self, plane: &Plane) -> Result<()> {
        self.check(plane)?;
        self.sums.iter_mut().zip(Spectrum::of(plane).values).for_each(|(sum, wave)| *sum += wave.norm());
        self.pictures += 1;
        Ok(())
    }

    /// The mean amplitudes.
    pub fn mean(&self) -> impl Iterator<Item = f64> {
        self.sums.iter().map(|sum| sum / self.pictures.max(1) as f64)
    }

    fn check(&self, plane: &Plane) -> Result<()> {
        match (plane.width, plane.height) == (self.width, self.height) {
            true => Ok(()),
            false => Err(Error::SizeMismatch {
                map_height: plane.height,
                map_width: plane.width,
                truth_height: self.height,
                truth_width: self.width,
            }),
        }
    }
}

/// A picture with these mean amplitudes and its own phases, cut off at black and white. An error for a picture of another size, or amplitudes of no
/// picture.
pub fn power_equalisation(plane: &Plane, amplitudes: &Amplitudes) -> Result<Plane> {
    amplitudes.check(plane)?;
    if amplitudes.pictures == 0 {
        return Err(Error::Missing { what: "the mean spectrum".into(), reason: "add pictures to it first".into() });
    }
    let mut spectrum = Spectrum::of(plane);
    // A wave of no strength has the phase 0.
    spectrum.values.iter_mut().zip(amplitudes.mean()).for_each(|(wave, amplitude)| *wave = Complex::from_polar(amplitude, wave.arg()));
    Ok(spectrum.plane().map(|value| value.clamp(0.0, 1.0)))
}
