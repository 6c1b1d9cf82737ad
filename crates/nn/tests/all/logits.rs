//! The networks' logits against PyTorch (`tests/golden/logits.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use sweetspot_nn::device::values;
use sweetspot_nn::logits::{softmax, top};
use sweetspot_testing::{NETWORKS, difference, golden, golden_input, golden_inputs, golden_npy, load};

/// Single precision against PyTorch's double. Logits reach 48, where a unit in the last place is 4e-6, through 26 and 50 layers; the largest
/// difference seen is 1.5e-5.
const TOLERANCE: f32 = 1e-4;

#[test]
fn logits_equal_pytorch_and_half_precision_changes_no_first_class() {
    let inputs = golden_inputs();
    for id in NETWORKS {
        let model = load(id);
        let (shape, arrays) = golden_npy(&format!("logits_{id}.npy"));
        assert_eq!(shape, [inputs.len() as u64, 2, 1000]);
        let (mut worst, mut rounded) = (0.0_f32, 0.0_f32);
        for (i, name) in inputs.iter().enumerate() {
            let logits = pollster::block_on(values(model.dense.logits(golden_input(&model, name)))).unwrap();
            // The weights as published, and rounded to half precision, as shipped.
            let [published, shipped] = [0, 1].map(|variant| &arrays[(2 * i + variant) * 1000..][..1000]);
            worst = worst.max(difference(&logits, shipped));
            assert_eq!(top(&logits, 5), top(shipped, 5), "{id}, {name}");
            rounded = rounded.max(difference(&logits, published));
            assert_eq!(top(&logits, 1), top(published, 1), "{id}, {name}: half precision changes the first class");
        }
        println!("{id}: largest difference of a logit {worst:e} on {} inputs, {rounded:e} from the published weights", inputs.len());
        assert!(worst < TOLERANCE, "{id}: {worst}");
        let expected = golden("logits.json")["networks"][id]["largest_difference"].as_f64().unwrap() as f32;
        assert!((rounded - expected).abs() < TOLERANCE, "{id}: rounding changes a logit by {rounded}, in PyTorch by {expected}");
    }
}

#[test]
fn a_batch_gives_what_single_images_give() {
    let model = load("squeezenet1_1");
    let names = golden_inputs();
    let images: Vec<_> = names[..2].iter().map(|name| golden_input(&model, name)).collect();
    let single: Vec<f32> = images.iter().flat_map(|i| pollster::block_on(values(model.dense.logits(i.clone()))).unwrap()).collect();
    let both = pollster::block_on(values(model.dense.logits(burn::tensor::Tensor::cat(images, 0)))).unwrap();
    assert!(difference(&single, &both) < 1e-4);
}

#[test]
fn probabilities_sum_to_one_even_for_large_logits() {
    let shares = softmax(&[1000.0, 1000.0, -1000.0]);
    assert_eq!(shares, [0.5, 0.5, 0.0]);
    assert_eq!(top(&[1.0, 3.0, 3.0, 2.0], 3), [1, 2, 3], "equal logits go by index");
}
