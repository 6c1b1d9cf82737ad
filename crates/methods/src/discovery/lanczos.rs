//! One eigenvector of a large symmetric matrix: Lanczos' iteration, kept orthogonal, until a bound on its error is met.

use nalgebra::{DMatrix, SymmetricEigen};

/// The most steps; each keeps a vector.
const MOST_STEPS: usize = 500;
/// The step after which the answer is looked at first; then after each half as many again.
const FIRST_LOOK: usize = 20;
/// The most an eigenvector may be wrong, as a share of its length: the residual divided by the distance to the next eigenvalue.
const WRONG: f64 = 1e-8;
/// The residual below which nothing gets better: rounding in sums of a thousand terms.
const ROUNDING: f64 = 1e-13;

/// An eigenvector, and how exact it is.
#[derive(Debug, Clone)]
pub(crate) struct Eigenvector {
    /// The vector, of length 1.
    pub vector: Vec<f64>,
    /// Length of matrix times vector less eigenvalue times vector.
    pub residual: f64,
    /// Whether the bound on the vector's error is met.
    pub settled: bool,
}

/// The eigenvector of a symmetric matrix with the largest eigenvalue among vectors orthogonal to a known eigenvector. The start is the same each time. With fewer than
/// two dimensions there is none: a zero vector.
pub(crate) fn largest(known: &[f64], product: impl Fn(&[f64]) -> Vec<f64>) -> Eigenvector {
    let size = known.len();
    let nothing = Eigenvector { vector: vec![0.0; size], residual: 0.0, settled: true };
    if size < 2 {
        return nothing;
    }
    // The known vector stands first among those that each new one is made orthogonal to.
    let mut basis = vec![scaled(known, 1.0 / length(known))];
    let mut next = start(size);
    orthogonalise(&mut next, &basis);
    let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
    let most = (size - 1).min(MOST_STEPS);
    let mut look = FIRST_LOOK.min(most);
    let mut left = length(&next);
    loop {
        if left <= ROUNDING {
            // Only possible before the first step if the start lies along the known vector; afterwards the space is exhausted.
            return nothing;
        }
        basis.push(scaled(&next, 1.0 / left));
        let newest = &basis[basis.len() - 1];
        next = product(newest);
        diagonal.push(dot(&next, newest));
        // Twice is enough (Kahan and Parlett).
        orthogonalise(&mut next, &basis);
        left = length(&next);
        let steps = diagonal.len();
        let exhausted = left <= ROUNDING || steps == size - 1;
        if steps == look || exhausted || steps == most {
            let found = ritz(&diagonal, &beside, left, &basis);
            if found.settled || exhausted || steps == most {
                // What an exhausted space holds is exact.
                return Eigenvector { settled: found.settled || exhausted, ..found };
            }
            look = (look + look / 2).min(most);
        }
        beside.push(left);
    }
}

/// The best answer within the space of the basis: of the tridiagonal matrix with these values on and beside its diagonal.
fn ritz(diagonal: &[f64], beside: &[f64], left: f64, basis: &[Vec<f64>]) -> Eigenvector {
    let steps = diagonal.len();
    let mut small = DMatrix::zeros(steps, steps);
    for (at, value) in diagonal.iter().enumerate() {
        small[(at, at)] = *value;
    }
    for (at, value) in beside.iter().enumerate().take(steps - 1) {
        small[(at, at + 1)] = *value;
        small[(at + 1, at)] = *value;
    }
    let eigen = SymmetricEigen::new(small);
    let mut order: Vec<usize> = (0..steps).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let weights = eigen.eigenvectors.column(order[0]);
    let value = eigen.eigenvalues[order[0]];
    // The next smaller eigenvalue as far as it is known; equal ones are not seen.
    let next = order.get(1).map_or(value - 1.0, |second| eigen.eigenvalues[*second]);
    let residual = left * weights[steps - 1].abs();
    let mut vector = vec![0.0; basis[0].len()];
    for (weight, column) in weights.iter().zip(&basis[1..]) {
        vector.iter_mut().zip(column).for_each(|(sum, v)| *sum += weight * v);
    }
    let long = length(&vector);
    let settled = residual <= (WRONG * (value - next)).max(ROUNDING);
    Eigenvector { vector: scaled(&vector, 1.0 / long), residual, settled }
}

/// Numbers without a pattern, so that no eigenvector is left out.
fn start(size: usize) -> Vec<f64> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..size).map(|_| next()).collect()
}

fn orthogonalise(vector: &mut [f64], basis: &[Vec<f64>]) {
    for _ in 0..2 {
        for other in basis {
            let along = dot(vector, other);
            vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn scaled(a: &[f64], by: f64) -> Vec<f64> {
    a.iter().map(|v| v * by).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A symmetric matrix with eigenvectors of a rotation's kind: I - 2 u u^T for a unit vector u keeps lengths.
    fn with_eigenvalues(values: &[f64]) -> DMatrix<f64> {
        let size = values.len();
        let u: Vec<f64> = scaled(&start(size), 1.0 / length(&start(size)));
        let mirror = DMatrix::from_fn(size, size, |i, j| f64::from(u8::from(i == j)) - 2.0 * u[i] * u[j]);
        &mirror * DMatrix::from_fn(size, size, |i, j| if i == j { values[i] } else { 0.0 }) * mirror.transpose()
    }

    /// The eigenvalue of an eigenvector of length 1.
    fn value(matrix: &DMatrix<f64>, vector: &[f64]) -> f64 {
        let product = matrix * nalgebra::DVector::from_row_slice(vector);
        dot(product.as_slice(), vector)
    }

    fn second(matrix: &DMatrix<f64>) -> (Eigenvector, Vec<f64>, f64) {
        let eigen = SymmetricEigen::new(matrix.clone());
        let mut order: Vec<usize> = (0..matrix.nrows()).collect();
        order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
        let column = |at: usize| eigen.eigenvectors.column(order[at]).iter().copied().collect::<Vec<f64>>();
        let found = largest(&column(0), |x| (matrix * nalgebra::DVector::from_row_slice(x)).iter().copied().collect());
        (found, column(1), eigen.eigenvalues[order[1]])
    }

    #[test]
    fn the_second_eigenvector_is_the_dense_solvers() {
        let spread: Vec<f64> = (0..60).map(|i| 1.0 - (i as f64 / 60.0).sqrt()).collect();
        let near: Vec<f64> = (0..300).map(|i| if i < 3 { 1.0 - 1e-5 * f64::from(i) } else { 0.5 / f64::from(i) }).collect();
        for values in [&spread[..], &near, &[1.0, 0.5], &[1.0, -0.5, -0.9]] {
            let matrix = with_eigenvalues(values);
            let (found, vector, wanted) = second(&matrix);
            assert!(found.settled && (value(&matrix, &found.vector) - wanted).abs() < 1e-12, "{found:?}");
            // The dense solver is itself exact to 1e-15 over the distance of eigenvalues, here 1e-5.
            let wrong = 1.0 - dot(&found.vector, &vector).abs();
            assert!(wrong < 1e-9, "{wrong:e} for {} values", values.len());
        }
    }

    #[test]
    fn the_residual_is_what_it_says() {
        let matrix = with_eigenvalues(&(0..80).map(|i| f64::from(i).cos()).collect::<Vec<_>>());
        let (found, ..) = second(&matrix);
        let product = &matrix * nalgebra::DVector::from_row_slice(&found.vector);
        let apart: Vec<f64> = product.iter().zip(&found.vector).map(|(p, v)| p - value(&matrix, &found.vector) * v).collect();
        assert!(length(&apart) < 1e-8 && (length(&found.vector) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn too_small_a_matrix_has_none() {
        assert_eq!(largest(&[1.0], |x| x.to_vec()).vector, [0.0]);
        assert!(largest(&[], |x| x.to_vec()).vector.is_empty());
        // Two dimensions leave one.
        let found = largest(&[1.0, 1.0], |x| vec![x[1], x[0]]);
        assert!((length(&found.vector) - 1.0).abs() < 1e-12 && (found.vector[0] + found.vector[1]).abs() < 1e-12);
    }
}
