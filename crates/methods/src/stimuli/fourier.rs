//! Pictures as sums of waves: the discrete Fourier transform in two dimensions, not scaled forwards and by the number of pixels backwards, as numpy's.

use nalgebra::Complex;

use super::plane::Plane;

/// A picture's spectrum: a complex number a wave, frequency 0 first, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spectrum {
    /// Waves in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// width x height amplitudes with phases.
    pub values: Vec<Complex<f64>>,
}

impl Spectrum {
    /// The spectrum of a plane.
    pub(crate) fn of(plane: &Plane) -> Self {
        let values = plane.values.iter().map(|value| Complex::new(*value, 0.0)).collect();
        let mut spectrum = Self { width: plane.width, height: plane.height, values };
        spectrum.transform(-1.0);
        spectrum
    }

    /// The plane of a spectrum: the real part of the sum of its waves.
    pub(crate) fn plane(mut self) -> Plane {
        self.transform(1.0);
        let scale = 1.0 / self.values.len() as f64;
        Plane { width: self.width, height: self.height, values: self.values.iter().map(|value| value.re * scale).collect() }
    }

    fn transform(&mut self, sign: f64) {
        let (width, height) = (self.width, self.height);
        // Every row, then every column by way of the transpose.
        let rows = transform_rows(&self.values, width, sign);
        let columns = transform_rows(&transposed(&rows, width), height, sign);
        self.values = transposed(&columns, height);
    }

    /// The signed frequency of a place along an axis, in waves along the axis: 0, 1, … up to half the length, then the negative ones.
    pub(crate) fn frequency(at: usize, length: usize) -> isize {
        if at < length.div_ceil(2) { at as isize } else { at as isize - length as isize }
    }

    /// The place of the wave with both frequencies negated, which in a real picture's spectrum is the complex conjugate.
    pub(crate) fn partner(&self, at: usize) -> usize {
        let (x, y) = (at % self.width, at / self.width);
        (self.height - y) % self.height * self.width + (self.width - x) % self.width
    }
}

fn transposed(values: &[Complex<f64>], width: usize) -> Vec<Complex<f64>> {
    (0..width).flat_map(|x| values[x..].iter().step_by(width)).copied().collect()
}

fn transform_rows(values: &[Complex<f64>], length: usize, sign: f64) -> Vec<Complex<f64>> {
    // The roots of 1, each computed by itself, so that no error adds up from one to the next.
    let roots: Vec<Complex<f64>> =
        (0..length).map(|k| Complex::from_polar(1.0, sign * std::f64::consts::TAU * k as f64 / length as f64)).collect();
    let mut out = vec![Complex::new(0.0, 0.0); values.len()];
    for (row, out) in values.chunks_exact(length).zip(out.chunks_exact_mut(length)) {
        sums(row, 1, out, &roots);
    }
    out
}

/// Into `out`, the sums of `values[0], values[step], …`, as many as it is long, with the roots' powers (Cooley and Tukey, 1965): those of every other
/// value, twice, while the length is even, and the definition for the odd rest.
fn sums(values: &[Complex<f64>], step: usize, out: &mut [Complex<f64>], roots: &[Complex<f64>]) {
    let length = out.len();
    if length == 1 {
        out[0] = values[0];
        return;
    }
    if length % 2 == 1 {
        for (k, out) in out.iter_mut().enumerate() {
            *out = (0..length).map(|j| values[j * step] * roots[j * k % length * step]).sum();
        }
        return;
    }
    let (even, odd) = out.split_at_mut(length / 2);
    sums(values, 2 * step, even, roots);
    sums(&values[step..], 2 * step, odd, roots);
    for ((even, odd), root) in even.iter_mut().zip(odd).zip(roots.iter().step_by(step)) {
        let turned = *odd * root;
        (*even, *odd) = (*even + turned, *even - turned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spectrum_is_its_definition_and_comes_back() {
        for (width, height) in [(6, 5), (8, 4), (12, 7), (1, 3), (1, 1)] {
            let count = width * height;
            let values: Vec<f64> = (0..count).map(|i| ((i * i) as f64 * 0.37).sin()).collect();
            let plane = Plane { width, height, values };
            let spectrum = Spectrum::of(&plane);
            for (at, found) in spectrum.values.iter().enumerate() {
                let (u, v) = (at % width, at / width);
                let wave = |i: usize| {
                    let turns = (u * (i % width)) as f64 / width as f64 + (v * (i / width)) as f64 / height as f64;
                    Complex::from_polar(plane.values[i].abs(), -std::f64::consts::TAU * turns) * plane.values[i].signum()
                };
                let expected: Complex<f64> = (0..count).map(wave).sum();
                assert!((found - expected).norm() < 1e-12, "{at}: {found} {expected}");
                assert!((found - spectrum.values[spectrum.partner(at)].conj()).norm() < 1e-12);
            }
            let back = spectrum.plane();
            assert!(back.values.iter().zip(&plane.values).all(|(a, b)| (a - b).abs() < 1e-14));
        }
    }
}
