//! Phase noise: the waves of a grey picture moved against each other (Geirhos et al., 2018, "phase scrambling").

use nalgebra::Complex;

use super::fourier::Spectrum;
use super::plane::Plane;

/// Turns each wave's phase by an angle between `-width` and `width` degrees, and cuts the sum off at black and white. `draw` gives numbers from 0 to 1,
/// one for each pair of waves with opposite frequencies, by rows of rising vertical and in them horizontal frequency.
///
/// A wave and its opposite turn by opposite angles, which keeps the picture real and every amplitude as it was. (The code released with the paper gives
/// the opposite angles to other waves than the opposite ones, and drops what is imaginary then.) Waves that are their own opposite, and those of the
/// highest frequency of an even side, keep their phase.
pub fn phase_noise(plane: &Plane, width: f64, mut draw: impl FnMut() -> f64) -> Plane {
    let mut spectrum = Spectrum::of(plane);
    let (columns, rows) = (plane.width, plane.height);
    // Without the highest frequency of an even side, frequencies are as many below zero as above.
    let (right, down) = ((columns - 1) / 2, (rows - 1) / 2);
    let place = |frequency: isize, length: usize| frequency.rem_euclid(length as isize) as usize;
    'pairs: for v in -(down as isize)..=0 {
        for u in -(right as isize)..=right as isize {
            // The second half of the waves are the opposites of the first.
            if (u, v) == (0, 0) {
                break 'pairs;
            }
            let at = place(v, rows) * columns + place(u, columns);
            let partner = spectrum.partner(at);
            let turn = Complex::from_polar(1.0, (2.0 * draw() - 1.0) * width.to_radians());
            spectrum.values[at] *= turn;
            spectrum.values[partner] *= turn.conj();
        }
    }
    spectrum.plane().map(|value| value.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amplitudes_stay_and_no_width_changes_nothing() {
        for (width, height) in [(8, 6), (7, 5), (8, 5), (1, 1), (2, 2)] {
            let values: Vec<f64> = (0..width * height).map(|i| 0.5 + 0.05 * ((i * i) as f64 * 0.7).sin()).collect();
            let plane = Plane { width, height, values };
            let same = phase_noise(&plane, 0.0, || 0.9);
            assert!(same.values.iter().zip(&plane.values).all(|(a, b)| (a - b).abs() < 1e-12));
            let mut drawn = 0;
            let noisy = phase_noise(&plane, 90.0, || {
                drawn += 1;
                (f64::from(drawn) * 0.61).fract()
            });
            let odd = |side: usize| side - usize::from(side.is_multiple_of(2));
            assert_eq!(drawn as usize, (odd(width) * odd(height) - 1) / 2);
            let (before, after) = (Spectrum::of(&plane), Spectrum::of(&noisy));
            assert!(before.values.iter().zip(&after.values).all(|(a, b)| (a.norm() - b.norm()).abs() < 1e-12));
        }
    }
}
