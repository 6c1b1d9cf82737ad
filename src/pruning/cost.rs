//! What a pruned network costs: multiply-accumulates, and bytes to store it.

use burn::tensor::Tensor;

use crate::engine::protocol::SparsityReport;
use crate::models::layer::Layer;
use crate::models::network::Network;

/// On how many places each layer's kernel is laid for one picture, in the network's order: each weight costs as many multiply-accumulates.
pub fn places(network: &Network, picture: Tensor<4>) -> Vec<(String, usize)> {
    let recorded = network.record_learning(picture);
    let of = |layer: &Layer, input: Tensor<4>| {
        let [_, _, height, width] = input.dims();
        let outputs = |size: usize, axis: usize| {
            let kernel = layer.shape.get(axis).copied().unwrap_or(1);
            let (before, after) = layer.padding.of(size, kernel, layer.stride);
            (size + before + after - kernel) / layer.stride + 1
        };
        (layer.weight_name(), outputs(height, 2) * outputs(width, 3))
    };
    recorded.layer_inputs().map(|(layer, input)| of(layer, input)).collect()
}

/// Bytes of a network stored sparse: one bit a prunable weight, two bytes for each that is left, four for every other parameter.
pub fn stored_bytes(report: &SparsityReport, parameters: usize) -> usize {
    let left = report.prunable - report.pruned;
    report.prunable.div_ceil(8) + 2 * left + 4 * (parameters - report.prunable)
}
