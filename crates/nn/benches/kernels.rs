//! What passes are made of, on the CPU device: convolutions as the shipped networks have them, and attention as ViT-B/16 has it.
//! `cargo bench -p sweetspot-nn`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};
use sweetspot_nn::device::cpu;
use sweetspot_nn::operations::attention::{Attention, Mixture};

fn waves<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    let values: Vec<f32> = (0..shape.iter().product::<usize>()).map(|at| (0.37 * at as f32).sin()).collect();
    Tensor::from_data(TensorData::new(values, shape), &cpu())
}

/// A convolution of [1, channels, side, side] with weights [out, in / groups, kernel, kernel], zeros all around.
fn convolution(criterion: &mut Criterion, name: &str, side: usize, weight: [usize; 4], groups: usize) {
    let (x, weight) = (waves([1, weight[1] * groups, side, side]), waves(weight));
    let padding = [(weight.dims()[2] / 2, weight.dims()[2] / 2); 2];
    let options = ConvOptions::new_with_padding([1, 1], padding, [1, 1], groups);
    // On the CPU device a tensor is computed when the operation returns.
    criterion.bench_function(name, |bencher| bencher.iter(|| black_box(conv2d(x.clone(), weight.clone(), None, options.clone()))));
}

fn convolutions(criterion: &mut Criterion) {
    convolution(criterion, "convolution 3 x 3, 64 to 256 channels, 13 x 13", 13, [256, 64, 3, 3], 1);
    convolution(criterion, "convolution 1 x 1, 512 to 64 channels, 13 x 13", 13, [64, 512, 1, 1], 1);
    convolution(criterion, "depthwise 5 x 5, 240 channels, 28 x 28", 28, [240, 1, 5, 5], 240);
}

fn attention(criterion: &mut Criterion) {
    let [queries, keys, values] = [(); 3].map(|()| waves([1, 768, 197, 1]));
    criterion.bench_function("attention, 12 heads, 197 tokens", |bencher| {
        bencher.iter(|| {
            let shares = Attention::of(queries.clone(), keys.clone(), 12).shares;
            black_box(Mixture { shares, values: values.clone() }.forward())
        });
    });
}

criterion_group! {
    name = kernels;
    config = Criterion::default().sample_size(20);
    targets = convolutions, attention
}
criterion_main!(kernels);
