//! Measures that need the network: on a linear network, where everything can be computed by hand, and on shipped ones, against captum, Quantus
//! and the formulas of the measures' authors (`tests/golden/faithfulness.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use sweetspot_methods::attribution::Attribute;

use burn::tensor::{Tensor, TensorData};
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::card::Recipe;
use sweetspot_core::compare::larger;
use sweetspot_core::draw::{normal, random};
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Attribution, Pruning};
use sweetspot_core::metrics::Measure;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::attribution::baseline::blur;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::attribution::context::map_of;
use sweetspot_methods::metrics::evaluate::evaluate;
use sweetspot_methods::metrics::imputation::impute;
use sweetspot_methods::metrics::perturbation_curve::{Course, area, counts, probabilities};
use sweetspot_methods::metrics::redrawn::Redrawn;
use sweetspot_methods::metrics::trial::Outcome;
use sweetspot_methods::metrics::trial::Trial;
use sweetspot_methods::metrics::{
    infidelity, local_lipschitz, max_sensitivity, pixel_flipping, random_logit, road, robustness, sufficiency,
};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::cpu;
use sweetspot_nn::image::{Rgb, denormalise, normalise, upsample};
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::layer::Layer;
use sweetspot_nn::logits::softmax;
use sweetspot_nn::network::Network;
use sweetspot_nn::pass::Pass;
use sweetspot_nn::tape::Value;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_protocol::{Pictures, View};
use sweetspot_testing::audit::Found;
use sweetspot_testing::{difference, floats, golden, golden_input, load};

/// Side of the linear network's input: 3 x 28 x 28 values.
const SIDE: usize = 28;
const SIZE: usize = 3 * SIDE * SIDE;
const PIXELS: usize = SIDE * SIDE;
const CLASSES: usize = 3;

/// Logits `w x + b`: one convolution as large as the image.
static LINEAR: Architecture = Architecture {
    id: "linear",
    layers: || vec![Layer::conv("fc", 3, CLASSES, SIDE)],
    forward: linear_forward,
    taps: || vec!["logits".into()],
    head: None,
    attention: AttentionKind::None,
    extras: Vec::new,
    default_tap: "logits",
};

fn linear_forward(pass: &mut Pass<'_, '_>, x: Value) -> Value {
    let x = pass.conv("fc", &x);
    pass.tap("logits", x)
}

/// A linear network on an image, with a method.
struct Scene {
    weights: Weights,
    network: Network,
    w: Vec<f32>,
    b: Vec<f32>,
    image: Vec<f32>,
    recipe: Recipe,
    view: View,
    parameters: Attribution,
    batch: usize,
    job: Job,
}

impl Scene {
    fn new(w: Vec<f32>, b: Vec<f32>, method: Method) -> Self {
        let array = |shape: &[usize], values: &[f32]| Array { shape: shape.into(), values: values.into() };
        let tensors = [("fc.weight".into(), array(&[CLASSES, 3, SIDE, SIDE], &w)), ("fc.bias".into(), array(&[CLASSES], &b))];
        let weights = Weights::from_tensors(&LINEAR, "linear", BTreeMap::from(tensors)).unwrap();
        let network = Network::new(&LINEAR, &weights, &cpu());
        let recipe = Recipe { side: SIDE, resize: SIDE, mean: [127.0, 120.0, 110.0], deviation: [60.0, 50.0, 70.0] };
        let bytes: Vec<u8> = (0..SIZE).map(|i| ((i * 7919 + i / 97) % 251) as u8).collect();
        let picture = Rgb { width: SIDE, height: SIDE, bytes: bytes.clone() };
        let image = normalise(&picture, &recipe);
        let view = View { side: SIDE, rgb: bytes, boxes: vec![], mask: None, inside: None };
        let (parameters, job) = (Attribution::new(method), Job::quiet());
        Self { weights, network, w, b, image, recipe, view, parameters, batch: 1, job }
    }

    /// A network whose first class likes the image, small enough that softmax does not saturate.
    fn usual(method: Method) -> Self {
        let mut scene = Self::new(normal(&mut random(3), 0.02, CLASSES * SIZE), vec![0.3, -0.2, 0.1], method);
        let w: Vec<f32> = scene.w.iter().enumerate().map(|(i, w)| if i < SIZE { w + 0.001 * scene.image[i] } else { *w }).collect();
        scene = Self::new(w, scene.b, method);
        scene
    }

    fn with<T>(&self, map: &ChannelMap, run: impl AsyncFnOnce(&Trial<'_>) -> T) -> T {
        let input = Tensor::from_data(TensorData::new(self.image.clone(), [1, 3, SIDE, SIDE]), &cpu());
        let (network, parameters, batch, job) = (&self.network, &self.parameters, self.batch, &self.job);
        let bounds = self.recipe.bounds();
        let context = Context { network, input, target: 0, parameters, tap: "logits", batch, bounds: &bounds, job };
        let (weights, recipe, view) = (&self.weights, &self.recipe, Some(&self.view));
        let trial = Trial { context: &context, map, architecture: &LINEAR, weights, mask: None, recipe, view };
        pollster::block_on(run(&trial))
    }

    fn evaluate(&self, measure: Measure, map: &ChannelMap) -> Result<Outcome, Error> {
        self.with(map, async |trial: &Trial<'_>| evaluate(measure, trial).await)
    }

    /// The method's own map.
    fn own(&self) -> ChannelMap {
        let any = signed(vec![1.0; SIZE]);
        self.with(&any, async |trial: &Trial<'_>| trial.map_of(trial.context.input.clone()).await).unwrap()
    }

    fn logits(&self, x: &[f32]) -> Vec<f32> {
        let dot = |w: &[f32]| w.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum::<f64>();
        self.w.chunks_exact(SIZE).zip(&self.b).map(|(w, b)| (dot(w) + f64::from(*b)) as f32).collect()
    }

    fn probability(&self, x: &[f32]) -> f32 {
        softmax(&self.logits(x))[0]
    }
}

fn signed(values: Vec<f32>) -> ChannelMap {
    ChannelMap { channels: values.len() / PIXELS, height: SIDE, width: SIDE, values, signed: true, total: None }
}

fn values(outcome: &Outcome) -> Vec<f32> {
    outcome.curve.iter().map(|point| point.value).collect()
}

/// Pixels by a map of one value a pixel, strongest first, written down anew: repeated search for the largest.
fn ranking(map: &[f32]) -> Vec<usize> {
    let mut left: Vec<Option<f32>> = map.iter().copied().map(Some).collect();
    let mut order = Vec::new();
    for _ in 0..map.len() {
        let mut best: Option<(usize, f32)> = None;
        for (i, value) in left.iter().enumerate() {
            if let Some(v) = value
                && best.is_none_or(|(_, b)| *v > b)
            {
                best = Some((i, *v));
            }
        }
        let (at, _) = best.unwrap();
        left[at] = None;
        order.push(at);
    }
    order
}

#[test]
fn curves_are_the_probabilities_of_the_pictures_shown() {
    let mut scene = Scene::usual(Method::InputXGradient);
    let map = scene.own();
    let order = ranking(&map.reduced());
    let blurred = blur(&scene.image, 3, SIDE, SIDE);
    let nothing = vec![0.0; SIZE];
    for (measure, from, to) in [(Measure::Deletion, &scene.image, &nothing), (Measure::Insertion, &blurred, &scene.image)] {
        let outcome = scene.evaluate(measure, &map).unwrap();
        // 784 pixels in steps of ceil(784 / 224) = 4.
        let mut expected = Vec::new();
        for count in (0..=PIXELS).step_by(4) {
            let mut x = from.clone();
            order[..count].iter().for_each(|p| (0..3).for_each(|c| x[c * PIXELS + p] = to[c * PIXELS + p]));
            expected.push(scene.probability(&x));
        }
        assert_eq!(outcome.curve.len(), 197);
        assert!(difference(&values(&outcome), &expected) < 1e-5);
        let n = expected.len();
        let area = (expected.iter().sum::<f32>() - (expected[0] + expected[n - 1]) / 2.0) / (n - 1) as f32;
        assert!((outcome.value - area).abs() < 1e-5, "{}, expected {area}", outcome.value);
        assert_eq!((outcome.curve[0].at, outcome.curve[n - 1].at), (0.0, 1.0));

        let Pictures::Mixed { before, after, rank } = &outcome.pictures else { panic!("no pictures") };
        assert_eq!((before, after), (&denormalise(from, &scene.recipe), &denormalise(to, &scene.recipe)));
        assert!(order.iter().enumerate().all(|(place, &pixel)| rank[pixel] == place as u32));
    }
    // Where they begin and end.
    let deletion = values(&scene.evaluate(Measure::Deletion, &map).unwrap());
    assert!((deletion[0] - scene.probability(&scene.image)).abs() < 1e-6);
    assert!((deletion[196] - softmax(&scene.b)[0]).abs() < 1e-6);
    // The view's own bytes stand at the end that shows the image, and the mean colour at the other.
    let Pictures::Mixed { before, after, .. } = scene.evaluate(Measure::Deletion, &map).unwrap().pictures else { panic!("no pictures") };
    assert_eq!((before, after), (scene.view.rgb.clone(), [127, 120, 110].repeat(PIXELS)));

    // However many images go through the network at once.
    let insertion = scene.evaluate(Measure::Insertion, &map).unwrap();
    scene.batch = 10;
    assert!(difference(&values(&scene.evaluate(Measure::Deletion, &map).unwrap()), &deletion) < 1e-6);
    assert!((scene.evaluate(Measure::Insertion, &map).unwrap().value - insertion.value).abs() < 1e-6);
}

#[test]
fn a_right_map_beats_its_opposite_on_every_curve() {
    let scene = Scene::usual(Method::InputXGradient);
    let map = scene.own();
    let opposite = signed(map.values.iter().map(|v| -v).collect());
    let gain = |measure| scene.evaluate(measure, &map).unwrap().value - scene.evaluate(measure, &opposite).unwrap().value;
    assert!(gain(Measure::Deletion) < -0.2);
    assert!(gain(Measure::Insertion) > 0.1);
    assert!(gain(Measure::PixelFlipping) > 0.2);
    assert!(gain(Measure::Road) > 0.1);
}

#[test]
fn a_network_that_sees_nothing_changes_nowhere() {
    let scene = Scene::new(vec![0.0; CLASSES * SIZE], vec![1.0, 0.0, -1.0], Method::InputXGradient);
    let map = signed((0..PIXELS).map(|i| (i as f32).sin()).collect());
    let p = softmax(&[1.0, 0.0, -1.0])[0];
    for (measure, expected) in
        [(Measure::Deletion, p), (Measure::Insertion, p), (Measure::PixelFlipping, 0.0), (Measure::Road, 0.0), (Measure::Infidelity, 0.0)]
    {
        assert!((scene.evaluate(measure, &map).unwrap().value - expected).abs() < 1e-6, "{}", measure.id());
    }
    // Its own map is zero everywhere, which nothing can be said of.
    for measure in Measure::all() {
        assert!(matches!(scene.evaluate(measure, &scene.own()), Err(Error::Undefined { .. })), "{}", measure.id());
    }
    let mut broken = map;
    broken.values[3] = f32::NAN;
    assert!(matches!(scene.evaluate(Measure::Deletion, &broken), Err(Error::Undefined { .. })));
}

#[test]
fn pixel_flipping_by_hand() {
    let scene = Scene::usual(Method::InputXGradient);
    let map = scene.own();
    let reduced = map.reduced();
    // 14 x 14 squares of 2 x 2 pixels, four a step.
    let square = |s: usize| [0, 1, SIDE, SIDE + 1].map(|d| s / 14 * 2 * SIDE + s % 14 * 2 + d);
    let sums: Vec<f32> = (0..196).map(|s| square(s).iter().map(|&p| f64::from(reduced[p])).sum::<f64>() as f32).collect();
    let mut x = scene.image.clone();
    let mut expected = vec![scene.probability(&x)];
    for squares in ranking(&sums).chunks(4) {
        squares.iter().flat_map(|&s| square(s)).for_each(|p| (0..3).for_each(|c| x[c * PIXELS + p] = 0.0));
        expected.push(scene.probability(&x));
    }
    let outcome = scene.evaluate(Measure::PixelFlipping, &map).unwrap();
    assert_eq!(outcome.curve.len(), 50);
    assert!(difference(&values(&outcome), &expected) < 1e-5);
    let aopc = expected.iter().map(|p| expected[0] - p).sum::<f32>() / 50.0;
    assert!((outcome.value - aopc).abs() < 1e-5);
    assert_eq!(pixel_flipping::aopc(&[0.5]), 0.0);
}

#[test]
fn road_fills_in_and_adds_its_noise_where_pixels_went() {
    let scene = Scene::usual(Method::InputXGradient);
    let map = scene.own();
    let order = ranking(&map.reduced());
    let noise = |at: usize| -> Vec<f32> { (0..SIZE).map(|i| ((i * (at + 1)) as f32).sin() * 0.05).collect() };
    let outcome = scene.with(&map, async |trial: &Trial<'_>| road::of_noise(trial, noise).await).unwrap();
    let mut falls = Vec::new();
    for (at, percentage) in [10, 20, 30, 50, 70, 90].into_iter().enumerate() {
        let mut missing = vec![false; PIXELS];
        order[..PIXELS * percentage / 100].iter().for_each(|&p| missing[p] = true);
        let filled = impute(&scene.image, [3, SIDE, SIDE], &missing).unwrap();
        let noisy = filled.iter().zip(noise(at)).enumerate().map(|(i, (v, n))| if missing[i % PIXELS] { v + n } else { *v });
        let noisy: Vec<f32> = noisy.collect();
        falls.push(scene.probability(&scene.image) - scene.probability(&noisy));
        assert!((outcome.curve[at + 1].value - scene.probability(&noisy)).abs() < 1e-5);
        let Pictures::Views(views) = &outcome.pictures else { panic!("no pictures") };
        assert_eq!(views[at + 1], denormalise(&noisy, &scene.recipe));
    }
    assert!((outcome.value - falls.iter().sum::<f32>() / 6.0).abs() < 1e-5);
    // The same seed draws the same noise.
    assert_eq!(scene.evaluate(Measure::Road, &map).unwrap(), scene.evaluate(Measure::Road, &map).unwrap());
}

#[test]
fn the_gradient_of_a_linear_network_is_faithful_at_any_scale() {
    let mut scene = Scene::usual(Method::Saliency);
    let gradient = signed(scene.w[..SIZE].to_vec());
    let scaled = signed(scene.w[..SIZE].iter().map(|w| -250.0 * w).collect());
    for batch in [1, 7] {
        scene.batch = batch;
        assert!(scene.evaluate(Measure::Infidelity, &gradient).unwrap().value < 1e-6);
        assert!(scene.evaluate(Measure::Infidelity, &scaled).unwrap().value < 1e-6);
    }

    // Another map, by hand: two changes, I . map and w . I.
    let map: Vec<f32> = (0..PIXELS).map(|i| (i as f32 * 0.3).cos()).collect();
    let change = |at: usize| -> Vec<f32> { (0..SIZE).map(|i| ((i + 1) as f32 * (at + 1) as f32 * 0.1).sin()).collect() };
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    // One channel counts for each colour, divided by their number.
    let pairs = [0, 1].map(|at| (dot(&map.repeat(3), &change(at)) / 3.0, dot(&scene.w[..SIZE], &change(at))));
    let scale = pairs.iter().map(|(p, d)| p * d).sum::<f64>() / pairs.iter().map(|(p, _)| p * p).sum::<f64>();
    let expected = pairs.iter().map(|(p, d)| (scale * p - d).powi(2)).sum::<f64>() / 2.0;
    let got = scene.with(&signed(map), async |trial: &Trial<'_>| infidelity::of_changes(trial, 2, change).await).unwrap();
    assert!((got - expected).abs() < 1e-4 * expected, "{got}, expected {expected}");
    assert!(expected > 1e-3);
}

#[test]
fn robustness_of_a_linear_network_is_that_of_its_product() {
    let scene = Scene::usual(Method::InputXGradient);
    let map = scene.own();
    let shift = |copy: usize| -> Vec<f32> { (0..SIZE).map(|i| ((i * (copy + 2)) as f32).cos() * 0.1).collect() };
    let norm = |v: &[f32]| v.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    let product = |v: &[f32]| v.iter().zip(&scene.w).map(|(v, w)| v * w).collect::<Vec<f32>>();
    let changes = scene.with(&map, async |trial: &Trial<'_>| robustness::changes(trial, 4, shift).await).unwrap();
    let moved = [0, 1, 2, 3].map(|copy| norm(&product(&shift(copy))));
    let largest = moved.iter().copied().fold(0.0, larger);
    let got = max_sensitivity::of_changes(&changes, norm(&map.values)).unwrap();
    assert!((got - largest / norm(&product(&scene.image))).abs() < 1e-5, "{got}");
    let steepest = [0, 1, 2, 3].map(|copy| moved[copy] / norm(&shift(copy))).into_iter().fold(0.0, larger);
    let got = local_lipschitz::of_changes(&changes).unwrap();
    assert!((got - steepest).abs() < 1e-5 * steepest, "{got}, expected {steepest}");
    assert_eq!(max_sensitivity::of_changes(&changes, 0.0).unwrap(), changes.iter().map(|c| c.map).fold(0.0, larger));

    // A map that is no number is not a perfectly robust one.
    for bad in [f64::NAN, f64::INFINITY] {
        let mut broken = changes.clone();
        broken[2].map = bad;
        for refused in [max_sensitivity::of_changes(&broken, 1.0), local_lipschitz::of_changes(&broken)] {
            assert!(matches!(refused, Err(Error::Undefined { .. })), "{refused:?}");
        }
        assert!(max_sensitivity::of_changes(&changes, f64::NAN).is_err());
    }

    // Drawn ones stay in the cube: no more than 2 % of the range, and its corners are not reached on average.
    let changes = scene.with(&map, async |trial: &Trial<'_>| robustness::drawn_changes(trial).await).unwrap();
    let corner = scene.recipe.bounds().iter().map(|(a, b)| (0.02 * f64::from(b - a)).powi(2) * PIXELS as f64).sum::<f64>().sqrt();
    assert_eq!(changes.len(), 10);
    assert!(changes.iter().all(|c| (0.5..0.65).contains(&(c.image / corner))), "a uniform number's root mean square is 0.577 of its bound");

    // A gradient that does not depend on the image does not move.
    let scene = Scene::usual(Method::Saliency);
    assert_eq!(scene.evaluate(Measure::MaxSensitivity, &scene.own()).unwrap().value, 0.0);
    assert_eq!(scene.evaluate(Measure::LocalLipschitz, &scene.own()).unwrap().value, 0.0);
}

#[test]
fn sufficiency_counts_like_maps_with_the_same_class() {
    // Class 0 looks at the upper half, class 1 at the lower one, so that what is drawn below changes the class but not the map.
    let half = |upper: bool| (0..SIZE).map(move |i| if ((i % PIXELS) < PIXELS / 2) == upper { 0.01 } else { 0.0 });
    let w: Vec<f32> = half(true).chain(half(false)).chain((0..SIZE).map(|_| 0.0)).collect();
    let scene = Scene::new(w, vec![20.0, 0.0, 0.0], Method::InputXGradient);
    let map = scene.own();
    let lower = |i: usize| if i % PIXELS >= PIXELS / 2 { 10.0 } else { 0.0 };
    let noise = |copy: usize| -> Vec<f32> {
        match copy {
            0 => vec![0.0; SIZE],
            1 => (0..SIZE).map(lower).collect(),
            2 => scene.image.iter().map(|x| -2.0 * x).collect(),
            _ => scene.image.iter().map(|x| 0.5 * x).collect(),
        }
    };
    // Copies 0 and 3 look alike and get the same class, 1 looks alike and gets another, 2 has the opposite map.
    let count = |copies| scene.with(&map, async |trial: &Trial<'_>| sufficiency::of_noise(trial, copies, noise).await).unwrap();
    assert_eq!([count(1), count(2), count(3), count(4)], [(1, 1), (1, 2), (1, 2), (2, 3)]);
    let strange = signed((0..SIZE).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect());
    assert!(scene.evaluate(Measure::Sufficiency, &strange).unwrap_err().to_string().contains("none of 10"));
}

#[test]
fn forgotten_layers_are_drawn_as_torch_draws_them_and_pruned_weights_stay_away() {
    let model = load("efficientnet_lite0");
    let pruned = sweetspot_testing::pruned(&model, &Pruning { sparsity: Sparsity::new(0.6).unwrap(), ..Pruning::DENSE });
    let input = golden_input(&model, "koala");
    let (parameters, job, bounds) = (Attribution::new(Method::GradCam), Job::quiet(), model.card.input.bounds());
    let context =
        Context { network: &pruned.network, input, target: 105, parameters: &parameters, tap: "bn2", batch: 1, bounds: &bounds, job: &job };
    let map = pollster::block_on(Method::GradCam.attribute(&context)).unwrap();
    let (weights, recipe) = (&pruned.weights, &model.card.input);
    let architecture = model.architecture;
    let trial = Trial { context: &context, map: &map, architecture, weights, mask: Some(&pruned.mask), recipe, view: None };
    let layers = (architecture.layers)();
    let mut redrawn = Redrawn::new(&trial, random(1));
    assert_eq!(redrawn.weights(), &pruned.mask.apply(&model.weights));
    redrawn.forget(&layers);
    for (layer, mask) in layers.iter().zip(&pruned.mask.layers) {
        let bound = 1.0 / (layer.shape[1..].iter().product::<usize>() as f32).sqrt();
        let values = &redrawn.weights().get(&layer.weight_name()).values;
        assert!(values.iter().zip(&mask.keep).all(|(w, keep)| if *keep { w.abs() <= bound } else { *w == 0.0 }), "{}", layer.name);
        assert!(values.iter().any(|w| w.abs() > 0.8 * bound) && values.iter().any(|w| *w < 0.0));
        if let Some(norm) = &layer.norm {
            for (part, value) in [("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)] {
                assert!(redrawn.weights().get(&format!("{}.{part}", norm.name)).values.iter().all(|v| *v == value));
            }
        }
    }
    let mut again = Redrawn::new(&trial, random(1));
    again.forget(&layers);
    assert_eq!(redrawn.weights(), again.weights());

    let cascade = pollster::block_on(evaluate(Measure::ParameterRandomisation, &trial)).unwrap();
    assert_eq!((cascade.curve.len(), cascade.curve[11].at, cascade.curve[11].label.as_str()), (12, 1.0, "conv_stem"));
    assert!(cascade.curve.is_sorted_by(|a, b| a.at < b.at) && cascade.curve.iter().all(|p| p.value.abs() <= 1.0));
    let mean = cascade.curve.iter().map(|p| p.value).sum::<f32>() / 12.0;
    assert!((cascade.value - mean).abs() < 1e-6);
    assert!(matches!(&cascade.pictures, Pictures::Maps(maps) if maps.len() == 12 && maps[0] != maps[11]));

    let untrained = pollster::block_on(evaluate(Measure::Untrained, &trial)).unwrap();
    assert!(untrained.curve.windows(2).all(|pair| pair[0].value != pair[1].value), "another seed, another network");
    assert_eq!(untrained, pollster::block_on(evaluate(Measure::Untrained, &trial)).unwrap());

    let same = pollster::block_on(random_logit::of_class(&trial, 105)).unwrap();
    assert!((same.value - 1.0).abs() < 1e-6, "the same class has the same map");
    let other = pollster::block_on(evaluate(Measure::RandomLogit, &trial)).unwrap();
    assert!(other.value < 0.99 && other.curve[0].label != "105");
}

/// Runs something on SqueezeNet and the golden case, with the golden Grad-CAM map and a method.
fn golden_case<T>(method: Method, batch: usize, run: impl AsyncFnOnce(&serde_json::Value, &Trial<'_>) -> T) -> T {
    let golden = golden("faithfulness.json");
    let model = load(golden["network"].as_str().unwrap());
    let input = golden_input(&model, golden["input"].as_str().unwrap());
    let target = golden["target"].as_u64().unwrap() as usize;
    let (parameters, job, recipe) = (Attribution::new(method), Job::quiet(), &model.card.input);
    let (bounds, tap) = (recipe.bounds(), model.architecture.default_tap);
    let context = Context { network: &model.dense, input, target, parameters: &parameters, tap, batch, bounds: &bounds, job: &job };
    let values = upsample(&floats(&golden["map"]["layer_map"]), (13, 13), (224, 224));
    let map = ChannelMap { channels: 1, height: 224, width: 224, values, signed: false, total: None };
    let (weights, architecture) = (&model.weights, model.architecture);
    let trial = Trial { context: &context, map: &map, architecture, weights, mask: None, recipe, view: None };
    pollster::block_on(run(&golden, &trial))
}

/// The noise of the golden scripts: what takes the place of random numbers.
fn sine_noise(size: usize, amplitude: f64, draw: usize) -> Vec<f32> {
    (1..=size).map(|i| (amplitude * (i as f64 * (draw + 1) as f64 * 0.1).sin()) as f32).collect()
}

#[test]
fn curves_equal_the_authors_formulas_on_squeezenet() {
    golden_case(Method::GradCam, 5, async |golden, trial| {
        let image = trial.input().await.unwrap();
        let (nothing, blurred) = (vec![0.0; image.len()], blur(&image, 3, 224, 224));
        let squares = pixel_flipping::squares(&trial.map.values, 224, 224);
        let first: Vec<usize> = squares.iter().map(|square| square[0] / 224 / 16 * 14 + square[0] % 224 / 16).collect();
        assert_eq!(serde_json::json!(first), golden["region-flipping"]["order"]);
        let (order, flips) = (trial.order(), squares.concat());
        for (name, from, to, order, step) in [
            ("deletion", &image, &nothing, &order, 1792),
            ("insertion", &blurred, &image, &order, 1792),
            ("region-flipping", &image, &nothing, &flips, 4 * 256),
        ] {
            let course = Course { from, to, order, counts: &counts(order.len(), step) };
            let curve = probabilities(trial.context, &course).await.unwrap();
            let expected = floats(&golden[name]["curve"]);
            let measure = match name {
                "deletion" => Measure::Deletion,
                "insertion" => Measure::Insertion,
                _ => Measure::PixelFlipping,
            };
            let mut found = Found::default();
            found.add(measure, difference(&curve, &expected).into());
            // Single precision may order a few nearly equal pixels otherwise.
            found.check("the authors' formulas in PyTorch", "curve on squeezenet1_1", "largest difference", 2e-3, "faithfulness.json");
            match golden[name]["auc"].as_f64() {
                Some(auc) => assert!((f64::from(area(&curve)) - auc).abs() < 1e-3),
                None => assert!((f64::from(pixel_flipping::aopc(&curve)) - golden[name]["aopc"].as_f64().unwrap()).abs() < 1e-3),
            }
        }
    });
}

#[test]
fn filled_pictures_equal_quantus_and_so_does_road() {
    let golden = golden("faithfulness.json");
    let cases = golden["imputation"].as_array().unwrap();
    let image = floats(&cases[0]["values"]);
    let mut found = Found::default();
    for case in &cases[1..] {
        let missing: Vec<bool> = floats(&case["missing"]).iter().map(|v| *v > 0.0).collect();
        let filled = impute(&image, [3, 8, 8], &missing).unwrap();
        found.add(Measure::Road, difference(&filled, &floats(&case["filled"])).into());
    }
    found.check(
        "scipy's sparse solver on ROAD's system",
        "filled pictures of 8 x 8 pixels",
        "largest difference",
        1e-5,
        "faithfulness.json",
    );
    golden_case(Method::GradCam, 3, async |golden, trial| {
        let outcome = road::of_noise(trial, |_| vec![0.0; 3 * 224 * 224]).await.unwrap();
        let expected = [vec![golden["probability"].as_f64().unwrap() as f32], floats(&golden["road"]["probabilities"])].concat();
        let mut found = Found::default();
        found.add(Measure::Road, difference(&values(&outcome), &expected).into());
        // Which of nearly equal pixels is removed first depends on the last digit of the map.
        found.check("ROAD's formula in PyTorch", "curve on squeezenet1_1", "largest difference", 2e-3, "faithfulness.json");
    });
}

#[test]
fn infidelity_and_sensitivity_equal_captum_on_squeezenet() {
    let near = |measure: Option<Measure>, got: f64, expected: &serde_json::Value| {
        let expected = expected.as_f64().unwrap();
        let difference = (got - expected).abs() / expected;
        // Gradients in single precision, as for the methods' maps.
        assert!(difference < 1e-3, "{got}, expected {expected}");
        if let Some(measure) = measure {
            let mut found = Found::default();
            found.add(measure, difference);
            found.check("captum's formulas on 10 given changes", "map of squeezenet1_1", "relative difference", 1e-3, "faithfulness.json");
        }
    };
    golden_case(Method::Saliency, 4, async |golden, trial| {
        let (known, size) = (&golden["infidelity"], 3 * 224 * 224);
        let noise = |draw| sine_noise(size, known["amplitude"].as_f64().unwrap(), draw);
        let gradient = map_of(trial.context.gradients(trial.context.input.clone()), true).await.unwrap();
        let mut sum = ChannelMap { channels: 1, ..gradient.clone() };
        sum.values = gradient.reduced();
        for (name, map) in [("gradient", &gradient), ("mean-over-channels", &sum)] {
            let trial = Trial { map, ..*trial };
            near(
                Some(Measure::Infidelity),
                infidelity::of_changes(&trial, 10, noise).await.unwrap(),
                &known[name]["normalised_infidelity"],
            );
        }

        let known = &golden["sensitivity"];
        let own = trial.map_of(trial.context.input.clone()).await.unwrap();
        let norm = robustness::norm(own.values.iter().map(|v| f64::from(*v)));
        near(None, norm, &known["norm_of_map"]);
        let trial = Trial { map: &own, ..*trial };
        let noise = |draw| sine_noise(size, known["amplitude"].as_f64().unwrap(), draw);
        let changes = robustness::changes(&trial, 10, noise).await.unwrap();
        near(Some(Measure::MaxSensitivity), max_sensitivity::of_changes(&changes, norm).unwrap(), &known["max_sensitivity"]);
        near(Some(Measure::LocalLipschitz), local_lipschitz::of_changes(&changes).unwrap(), &known["local_lipschitz"]);
    });
}

#[test]
fn a_wish_to_stop_ends_a_measure_and_what_it_started() {
    for measure in Measure::all().filter(|m| m.needs_network()) {
        let mut scene = Scene::usual(Method::InputXGradient);
        let map = scene.own();
        let (stop, steps) = (Stop::default(), Rc::new(Cell::new(0)));
        scene.job = Job::new(stop.clone(), {
            let (stop, steps) = (stop.clone(), steps.clone());
            move |done, total| {
                assert!(done < total);
                steps.set(steps.get() + 1);
                stop.stop();
            }
        });
        assert_eq!(scene.evaluate(measure, &map), Err(Error::Cancelled), "{}", measure.id());
        assert_eq!(steps.get(), 1, "{}", measure.id());
    }
    let stop = Stop::default();
    let part = Job::new(stop.clone(), |_, _| panic!("a part's progress goes nowhere")).unwatched();
    assert!(pollster::block_on(part.step(0, 1)).is_ok());
    stop.stop();
    assert_eq!(pollster::block_on(part.step(0, 1)), Err(Error::Cancelled));
}
