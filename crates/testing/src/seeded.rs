//! Numbers that Python and Rust make alike from a name; `tests/golden/seeded.py` is the other half.

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use sweetspot_nn::device::cpu;
use sweetspot_nn::weights::Array;

/// Numbers between -1 and 1.
pub fn uniform(name: &str, count: usize) -> impl Iterator<Item = f32> + use<> {
    let seed = crc32fast::hash(name.as_bytes());
    (0..count as u32).map(move |index| {
        let mut bits = index.wrapping_mul(0x9E37_79B1) ^ seed;
        bits ^= bits >> 16;
        bits = bits.wrapping_mul(0x7FEB_352D);
        bits ^= bits >> 15;
        bits = bits.wrapping_mul(0x846C_A68B);
        bits ^= bits >> 16;
        (bits >> 8) as f32 / (1 << 23) as f32 - 1.0
    })
}

/// A tensor's numbers by its name in torch's state dictionary.
pub fn array(name: &str, shape: &[usize]) -> Array {
    let u = uniform(name, shape.iter().product());
    let values: Arc<[f32]> = if name.ends_with("running_var") {
        u.map(|u| 1.0 + 0.3 * u).collect()
    } else if name.ends_with("logit_scale") {
        u.map(|u| 3.5 + 1.5 * u).collect()
    } else if shape.len() == 3 {
        u.map(|u| 0.5 * u).collect()
    } else if shape.len() > 1 {
        let gain = if shape.len() == 4 { 6.0 } else { 3.0 };
        let scale = (gain / shape[1..].iter().product::<usize>() as f64).sqrt() as f32;
        u.map(|u| scale * u).collect()
    } else if name.ends_with("weight") {
        u.map(|u| 1.0 + 0.2 * u).collect()
    } else {
        u.map(|u| 0.1 * u).collect()
    };
    Array { shape: shape.to_vec(), values }
}

/// An input [1, 3, side, side].
pub fn image(index: usize, side: usize) -> Tensor<4> {
    let mut noise = uniform(&format!("input.{index}"), 3 * side * side);
    let mut values = Vec::new();
    for c in 0..3 {
        for y in 0..side {
            for x in 0..side {
                let at = 0.03 * (1 + index) as f64 * x as f64 + 0.05 * (2.0 - index as f64) * y as f64 + c as f64;
                let colour = (2.0 * index as f64 - 1.0) * (c as f64 - 1.0);
                values.push((colour + 1.5 * at.sin() + 0.5 * f64::from(noise.next().unwrap())) as f32);
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [1, 3, side, side]), &cpu())
}
