//! How many weights each layer loses, so that the sum is exact.

/// How many weights of each layer go when these shares stay: in all exactly `round(sparsity * all)`. Each layer's number is rounded down, and what
/// is missing then goes to the layers with the largest remainders, of equal ones the first.
pub fn counts(densities: &[f64], sizes: &[usize], sparsity: f64) -> Vec<usize> {
    let wanted = count(sparsity, sizes.iter().sum());
    let exact: Vec<f64> = densities.iter().zip(sizes).map(|(density, size)| (1.0 - density).clamp(0.0, 1.0) * *size as f64).collect();
    let mut counts: Vec<usize> = exact.iter().map(|exact| exact.floor() as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())));
    let mut pruned: usize = counts.iter().sum();
    // Whole layers, which have nothing left over, are touched last.
    for &at in order.iter().cycle().take(order.len() * 2) {
        if pruned < wanted && counts[at] < sizes[at] {
            counts[at] += 1;
            pruned += 1;
        } else if pruned > wanted && counts[at] > 0 {
            counts[at] -= 1;
            pruned -= 1;
        }
    }
    counts
}

/// How many of `total` weights a sparsity takes away: `round(sparsity * total)`, halves to the even number, as Python rounds and so
/// `torch.nn.utils.prune` does.
pub fn count(sparsity: f64, total: usize) -> usize {
    (sparsity * total as f64).round_ties_even() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_exact() {
        assert_eq!(counts(&[0.5, 0.5, 0.5], &[3, 3, 5], 0.5), [2, 2, 2]);
        assert_eq!(counts(&[1.0, 0.25], &[4, 8], 0.5), [0, 6]);
        assert_eq!(counts(&[1.0, 1.0], &[4, 8], 0.0), [0, 0]);
    }
}
