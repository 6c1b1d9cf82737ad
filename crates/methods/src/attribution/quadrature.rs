//! Gauss-Legendre nodes and weights, for integrals along a path.

/// Nodes and weights of the n-point rule on [0, 1]: the integral of a polynomial up to degree 2n - 1 is exact, and the weights sum to 1.
///
/// Newton's method on the Legendre polynomial from Tricomi's first guess of its roots (Abramowitz and Stegun, 25.4.29 and 22.16.6).
pub(crate) fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let mut rule = vec![(0.0, 0.0); n];
    for i in 0..n.div_ceil(2) {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut slope = 1.0;
        // Quadratic convergence from a guess good to 1/n^4: a handful of steps reach the last digit.
        for _ in 0..16 {
            let (value, derivative) = legendre(n, x);
            slope = derivative;
            let step = value / derivative;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        let weight = 1.0 / ((1.0 - x * x) * slope * slope);
        rule[i] = ((1.0 - x) / 2.0, weight);
        rule[n - 1 - i] = ((1.0 + x) / 2.0, weight);
    }
    rule
}

/// The Legendre polynomial of degree n and its derivative at x, by the three-term recurrence.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
    }
    (value, n as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_integrated_exactly() {
        for n in [1, 2, 3, 5, 50, 101, 500] {
            let rule = gauss_legendre(n);
            for degree in 0..(2 * n).min(60) {
                let integral: f64 = rule.iter().map(|(x, w)| w * x.powi(degree as i32)).sum();
                // Sums of up to 500 positive terms below 1: rounding stays under 500 x 2^-53, far below this bound.
                assert!((integral - 1.0 / (degree + 1) as f64).abs() < 1e-13, "n {n}, degree {degree}: {integral}");
            }
            assert!(rule.windows(2).all(|pair| pair[0].0 < pair[1].0), "nodes ascend");
        }
    }
}
