//! Eidolons: pictures whose parts are moved about, at every scale (Koenderink, Valsecchi, van Doorn, Wagemans and Gegenfurtner, 2017): the partially
//! coherent disarray of the stimuli of Geirhos et al., 2018.
//!
//! A grey picture is taken apart into slices between one blur and the next. Each slice is moved by its own field of smooth noise, and the slices are
//! added up again. The field has a coherent part, in which coarse noise moves fine slices, too, and an incoherent one.

use super::fourier::Spectrum;
use super::plane::{Plane, byte};

/// How an eidolon is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How far parts are moved: a factor, 1 to 128 in the published stimuli.
    pub reach: f64,
    /// The weight of the incoherent part of the field (`coherence` in the published stimuli: 1, 0.3 and 0).
    pub coherence: f64,
    /// The deviation of the incoherent noise's blur in pixels (10 in the published stimuli).
    pub grain: f64,
}

/// The finest blur's deviation in pixels; each further one's is the root of two times as large.
const FINEST: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// An eidolon of a picture. `noise` gives planes of independent standard normal numbers, so many values, by their number: those of the incoherent fields
/// downwards, the coherent ones downwards, then both to the right, level by level from the finest.
///
/// After the toolbox's released code (gestaltrevision/Eidolon), with these differences: the picture is not scaled to 256 pixels first, blurs are
/// convolutions in two dimensions and not along the rows laid end to end, and the result is rounded and not cut to whole bytes.
pub fn eidolon(plane: &Plane, settings: Settings, mut noise: impl FnMut(usize, usize) -> Vec<f64>) -> Plane {
    let levels = levels(plane.width.max(plane.height));
    let count = levels.len();
    let coarsest = plane.width.max(plane.height) as f64 / 4.0;
    // In bytes, as the toolbox takes pictures.
    let framed = Frame::new(plane.width, plane.height);
    let picture = Spectrum::of(&framed.embed(&plane.map(|value| f64::from(byte(value)))));
    let size = framed.width * framed.height;
    let mut field = |axis: usize, kind: usize, level: usize, deviation: f64| {
        let white = framed.plane(bounded(noise((2 * axis + kind) * count + level, size)));
        smooth(&Spectrum::of(&white), deviation)
    };
    let mut coherent = [vec![0.0; size], vec![0.0; size]];
    let mut sum = vec![0.0; size];
    let mut coarser: Option<Plane> = None;
    // From the coarsest level, so that the coherent field, which is the sum of this and all coarser ones, can grow.
    for (level, deviation) in levels.iter().enumerate().rev() {
        let blurred = smooth(&picture, *deviation);
        let slice: Vec<f64> = match &coarser {
            None => blurred.values.clone(),
            Some(coarser) => blurred.values.iter().zip(&coarser.values).map(|(fine, coarse)| fine - coarse).collect(),
        };
        let displacements = [0, 1].map(|axis| {
            let own = centred(field(axis, 1, level, *deviation));
            coherent[axis].iter_mut().zip(own).for_each(|(sum, value)| *sum += value * deviation / coarsest);
            let incoherent = centred(field(axis, 0, level, settings.grain));
            coherent[axis].iter().zip(incoherent).map(|(c, i)| settings.reach * (settings.coherence * i + c)).collect::<Vec<f64>>()
        });
        for (at, value) in sum.iter_mut().enumerate() {
            let y = moved(at / framed.width, displacements[0][at], framed.height);
            let x = moved(at % framed.width, displacements[1][at], framed.width);
            *value += slice[y * framed.width + x];
        }
        coarser = Some(blurred);
    }
    framed.cut(&sum).map(|value| (value / 255.0).clamp(0.0, 1.0))
}

/// The deviations of the blurs, the finest first: twice as many as halvings lead from a quarter of the longer side to a pixel.
fn levels(side: usize) -> Vec<f64> {
    let count = (2.0 * (side as f64 / 4.0).log2()).ceil().max(1.0) as i32;
    (0..count).map(|level| FINEST * std::f64::consts::SQRT_2.powi(level)).collect()
}

/// Where a pixel is fetched from: inside, the fraction dropped.
fn moved(at: usize, displacement: f64, length: usize) -> usize {
    (at as f64 + displacement).clamp(0.0, (length - 1) as f64) as usize
}

/// Normal numbers scaled so that the largest is 127.5, and cut off at 127.
fn bounded(noise: Vec<f64>) -> Vec<f64> {
    let largest = noise.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    let scale = if largest > 0.0 { 127.5 / largest } else { 0.0 };
    noise.into_iter().map(|value| (value * scale).clamp(-127.0, 127.0)).collect()
}

/// A field less its mean over its deviation, as the toolbox has it.
fn centred(field: Plane) -> Vec<f64> {
    let mean = field.mean();
    let variance = field.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / field.values.len() as f64;
    let shift = if variance > 0.0 { mean / variance.sqrt() } else { 0.0 };
    field.values.into_iter().map(|value| value - shift).collect()
}

/// A spectrum's plane, blurred by a Gaussian that goes around the edges, its values at whole pixels as they are.
fn smooth(spectrum: &Spectrum, deviation: f64) -> Plane {
    let transfer = |length: usize| -> Vec<f64> {
        let bell = |at: usize| {
            let distance = Spectrum::frequency(at, length) as f64;
            (-distance * distance / (2.0 * deviation * deviation)).exp() / (deviation * std::f64::consts::TAU.sqrt())
        };
        let kernel = Plane { width: length, height: 1, values: (0..length).map(bell).collect() };
        // The bell is the same both ways around, so its spectrum is real.
        Spectrum::of(&kernel).values.into_iter().map(|value| value.re).collect()
    };
    let (across, down) = (transfer(spectrum.width), transfer(spectrum.height));
    let values = spectrum.values.iter().enumerate();
    let values = values.map(|(at, value)| value * (across[at % spectrum.width] * down[at / spectrum.width])).collect();
    Spectrum { width: spectrum.width, height: spectrum.height, values }.plane()
}

/// A picture with its mirror images around it, so that nothing comes in from the other side.
struct Frame {
    inner: [usize; 2],
    width: usize,
    height: usize,
    left: usize,
    top: usize,
}

impl Frame {
    /// At least half as large again, and a power of two.
    fn new(width: usize, height: usize) -> Self {
        let outer = |side: usize| (3 * side).div_ceil(2).next_power_of_two();
        let (wide, high) = (outer(width), outer(height));
        Self { inner: [width, height], width: wide, height: high, left: (wide - width) / 2, top: (high - height) / 2 }
    }

    fn plane(&self, values: Vec<f64>) -> Plane {
        Plane { width: self.width, height: self.height, values }
    }

    fn embed(&self, plane: &Plane) -> Plane {
        // Counted from the picture's corner; before it and behind it the picture comes again, mirrored.
        let mirrored = |at: usize, start: usize, length: usize| {
            let at = (at as isize - start as isize).rem_euclid(2 * length as isize) as usize;
            if at < length { at } else { 2 * length - 1 - at }
        };
        let [width, height] = self.inner;
        let pixel = |at: usize| {
            let (x, y) = (mirrored(at % self.width, self.left, width), mirrored(at / self.width, self.top, height));
            plane.values[y * width + x]
        };
        self.plane((0..self.width * self.height).map(pixel).collect())
    }

    fn cut(&self, values: &[f64]) -> Plane {
        let [width, height] = self.inner;
        let rows = values.chunks_exact(self.width).skip(self.top).take(height);
        Plane { width, height, values: rows.flat_map(|row| &row[self.left..self.left + width]).copied().collect() }
    }
}
