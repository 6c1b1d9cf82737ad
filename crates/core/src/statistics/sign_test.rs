//! Which of two is better on each picture, when that is all that is known of them.

use super::binomial::binomial_tail;

/// The exact test of signs, two-sided: the probability of so unequal numbers of pictures that went one way and the other, were both as likely. For two
/// networks that are right or wrong it is McNemar's exact test (1947) of the pictures on which they differ. 1 where there are none.
pub fn sign_test(one: usize, other: usize) -> f64 {
    (2.0 * binomial_tail(one + other, one.max(other), 0.5)).min(1.0)
}
