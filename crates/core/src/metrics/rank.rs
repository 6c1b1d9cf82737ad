//! The order of a map's values: what every measure of ranks rests on.

/// What can be put in order: single or double precision.
pub trait Value: Copy + PartialEq + Into<f64> {}

impl<T: Copy + PartialEq + Into<f64>> Value for T {}

/// The indices of values, largest first; of equal values (0 and -0 are equal) the one with the lower index first. Values must be finite.
pub fn descending<T: Value>(values: &[T]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Adding zero makes -0 zero; total_cmp then orders as `<` does.
    let value = |at: usize| values[at].into() + 0.0;
    order.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
    order
}

/// The runs of equal values in an order of indices.
pub fn ties<'a, T: Value>(order: &'a [usize], values: &'a [T]) -> impl Iterator<Item = &'a [usize]> {
    order.chunk_by(|&a, &b| values[a] == values[b])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_stay_in_order() {
        let values = [1.0, 0.0, 2.0, -0.0, 0.0, 2.0, -3.0];
        let order = descending(&values);
        assert_eq!(order, [2, 5, 0, 1, 3, 4, 6]);
        assert_eq!(ties(&order, &values).collect::<Vec<_>>(), [&[2, 5][..], &[0], &[1, 3, 4], &[6]]);
    }
}
