//! What logits say.

use super::weights::sha256;

/// The indices of the largest logits, largest first; of equal ones the lower index first.
pub fn top(logits: &[f32], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    order.truncate(count);
    order
}

/// Softmax, in double precision.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = logits.iter().map(|l| f64::from(l - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|p| (p / sum) as f32).collect()
}

/// sha256 of logits as little-endian 32-bit floats, hexadecimal.
pub fn logits_sha256(logits: &[f32]) -> String {
    let bytes: Vec<u8> = logits.iter().flat_map(|v| v.to_le_bytes()).collect();
    sha256(&bytes)
}
