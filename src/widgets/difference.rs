//! What pruning changes in a map: the difference of two maps of one picture, and how much of their mass lies elsewhere.

/// The difference of two maps.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Second minus first, pixel by pixel; 0 where either is no finite number.
    pub values: Vec<f32>,
    /// The share of the mass above zero that lies elsewhere, 0 to 1: half the sum of the absolute differences of both maps, each divided by its sum
    /// (the total variation distance). `None` if either map has nothing above zero.
    pub moved: Option<f64>,
}

/// Second minus first, each multiplied by its factor before; `None` for maps of different sizes or empty ones.
pub fn difference(first: &[f32], second: &[f32], factors: [f32; 2]) -> Option<Difference> {
    if first.len() != second.len() || first.is_empty() {
        return None;
    }
    let finite = |value: f32| if value.is_finite() { value } else { 0.0 };
    let values = first.iter().zip(second).map(|(a, b)| finite(b * factors[1] - a * factors[0])).collect();
    let mass = |value: f32| f64::from(finite(value).max(0.0));
    let [sum_a, sum_b] = [first, second].map(|map| map.iter().map(|value| mass(*value)).sum::<f64>());
    let moved = (sum_a > 0.0 && sum_b > 0.0)
        .then(|| first.iter().zip(second).map(|(a, b)| (mass(*a) / sum_a - mass(*b) / sum_b).abs()).sum::<f64>() / 2.0);
    Some(Difference { values, moved })
}

/// The share of a map's values that are below one, 0 to 1.
pub fn rank(values: &[f32], value: f32) -> f64 {
    values.iter().filter(|other| **other < value).count() as f64 / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mass_that_moves() {
        let same = difference(&[1.0, 3.0], &[2.0, 6.0], [1.0, 0.5]).unwrap();
        assert_eq!(same, Difference { values: vec![0.0, 0.0], moved: Some(0.0) });
        let apart = difference(&[1.0, 0.0, -4.0], &[0.0, 5.0, -4.0], [1.0, 1.0]).unwrap();
        assert_eq!(apart, Difference { values: vec![-1.0, 5.0, 0.0], moved: Some(1.0) });
        let quarter = difference(&[1.0, 1.0, 1.0, 1.0], &[2.0, 1.0, 1.0, 0.0], [1.0, 1.0]).unwrap();
        assert_eq!(quarter.moved, Some(0.25));
    }

    #[test]
    fn what_has_no_difference() {
        assert_eq!(difference(&[], &[], [1.0; 2]), None);
        assert_eq!(difference(&[1.0], &[1.0, 2.0], [1.0; 2]), None);
        let nothing = difference(&[0.0, f32::NAN], &[1.0, 1.0], [1.0; 2]).unwrap();
        assert_eq!(nothing, Difference { values: vec![1.0, 0.0], moved: None });
    }

    #[test]
    fn ranks() {
        assert_eq!(rank(&[1.0, 2.0, 3.0, 4.0], 3.0), 0.5);
        assert_eq!(rank(&[], 3.0), 0.0);
    }
}
