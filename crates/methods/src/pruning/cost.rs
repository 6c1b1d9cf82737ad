//! What a pruned network costs to store. What it costs to run, [`sweetspot_nn::macs`] counts.

use sweetspot_protocol::SparsityReport;

/// Bytes of a network stored sparse: one bit a prunable weight, two bytes for each that is left, four for every other parameter.
pub fn stored_bytes(report: &SparsityReport, parameters: usize) -> usize {
    let left = report.prunable - report.pruned;
    report.prunable.div_ceil(8) + 2 * left + 4 * (parameters - report.prunable)
}
