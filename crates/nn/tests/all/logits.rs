//! The networks' logits against PyTorch (`tests/golden/logits.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use sweetspot_nn::device::values;
use sweetspot_nn::logits::{softmax, top};
use sweetspot_testing::{NETWORKS, difference, golden, golden_input, golden_inputs, golden_npy, load};

/// Single precision against PyTorch's double. Logits reach 48, where a unit in the last place is 4e-6, through 26 and 50 layers; the largest
/// difference seen is 1.5e-5.
const TOLERANCE: f32 = 1e-4;

#[test]
fn logits_equal_pytorch_on_the_shipped_weights() {
    let inputs = golden_inputs();
    for id in NETWORKS {
        let model = load(id);
        let (shape, golden) = golden_npy(&format!("logits_{id}.npy"));
        assert_eq!(shape, [inputs.len() as u64, 2, 1000]);
        let mut worst = 0.0_f32;
        for (i, name) in inputs.iter().enumerate() {
            let logits = pollster::block_on(values(model.dense.logits(golden_input(&model, name)))).unwrap();
            // Variant 1: weights rounded to half precision, as shipped.
            let expected = &golden[(2 * i + 1) * 1000..][..1000];
            worst = worst.max(difference(&logits, expected));
            assert_eq!(top(&logits, 5), top(expected, 5), "{id}, {name}");
        }
        println!("{id}: largest difference of a logit {worst:e} on {} inputs", inputs.len());
        assert!(worst < TOLERANCE, "{id}: {worst}");
    }
}

#[test]
fn half_precision_changes_no_first_class() {
    for id in NETWORKS {
        let card = load(id).card;
        let (same, all) = card.accuracy.same_top1_as_single_precision;
        assert_eq!(same, all, "{id}, as measured on the gallery");
        assert!(all >= 60, "{id}: the whole gallery was looked at");
        for (name, tops) in golden("logits.json")["networks"][id]["top5"].as_object().unwrap() {
            assert_eq!(tops["original"][0]["index"], tops["float16"][0]["index"], "{id}, {name}");
        }
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
