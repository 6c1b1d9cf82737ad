//! Sorting a few things. What the standard library needs for each type that is sorted is four kilobytes of the page's program; where there are a few
//! dozen things, that weighs more than time.

use std::cmp::Ordering;

/// Sorts by an order, equal ones staying as they are: by insertion, so for at most some hundreds.
pub fn sort_by<T>(all: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    for end in 1..all.len() {
        let mut at = end;
        while at > 0 && order(&all[at - 1], &all[at]).is_gt() {
            all.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Sorts ascending.
pub fn sort<T: Ord>(all: &mut [T]) {
    sort_by(all, T::cmp);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library(pairs in prop::collection::vec((0..9_u8, any::<u16>()), 0..60)) {
            let (mut own, mut known) = (pairs.clone(), pairs);
            super::sort_by(&mut own, |a, b| a.0.cmp(&b.0));
            known.sort_by_key(|pair| pair.0);
            prop_assert_eq!(&own, &known);
            super::sort(&mut own);
            known.sort_unstable();
            prop_assert_eq!(own, known);
        }
    }
}
