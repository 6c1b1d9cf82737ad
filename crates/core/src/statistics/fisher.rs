//! Two shares of independent tries.

/// Fisher's exact test (1922), one-sided: the probability that of `of` tries at least `hits` would succeed, were success as likely as in the `others`'
/// tries, given how many succeed in all. Tries must be independent of one another: measures of one training are not.
pub fn fisher([of, hits]: [usize; 2], [others, their_hits]: [usize; 2]) -> f64 {
    let (all, successes) = (of + others, hits + their_hits);
    let mut logs = vec![0.0_f64; all + 1];
    (1..=all).for_each(|n| logs[n] = logs[n - 1] + (n as f64).ln());
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let as_many = |k: usize| (choose(of, k) + choose(others, successes - k) - choose(all, successes)).exp();
    (hits.max(successes.saturating_sub(others))..=of.min(successes)).map(as_many).sum::<f64>().min(1.0)
}
