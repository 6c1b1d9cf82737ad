//! Distillation: folding and its way back, the loss and its gradient against PyTorch (tests/golden/distil.py), pieces of photos, and a whole small
//! distillation.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use burn::tensor::{Tensor, TensorData};
use pollster::block_on;
use sweetspot_core::error::Error;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::pruning::allocation::count;
use sweetspot_methods::pruning::calibration::Calibration;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::batch_norm_folding;
use sweetspot_nn::device;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Job;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;
use sweetspot_testing::{difference, floats, golden, load, root};
use sweetspot_train::crops::Crops;
use sweetspot_train::distil::{Distiller, Plan, taught};

fn logits(network: &Network, input: &Tensor<4>) -> Vec<f32> {
    block_on(values(network.logits(input.clone()))).unwrap()
}

#[test]
fn what_is_folded_can_be_unfolded() {
    for id in ["squeezenet1_1", "efficientnet_lite0", "mini_resnet_small"] {
        let model = load(id);
        let side = model.card.input.side;
        let input = sweetspot_testing::seeded::image(0, side);
        let parameters = batch_norm_folding::fold(model.architecture, &model.weights, &device::cpu()).unwrap();
        let back = block_on(batch_norm_folding::unfold(model.architecture, &model.weights, &parameters)).unwrap();
        let dense = logits(&model.dense, &input);
        let largest = dense.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        // The same numbers in the same places.
        assert_eq!(logits(&Network::folded(model.architecture, &parameters, &device::cpu()), &input), dense, "{id}");
        // There and back again rounds each weight twice.
        let again = logits(&Network::new(model.architecture, &back, &device::cpu()), &input);
        assert!(difference(&again, &dense) < 1e-5 * largest, "{id}: {}", difference(&again, &dense));
    }
}

#[test]
fn a_transformer_cannot_be_folded() {
    let vit = sweetspot_nn::architectures::architecture("mini_vit_small").unwrap();
    let weights = sweetspot_nn::initial::weights(vit, 0).unwrap();
    assert!(matches!(batch_norm_folding::fold(vit, &weights, &device::cpu()), Err(Error::Absent { .. })));
}

#[test]
fn loss_and_gradient_are_those_of_pytorch() {
    let golden = golden("distil.json");
    let [n, classes] = [0, 1].map(|at| golden["shape"][at].as_u64().unwrap() as usize);
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let two = |name: &str| Tensor::<2>::from_data(TensorData::new(floats(&case[name]), [n, classes]), &device::cpu());
        let told = block_on(taught(&two("own"), &two("teacher"), case["temperature"].as_f64().unwrap() as f32)).unwrap();
        let loss = case["loss"].as_f64().unwrap();
        // Probabilities are in single precision, the reference in double.
        assert!((told.loss / n as f64 - loss).abs() < 1e-5 * loss, "{} and {loss}", told.loss / n as f64);
        let gradient = block_on(values(told.seed)).unwrap();
        assert!(difference(&gradient, &floats(&case["gradient"])) < 1e-6);
    }
    let same = Tensor::<2>::from_data(TensorData::new(vec![0.5_f32, -1.0, 2.0, 0.0, 1.0, 0.3], [2, 3]), &device::cpu());
    let equal = block_on(taught(&same, &same, 2.0)).unwrap();
    assert!(equal.loss.abs() < 1e-9 && equal.same == 2);
    assert!(block_on(values(equal.seed)).unwrap().iter().all(|v| *v == 0.0));
}

#[test]
fn pieces_follow_from_seed_and_index() {
    let recipe = &load("squeezenet1_1").card.input;
    let crops = Crops::open(&root().join("www"), recipe).unwrap();
    assert!(crops.photos() > 50);
    let piece = |seed, index| crops.piece(seed, index).unwrap();
    assert_eq!(piece(3, 5), piece(3, 5));
    assert_eq!(crops.batch(3, 5..7).unwrap(), [piece(3, 5), piece(3, 6)].concat());
    assert_ne!(piece(3, 5), piece(4, 5));
    for index in 0..20 {
        let piece = piece(0, index);
        assert_eq!(piece.len(), 3 * recipe.side * recipe.side);
        for (channel, (low, high)) in piece.chunks_exact(recipe.side * recipe.side).zip(recipe.bounds()) {
            assert!(
                channel.iter().all(|v| (low - 1e-4..=high + 1e-4).contains(v)),
                "piece {index} is brighter than white or darker than black"
            );
        }
    }
}

#[test]
fn a_distillation_prunes_exactly_goes_on_and_learns() {
    let model = load("squeezenet1_1");
    let crops = Crops::open(&root().join("www"), &model.card.input).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        model: "squeezenet1_1".into(),
        weights_sha256: model.card.weights.sha256.clone(),
        sparsities: vec![0.36, 0.6],
        steps: 3,
        batch: 1,
        rate: 1e-3,
        temperature: 2.0,
        seed: 1,
        photos: crops.identity().into(),
    };
    let calibration = block_on(model.calibration(&Folder(root().join("www")), &Job::quiet())).unwrap();
    let start = |plan: &Plan, folder: &std::path::Path| -> Result<Vec<f64>, Error> {
        // Two pictures are enough to be pruned by.
        let few = Calibration { images: calibration.images[..2].to_vec(), targets: calibration.targets[..2].to_vec() };
        let mut distiller = Distiller::new(plan, &crops, &model.card, &model.weights, few, &device::cpu(), folder)?;
        let mut losses = Vec::new();
        block_on(distiller.run(&model.weights, |progress| losses.push(progress.loss)))?;
        Ok(losses)
    };
    assert_eq!(start(&plan, folder.path()).unwrap().len(), 6);
    let read = |stage: usize| {
        let bytes = std::fs::read(folder.path().join(Plan::file(stage))).unwrap();
        (Weights::read(model.architecture, "distilled", &bytes).unwrap(), bytes)
    };
    for (stage, sparsity) in plan.sparsities.iter().enumerate() {
        let report = Mask::of_zeros(model.architecture, &read(stage).0).report();
        assert_eq!(report.pruned, count(*sparsity, report.prunable), "stage {stage}");
    }
    // The second stage alone is done again, with the same result.
    let second = read(1).1;
    std::fs::remove_file(folder.path().join(Plan::file(1))).unwrap();
    assert_eq!(start(&plan, folder.path()).unwrap().len(), 3);
    assert!(read(1).1 == second, "the second stage differs");
    assert!(start(&plan, folder.path()).unwrap().is_empty(), "nothing is left to do");
    let other = Plan { seed: 2, ..plan.clone() };
    assert!(matches!(start(&other, folder.path()), Err(Error::Unreadable { .. })));
    let falling = Plan { sparsities: vec![0.6, 0.36], ..plan };
    assert!(matches!(start(&falling, tempfile::tempdir().unwrap().path()), Err(Error::BadValue { .. })));
}
