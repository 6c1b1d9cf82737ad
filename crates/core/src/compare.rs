//! How far measured numbers are from others, such that what is no number never passes for a small difference: `f64::max` drops NaN, and `zip`
//! the rest of the longer list.

/// Why numbers cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Incomparable {
    /// Both lists are empty, and any answer would pass.
    #[error("there is nothing to compare")]
    Nothing,
    /// One list is shorter.
    #[error("{got} values instead of {wanted}")]
    Lengths {
        /// Values there are.
        got: usize,
        /// Values there should be.
        wanted: usize,
    },
    /// A NaN or an infinity, in either list.
    #[error("value {at} is {value}, which is not a finite number")]
    NotFinite {
        /// Its place in the list.
        at: usize,
        /// What is there.
        value: f64,
    },
}

/// The largest absolute difference of two lists of finite numbers, one by one, in their unit.
pub fn largest_difference<A, B>(got: &[A], wanted: &[B]) -> Result<f64, Incomparable>
where
    A: Copy + Into<f64>,
    B: Copy + Into<f64>,
{
    if got.len() != wanted.len() {
        return Err(Incomparable::Lengths { got: got.len(), wanted: wanted.len() });
    }
    if got.is_empty() {
        return Err(Incomparable::Nothing);
    }
    largest(got.iter().map(|v| (*v).into()))?;
    largest(wanted.iter().map(|v| (*v).into()))?;
    // Finite numbers may still be farther apart than numbers go.
    largest(got.iter().zip(wanted).map(|(got, wanted)| (*got).into() - (*wanted).into()))
}

/// The largest absolute value of finite numbers; 0 of none.
pub fn largest(values: impl IntoIterator<Item = f64>) -> Result<f64, Incomparable> {
    let mut most = 0.0_f64;
    for (at, value) in values.into_iter().enumerate() {
        if !value.is_finite() {
            return Err(Incomparable::NotFinite { at, value });
        }
        most = most.max(value.abs());
    }
    Ok(most)
}

/// The larger of two numbers; NaN if either is, so that a maximum kept over many cases does not forget one.
pub fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_difference_is_found_wherever_it_is() {
        assert_eq!(largest_difference(&[1.0_f32, 2.0, 3.0], &[1.5_f64, 2.0, 3.0]), Ok(0.5));
        assert_eq!(largest_difference(&[1.0, 2.0, -3.0], &[1.0, 2.0, 3.0]), Ok(6.0));
        assert_eq!(largest_difference(&[0.0], &[-0.0]), Ok(0.0));
    }

    #[test]
    fn what_is_no_number_is_no_small_difference() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for at in 0..3 {
                let mut list = [1.0; 3];
                list[at] = bad;
                for found in [largest_difference(&list, &[1.0; 3]), largest_difference(&[1.0; 3], &list), largest_difference(&list, &list)]
                {
                    assert!(matches!(found, Err(Incomparable::NotFinite { at: place, .. }) if place == at), "{found:?}");
                }
                assert!(matches!(largest(list), Err(Incomparable::NotFinite { .. })));
            }
        }
        assert!(largest_difference(&[f64::MAX], &[f64::MIN]).is_err());
        assert_eq!(
            largest_difference(&[f32::NAN; 4], &[0.0_f32; 4]).unwrap_err().to_string(),
            "value 0 is NaN, which is not a finite number"
        );
    }

    #[test]
    fn short_and_empty_answers_are_refused() {
        assert_eq!(largest_difference(&[1.0], &[1.0, 2.0]), Err(Incomparable::Lengths { got: 1, wanted: 2 }));
        assert_eq!(largest_difference(&[1.0, 2.0], &[1.0]), Err(Incomparable::Lengths { got: 2, wanted: 1 }));
        assert_eq!(largest_difference::<f32, f32>(&[], &[]), Err(Incomparable::Nothing));
        assert_eq!(largest([]), Ok(0.0));
    }

    #[test]
    fn a_kept_maximum_remembers_nan() {
        assert_eq!(larger(1.0, 2.0), 2.0);
        assert!([1.0, f64::NAN, 3.0].into_iter().fold(0.0, larger).is_nan());
        assert!(larger(0.0, f64::NAN).is_nan() && larger(f64::NAN, 0.0).is_nan());
        assert_eq!(larger(1.0, f64::INFINITY), f64::INFINITY);
    }
}
