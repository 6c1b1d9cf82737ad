//! Gradients by parameters, against the library's recorder, and batch normalisation while learning.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::time::Instant;
use burn::tensor::{Tensor, TensorData};
use sweetspot::device;
use sweetspot::models::learning::Parameters;
use sweetspot::models::network::Network;
use sweetspot::models::resnet::{self, Residual};
use sweetspot::models::vit::{self, Transformer};
use sweetspot::models::Architecture;

struct Small;
impl Residual for Small {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 16, stages: &[(24, 1), (48, 1), (96, 1)], classes: 10 };
}
static SMALL: Architecture = resnet::architecture::<Small>("small");
struct Small2;
impl Residual for Small2 {
    const SIZES: resnet::Sizes = resnet::Sizes { stem: 16, stages: &[(16, 1), (32, 1), (64, 1)], classes: 10 };
}
static SMALL2: Architecture = resnet::architecture::<Small2>("small2");
struct V;
impl Transformer for V {
    const SIZES: vit::Sizes = vit::Sizes { depth: 4, width: 64, heads: 4, patch: 8, stem: &[], side: 64, classes: 10, ratio: 2 };
}
static VIT: Architecture = vit::architecture::<V>("vit");

#[test]
fn speed() {
    let device = if cfg!(feature = "libtorch") { dev() } else { device::cpu() };
    for arch in [&SMALL, &SMALL2, &VIT] {
        let mut p = Parameters::new();
        let mut k = 0;
        let mut t = |shape: Vec<usize>| { k += 1; let n: usize = shape.iter().product(); let v: Vec<f32> = (0..n).map(|i| ((i * 7 + k) as f32 * 0.37).sin() * 0.1).collect(); Tensor::<4>::from_data(TensorData::new(v, shape), &device) };
        for l in (arch.layers)() {
            for (name, mut shape) in l.tensors() {
                if shape.len() == 1 { shape = vec![1, shape[0], 1, 1]; }
                shape.resize(4, 1);
                p.insert(name, t(shape));
            }
        }
        for (name, shape) in (arch.extras)() {
            let shape = if shape.len() == 1 { vec![1, shape[0], 1, 1] } else { vec![1, shape[2], shape[1], 1] };
            p.insert(name, t(shape));
        }
        for batch in [32usize, 64, 128] {
            let x: Vec<f32> = (0..batch * 3 * 64 * 64).map(|i| (i as f32 * 0.01).sin()).collect();
            let x = Tensor::<4>::from_data(TensorData::new(x, [batch, 3, 64, 64]), &device);
            let mut best = (f64::MAX, f64::MAX);
            for _ in 0..6 {
                let net = Network::learning(arch, &p, &device);
                let a = Instant::now();
                let rec = net.record_learning(x.clone());
                let f = a.elapsed().as_secs_f64();
                let g = rec.parameter_gradients(Tensor::ones([batch, 10, 1, 1], &device));
                let b = a.elapsed().as_secs_f64();
                assert!(!g.is_empty());
                best = (best.0.min(f), best.1.min(b));
            }
            eprintln!("{} batch {batch}: forward {:.1} ms, both {:.1} ms, {:.0} images/s", arch.id, best.0 * 1e3, best.1 * 1e3, batch as f64 / best.1);
        }
    }
}
#[cfg(feature = "libtorch")]
fn dev() -> burn::tensor::Device { burn::tensor::Device::libtorch() }
#[cfg(not(feature = "libtorch"))]
fn dev() -> burn::tensor::Device { device::cpu() }
