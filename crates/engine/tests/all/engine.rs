//! The engine as the page uses it, in-process: an experiment in, findings out, in order, and nothing computed twice.
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use sweetspot_core::attribution::Method;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Experiment, ImageRef, Pruning, Target};
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::engine::{Engine, Settling};
use sweetspot_engine::event::{Event, Sink};
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{
    Benchmark, CompareAnswers, ExamineWeights, Explained, Finding, MapReport, Picture, Predictions, Reply, Request, Timing, Truth, decode,
    encode,
};
use sweetspot_testing::{explain, root};

const PANDA: &str = "giant-panda";

fn engine() -> Engine {
    let mut engine = sweetspot_testing::engine();
    engine.open(picture(PANDA)).unwrap();
    engine
}

/// A golden input as a picture: 224 x 224, which the card's recipe enlarges and cuts.
fn picture(name: &str) -> Picture {
    Picture {
        image: ImageRef::Gallery(name.into()),
        bytes: std::fs::read(root().join(format!("tests/golden/inputs/{name}.png"))).unwrap(),
        name: name.into(),
        boxes: vec![[40.0, 40.0, 180.0, 200.0]],
        mask: None,
        label: Some(388),
    }
}

fn experiment() -> Experiment {
    let pruning = Pruning { sparsity: Sparsity::new(0.36).unwrap(), ..Pruning::DENSE };
    Experiment { image: ImageRef::Gallery(PANDA.into()), pruning, ..Experiment::default() }
}

fn run(engine: &mut Engine, experiment: &Experiment) -> Result<Vec<Event>, Error> {
    let events = Rc::new(RefCell::new(Vec::new()));
    let sink: Sink = Rc::new({
        let events = events.clone();
        move |event| events.borrow_mut().push(event)
    });
    pollster::block_on(engine.perform(&explain(experiment), &Stop::default(), &sink))?;
    Ok(events.take())
}

fn findings(events: &[Event]) -> Vec<&Finding> {
    events.iter().filter_map(|event| if let Event::Found(finding) = event { Some(finding) } else { None }).collect()
}

fn predictions(events: &[Event]) -> Vec<&Predictions> {
    findings(events).into_iter().filter_map(|f| if let Finding::Explain(Explained::Predictions(p)) = f { Some(p) } else { None }).collect()
}

fn maps(events: &[Event]) -> Vec<&MapReport> {
    findings(events).into_iter().filter_map(|f| if let Finding::Explain(Explained::Map(m)) = f { Some(m) } else { None }).collect()
}

#[test]
fn an_experiment_is_answered_whole_and_in_order() {
    let events = run(&mut engine(), &experiment()).unwrap();
    let [
        Finding::Explain(Explained::Model(model)),
        Finding::Explain(Explained::View(view)),
        Finding::Explain(Explained::Sparsity(sparsity)),
        Finding::Explain(Explained::Predictions(dense)),
        Finding::Explain(Explained::Predictions(pruned)),
        rest @ ..,
    ] = &findings(&events)[..]
    else {
        panic!("{:?}", findings(&events).len())
    };
    assert_eq!((model.prunable, view.side), (1_231_552, 224));
    assert_eq!((sparsity.pruned, sparsity.prunable), (443_359, 1_231_552));
    assert_eq!(sparsity.layers.iter().map(|l| l.pruned).sum::<usize>(), sparsity.pruned);
    assert_eq!((dense.side, dense.top[0].index, pruned.side), (Side::Dense, 388, Side::Pruned));
    assert_ne!(dense.logits_sha256, pruned.logits_sha256);
    let [Finding::Explain(Explained::Map(dense)), Finding::Explain(Explained::Map(pruned))] = rest else { panic!("two maps follow") };
    assert_eq!((dense.side, pruned.side, dense.values.len()), (Side::Dense, Side::Pruned, 224 * 224));
    let place = dense.place.unwrap();
    assert_eq!((place.truth, dense.complete), (Truth::Box, true));
    // The measure of the map as it was sent, by hand: the share of its sum inside the box.
    let [x0, y0, x1, y1] = view.boxes[0];
    let inside = |i: usize| (x0..x1).contains(&((i % 224) as f32 + 0.5)) && (y0..y1).contains(&((i / 224) as f32 + 0.5));
    let mass: f32 =
        dense.values.iter().enumerate().filter(|(i, _)| inside(*i)).map(|(_, v)| v).sum::<f32>() / dense.values.iter().sum::<f32>();
    assert!((dense.score(Measure::RelevanceMass).unwrap().as_ref().unwrap() - mass).abs() < 1e-4);
    assert!((place.chance - (0..224 * 224).filter(|i| inside(*i)).count() as f32 / (224.0 * 224.0)).abs() < 1e-6);
}

/// What was found by something the engine does besides running.
fn told(done: impl AsyncFnOnce(&Stop, &Sink) -> Result<(), Error>) -> Vec<Event> {
    let events = Rc::new(RefCell::new(Vec::new()));
    let sink: Sink = Rc::new({
        let events = events.clone();
        move |event| events.borrow_mut().push(event)
    });
    pollster::block_on(done(&Stop::default(), &sink)).unwrap();
    events.take()
}

#[test]
fn weights_are_examined_layer_by_layer() {
    let (mut engine, experiment) = (engine(), experiment());
    let events = told(async |stop, sink| engine.perform(&ExamineWeights { experiment: experiment.clone() }.into(), stop, sink).await);
    let [Finding::ExamineWeights(examined)] = &findings(&events)[..] else { panic!("one finding") };
    assert_eq!(examined.layers.len(), 26);
    let first = &examined.layers[0];
    let kernels = first.kernels.as_ref().unwrap();
    assert_eq!((kernels.count, kernels.height, kernels.width), (64, 3, 3));
    assert_eq!(kernels.dense.len(), 64 * 27);
    let zeros = kernels.pruned.iter().filter(|w| **w == 0.0).count();
    let count = |bins: &[u32]| bins.iter().sum::<u32>() as usize;
    assert_eq!(zeros, count(&first.dense) - count(&first.kept));
    // Magnitude over all layers: one threshold for the whole network, which no layer's own exceeds.
    let kept: usize = examined.layers.iter().map(|layer| count(&layer.kept)).sum();
    assert_eq!(kept, 1_231_552 - 443_359);
    let thresholds: Vec<f32> = examined.layers.iter().filter_map(|layer| layer.threshold).collect();
    assert!(thresholds.len() > 20 && thresholds.iter().all(|t| (t / thresholds[0] - 1.0).abs() < 0.2), "{thresholds:?}");
    assert!(examined.layers.iter().all(|layer| layer.density.values.iter().all(|share| (0.0..=1.0).contains(share))));
}

#[test]
fn answers_are_compared_over_the_gallery() {
    let mut engine = engine();
    let dense = Experiment { pruning: Pruning::DENSE, ..experiment() };
    let events = told(async |stop, sink| engine.perform(&CompareAnswers { experiment: dense.clone() }.into(), stop, sink).await);
    let reports: Vec<_> =
        findings(&events).into_iter().filter_map(|f| if let Finding::CompareAnswers(a) = f { Some(a) } else { None }).collect();
    let last = reports.last().unwrap();
    assert!(last.complete && reports.len() > 5 && reports[..reports.len() - 1].iter().all(|report| !report.complete));
    assert_eq!((last.pictures, last.same, last.divergence), (81, 81, 0.0));
    // As the card says.
    assert_eq!((last.labelled, last.dense_right, last.pruned_right), (55, 41, 41));
}

#[test]
fn scenes_are_opened_by_number_with_their_masks() {
    let mut engine = engine();
    let scene = Experiment { image: ImageRef::Scene(3), ..experiment() };
    let events = run(&mut engine, &scene).unwrap();
    let Some(Finding::Explain(Explained::View(view))) =
        findings(&events).into_iter().find(|f| matches!(f, Finding::Explain(Explained::View(_))))
    else {
        panic!("a view")
    };
    let mask = view.mask.as_ref().unwrap();
    assert!(mask.iter().any(|set| *set) && mask.len() == 224 * 224);
    // A garment's number means nothing to a network of ImageNet's classes.
    let labelled = Experiment { target: Target::Labelled, ..scene.clone() };
    assert!(run(&mut engine, &labelled).unwrap_err().is_bad_input());
    let absent = Experiment { image: ImageRef::Scene(500), ..scene };
    assert!(run(&mut engine, &absent).unwrap_err().is_bad_input());
}

#[test]
fn moving_the_slider_recomputes_the_pruned_side_only() {
    let mut engine = engine();
    let first = run(&mut engine, &experiment()).unwrap();
    let mut moved = experiment();
    moved.pruning.sparsity = Sparsity::of_round(1);
    let started = std::time::Instant::now();
    let second = run(&mut engine, &moved).unwrap();
    println!("second run: {:?}", started.elapsed());
    assert_eq!(maps(&first)[0], maps(&second)[0], "the dense map, its time included, is the one of before");
    assert_ne!(maps(&first)[1].values, maps(&second)[1].values);
    let back = run(&mut engine, &experiment()).unwrap();
    assert_eq!(maps(&first), maps(&back), "a sparsity seen before costs nothing");
}

#[test]
fn without_pruning_both_sides_are_equal() {
    let mut dense = experiment();
    dense.pruning.sparsity = Sparsity::ZERO;
    let events = run(&mut engine(), &dense).unwrap();
    assert_eq!(predictions(&events)[0].logits_sha256, predictions(&events)[1].logits_sha256);
    assert_eq!(maps(&events)[0].values, maps(&events)[1].values);
}

#[test]
fn targets_are_followed() {
    let mut engine = engine();
    for (target, expected) in [(Target::Class(7), 7), (Target::Labelled, 388), (Target::DensePredicted, 388)] {
        let events = run(&mut engine, &Experiment { target, ..experiment() }).unwrap();
        assert!(maps(&events).iter().all(|map| map.target == expected));
        assert!(predictions(&events).iter().all(|p| p.target.index == expected));
    }
}

#[test]
fn everything_unknown_is_an_error_and_the_engine_goes_on() {
    let mut engine = engine();
    let mut tap = experiment();
    tap.attribution.tap = Some("features.99".into());
    // A value that no control and no link ca set, but a message can hold.
    let mut steps = experiment();
    steps.attribution.settings = serde_json::from_value(serde_json::json!({ "steps": "0" })).unwrap();
    let wrong = [
        Experiment { model: "../secret".into(), ..experiment() },
        Experiment { model: "resnet999".into(), ..experiment() },
        Experiment { image: ImageRef::Gallery("nothing".into()), ..experiment() },
        Experiment { target: Target::Class(1000), ..experiment() },
        tap,
        steps,
    ];
    for experiment in wrong {
        let error = run(&mut engine, &experiment).unwrap_err();
        assert!(error.is_bad_input() && !error.to_string().contains('\n'), "{error}");
    }
    assert!(run(&mut engine, &experiment()).is_ok());
}

#[test]
fn a_picture_without_a_label_or_box_says_so() {
    let mut engine = engine();
    let bare = Picture { boxes: vec![], label: None, ..picture("koala") };
    let image = bare.image.clone();
    engine.open(bare).unwrap();
    let events = run(&mut engine, &Experiment { image: image.clone(), ..experiment() }).unwrap();
    assert!(maps(&events).iter().all(|map| map.place.is_none()));
    let error = run(&mut engine, &Experiment { image, target: Target::Labelled, ..experiment() }).unwrap_err();
    assert!(matches!(error, Error::Missing { .. }), "{error}");
}

#[test]
fn a_broken_picture_leaves_the_others() {
    let mut engine = engine();
    let broken = Picture { bytes: b"no picture".to_vec(), ..picture("koala") };
    assert!(matches!(engine.open(broken), Err(Error::NotAPicture { .. })));
    let other_mask = Picture { mask: Some(std::fs::read(root().join("www/gallery/masks/zebra.png")).unwrap()), ..picture("koala") };
    assert!(matches!(engine.open(other_mask), Err(Error::SizeMismatch { .. })));
    assert!(run(&mut engine, &experiment()).is_ok());
}

#[test]
fn a_stopped_run_ends_and_says_so() {
    let mut engine = engine();
    let stop = Stop::default();
    let sink: Sink = Rc::new({
        let stop = stop.clone();
        move |event| {
            if matches!(event, Event::Progress(_, 3, 50)) {
                stop.stop();
            }
        }
    });
    let mut long = experiment();
    long.attribution.method = Method::IntegratedGradients;
    assert_eq!(pollster::block_on(engine.perform(&explain(&long), &stop, &sink)), Err(Error::Cancelled));
    assert!(run(&mut engine, &experiment()).is_ok());
}

#[test]
fn messages_survive_the_wire() {
    let request = Request::Work { job: 7, task: explain(&experiment()) };
    assert_eq!(decode::<Request>(&encode(&request).unwrap()).unwrap(), request);
    let bytes = encode(&Request::Open(picture("koala"))).unwrap();
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(matches!(decode::<Request>(&bytes[..cut]), Err(Error::Unreadable { .. })), "cut at {cut}");
    }
}

#[test]
fn the_benchmark_writes_messages_as_they_are_read() {
    // tests/browser/bench/postcard.js puts these bytes together by itself.
    let task = Benchmark { model: "m".into(), group: "all".into(), runs: 5 };
    let bytes = encode(&Request::Work { job: 7, task: task.into() }).unwrap();
    assert_eq!(bytes, [&[2, 7, 15, 1][..], b"m", &[3], b"all", &[5]].concat());
    let timing = Timing { what: "forward".into(), passes: 1, millis: vec![0.5] };
    let bytes = encode(&Reply::Found { job: 7, finding: Finding::Benchmark(vec![timing]) }).unwrap();
    assert_eq!(bytes[..5], [2, 7, 15, 1, 7]);
}

#[test]
fn spare_passes_end_and_give_the_time_of_a_pass() {
    let mut engine = engine();
    assert_eq!(pollster::block_on(engine.settle()), Ok(Settling::Settled(None)), "nothing has run");
    run(&mut engine, &experiment()).unwrap();
    let mut spare = 0;
    while pollster::block_on(engine.settle()).unwrap() == Settling::GoesOn {
        spare += 1;
        assert!(spare < 20, "spare passes end");
    }
    assert!(matches!(pollster::block_on(engine.settle()), Ok(Settling::Settled(Some(millis))) if millis > 0.0));
}

#[test]
fn trained_checkpoints_of_a_miniature_network_are_loaded_and_explained() {
    let mut engine = engine();
    let pruning = Pruning { criterion: Criterion::Lrr, sparsity: Sparsity::new(0.79).unwrap(), ..Pruning::DENSE };
    let experiment = Experiment { model: "mini_resnet_small".into(), image: ImageRef::Scene(0), pruning, ..Experiment::default() };
    let events = run(&mut engine, &experiment).unwrap();
    let Some(Finding::Explain(Explained::Sparsity(sparsity))) =
        findings(&events).into_iter().find(|f| matches!(f, Finding::Explain(Explained::Sparsity(_))))
    else {
        panic!()
    };
    // Seven rounds of a fifth each: 1 - 0.8^7 of 171,696 weights.
    assert!((sparsity.pruned as f64 / sparsity.prunable as f64 - (1.0 - 0.8_f64.powi(7))).abs() < 1e-4);
    let found = predictions(&events);
    assert_eq!(found.len(), 2);
    assert!(found[0].top.iter().any(|answer| answer.label == "trousers" || answer.label == "dress"), "classes have their own names");
    assert_eq!(maps(&events).last().unwrap().values.len(), 64 * 64);
    let found = told(async |stop, sink| engine.perform(&CompareAnswers { experiment: experiment.clone() }.into(), stop, sink).await);
    let Some(Finding::CompareAnswers(last)) = findings(&found).into_iter().last() else { panic!("an agreement") };
    assert_eq!((last.pictures, last.labelled, last.on.as_str()), (500, 500, "the shipped scenes"));
    // Between the card's accuracies on other scenes, 83.6 and 80.4 %, with room for 500 scenes' chance: three deviations are five points.
    assert!((0.78..0.89).contains(&(last.dense_right as f64 / 500.0)), "{}", last.dense_right);
    assert!((0.75..0.86).contains(&(last.pruned_right as f64 / 500.0)), "{}", last.pruned_right);
}
