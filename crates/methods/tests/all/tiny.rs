//! Every attribution method on captum's own test network with hand-set weights, against captum, zennit, pytorch-grad-cam, scikit-learn and
//! RISE's authors' code (`tests/golden/tiny.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use sweetspot_methods::attribution::Attribute;

use burn::tensor::{Tensor, TensorData};
use serde_json::Value as Json;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Attribution;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::attribution::lrp::{Composite, LayerRule};
use sweetspot_methods::attribution::rise::Grid;
use sweetspot_methods::attribution::smoothgrad::{Average, of_noise, smoothgrad_ig_of_noise};
use sweetspot_methods::attribution::surrogate::{Coalition, kernel, lime_coefficients, scores, shap_values};
use sweetspot_methods::attribution::{deeplift, integrated_gradients, lrp, occlusion};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::image::upsample;
use sweetspot_nn::layer::Layer;
use sweetspot_nn::network::Network;
use sweetspot_nn::pass::Pass;
use sweetspot_nn::tape::Value;
use sweetspot_nn::weights::{Array, Weights};
use sweetspot_testing::audit::{Check, Subject, check};
use sweetspot_testing::{difference, floats, golden, method, with_context};

/// A 3 x 3 convolution, ReLU, a linear layer, ReLU.
static TINY: Architecture = Architecture {
    id: "tiny",
    layers: tiny_layers,
    forward: tiny_forward,
    taps: || vec!["conv1".into(), "relu1".into()],
    extras: Vec::new,
    head: None,
    attention: AttentionKind::None,
    default_tap: "relu1",
};

fn tiny_layers() -> Vec<Layer> {
    vec![Layer::conv("conv1", 1, 2, 3), Layer::conv("fc", 2, 4, 2)]
}

fn tiny_forward(pass: &mut Pass<'_, '_>, x: Value) -> Value {
    let x = pass.conv("conv1", &x);
    let x = pass.tap("conv1", x);
    let x = pass.relu(x);
    let x = pass.tap("relu1", x);
    // The linear layer on 2 x 2 x 2 features, as the convolution it equals.
    let x = pass.conv("fc", &x);
    pass.relu(x)
}

/// The network, its input and its golden numbers.
struct Tiny {
    golden: Json,
    network: Network,
    input: Tensor<4>,
}

fn tiny() -> Tiny {
    let golden = golden("tiny.json");
    let array =
        |name: &str, shape: &[usize]| (name.to_string(), Array { shape: shape.into(), values: floats(&golden["network"][name]).into() });
    let tensors =
        [array("conv1.weight", &[2, 1, 3, 3]), array("conv1.bias", &[2]), array("fc.weight", &[4, 2, 2, 2]), array("fc.bias", &[4])];
    let network = Network::new(&TINY, &Weights::from_tensors(&TINY, "tiny", BTreeMap::from(tensors)).unwrap(), &cpu());
    let input = Tensor::<4>::from_data(TensorData::new(floats(&golden["input"]), [1, 1, 4, 4]), &cpu());
    Tiny { golden, network, input }
}

impl Tiny {
    fn with<T>(&self, parameters: &Attribution, tap: &str, make: impl AsyncFn(&Context<'_>) -> Result<T>) -> T {
        with_context(&self.network, &self.input, 0, parameters, tap, 3, make).unwrap()
    }

    fn map(&self, parameters: &Attribution, tap: &str) -> Vec<f32> {
        self.with(parameters, tap, async |context| parameters.method.attribute(context).await).values
    }

    /// Compares a map; 16 sums of a few numbers up to 100 in single precision against double.
    fn check(&self, method: Method, what: &str, got: &[f32], expected: &Json) {
        let expected = floats(expected);
        let size = expected.iter().fold(1.0_f32, |most, v| most.max(v.abs()));
        let value = f64::from(difference(got, &expected) / size);
        let by = self.golden["checked_against"][method.id()].as_str().unwrap();
        let kind = "largest difference, as a share of the largest value";
        let on = format!("captum's test network{what}");
        check(Subject::Method(method), &Check { against: by, on: &on, kind, value, bound: 1e-5, file: "tiny.json" });
    }

    fn noise(&self) -> impl Fn(usize) -> Vec<f32> + use<> {
        let amplitude = self.golden["noise"]["amplitude"].as_f64().unwrap();
        move |k| (0..16).map(|i| (amplitude * (((i + 1) * (k + 1)) as f64 * 0.1).sin()) as f32).collect()
    }
}

fn filled(value: &Json) -> Tensor<4> {
    Tensor::full([1, 1, 4, 4], value.as_f64().unwrap() as f32, &cpu())
}

#[test]
fn logits() {
    let tiny = tiny();
    let logits = pollster::block_on(values(tiny.network.logits(tiny.input.clone()))).unwrap();
    assert!(difference(&logits, &floats(&tiny.golden["outputs"]["logits"])) < 1e-5);
}

#[test]
fn gradients() {
    let tiny = tiny();
    for one in [Method::Saliency, Method::InputXGradient, Method::GuidedBackprop, Method::Deconvolution] {
        tiny.check(one, "", &tiny.map(&Attribution::new(one), "relu1"), &tiny.golden[one.id()]);
    }
    let one = Method::IntegratedGradients;
    tiny.check(one, "", &tiny.map(&Attribution::new(one), ""), &tiny.golden[one.id()]["map"]);
    let from = &tiny.golden["integrated-gradients-from-3"];
    let baseline = filled(&from["baseline"]);
    let gathered = tiny.with(&Attribution::new(one), "", async |context| {
        integrated_gradients::along_path(context, &context.input, &baseline, 50, async |_, _, _| Ok(())).await
    });
    let map: Vec<f32> = gathered.iter().enumerate().map(|(i, g)| (g * (i as f64 - 3.0)) as f32).collect();
    tiny.check(one, ", another baseline", &map, &from["map"]);
}

#[test]
fn activation_maps() {
    let tiny = tiny();
    for one in [Method::GradCam, Method::GradCamPlusPlus, Method::HiResCam, Method::LayerCam] {
        for tap in ["conv1", "relu1"] {
            let small = floats(&tiny.golden[one.id()][tap]);
            let expected = Json::from(upsample(&small, (2, 2), (4, 4)));
            tiny.check(one, &format!(", layer {tap}"), &tiny.map(&Attribution::new(one), tap), &expected);
        }
    }
    let expected = Json::from(upsample(&floats(&tiny.golden["score-cam"]["relu1"]), (2, 2), (4, 4)));
    tiny.check(Method::ScoreCam, "", &tiny.map(&Attribution::new(Method::ScoreCam), "relu1"), &expected);
    // Captum enlarges Grad-CAM by nearest neighbour in Guided Grad-CAM; the product is compared after undoing that.
    let guided = floats(&tiny.golden["guided-backprop"]);
    let cam = upsample(&floats(&tiny.golden["grad-cam"]["relu1"]), (2, 2), (4, 4));
    let product: Vec<f32> = guided.iter().zip(cam).map(|(g, c)| g * c).collect();
    tiny.check(
        Method::GuidedGradCam,
        ", enlarged bilinearly",
        &tiny.map(&Attribution::new(Method::GuidedGradCam), "relu1"),
        &Json::from(product),
    );
}

#[test]
fn averages_over_noise() {
    let tiny = tiny();
    for (one, average) in
        [(Method::SmoothGrad, Average::Absolute), (Method::SmoothGradSquared, Average::Squared), (Method::VarGrad, Average::Variance)]
    {
        let map = tiny.with(&Attribution::new(one), "", async |context| of_noise(context, average, 4, tiny.noise()).await);
        tiny.check(one, "", &map.values, &tiny.golden[one.id()]["map"]);
    }
    let one = Method::SmoothGradIg;
    let map = tiny.with(&Attribution::new(one), "", async |context| smoothgrad_ig_of_noise(context, 4, tiny.noise()).await);
    tiny.check(one, "", &map.values, &tiny.golden[one.id()]["map"]);
}

#[test]
fn differences_from_a_baseline() {
    let tiny = tiny();
    for case in tiny.golden["deeplift"].as_array().unwrap() {
        let one = Method::DeepLift;
        let map = tiny.with(&Attribution::new(one), "", async |context| deeplift::from(context, filled(&case["baseline"])).await);
        tiny.check(one, &format!(", baseline {}", case["baseline"]), &map.values, &case["map"]);
    }
    for case in tiny.golden["occlusion-windows"].as_array().unwrap() {
        let one = Method::Occlusion;
        let parameters = method(one, &[("window", &case["window"].to_string()), ("stride", &case["stride"].to_string())]);
        let cover = [case["baseline"].as_f64().unwrap() as f32; 16];
        let map = tiny.with(&parameters, "", async |context| occlusion::covered_by(context, &cover).await);
        tiny.check(
            one,
            &format!(", window {}, stride {}, baseline {}", case["window"], case["stride"], case["baseline"]),
            &map.values,
            &case["map"],
        );
    }
}

/// A golden record's composite. Captum's network has a linear layer where ours has the convolution it equals.
fn composite(case: &Json) -> Composite {
    let number = |name: &str| case[name].as_f64().unwrap_or_default();
    let biases = case["biases"].as_bool().unwrap_or(true);
    let all = |hand: LayerRule| Composite { first: hand.clone(), convolution: hand.clone(), linear: hand, biases };
    let first = |first: LayerRule| Composite { first, ..all(LayerRule::Epsilon(1e-6)) };
    match case["rule"].as_str().unwrap() {
        "epsilon" => all(LayerRule::Epsilon(number("epsilon"))),
        "gamma" => all(LayerRule::Gamma(number("gamma"))),
        "alpha-beta" => all(LayerRule::AlphaBeta(number("alpha"), number("beta"))),
        "z-plus" => all(LayerRule::AlphaBeta(1.0, 0.0)),
        "epsilon-plus" => first(LayerRule::AlphaBeta(1.0, 0.0)),
        "epsilon-plus-flat" => first(LayerRule::Flat),
        "epsilon-gamma-box" => first(LayerRule::Box(vec![(number("low") as f32, number("high") as f32)])),
        "epsilon-alpha2-beta1" => first(LayerRule::AlphaBeta(2.0, 1.0)),
        other => panic!("{other}"),
    }
}

#[test]
fn relevance() {
    let tiny = tiny();
    for case in tiny.golden["lrp"].as_array().unwrap() {
        let composite = composite(case);
        let map = tiny.with(&Attribution::new(Method::Lrp), "", async |context| lrp::by(context, &composite).await);
        assert!((f64::from(map.total.unwrap()) - case["logit"].as_f64().unwrap()).abs() < 1e-5);
        tiny.check(
            Method::Lrp,
            &format!(
                ", {}{}{} ({})",
                case["rule"].as_str().unwrap(),
                case["alpha"].as_u64().map(|alpha| format!(" {alpha}, {}", case["beta"])).unwrap_or_default(),
                if case["biases"] == false { " without biases" } else { "" },
                case["by"].as_str().unwrap()
            ),
            &map.values,
            &case["map"],
        );
    }
}

/// Captum's other test network: two linear layers without biases.
static LINEAR: Architecture = Architecture {
    id: "linear",
    layers: || vec![Layer { bias: false, ..Layer::conv("one", 3, 3, 1) }, Layer { bias: false, ..Layer::conv("two", 3, 1, 1) }],
    forward: |pass, x| {
        let x = pass.conv("one", &x);
        let x = pass.relu(x);
        pass.conv("two", &x)
    },
    taps: || vec![],
    extras: Vec::new,
    head: None,
    attention: AttentionKind::None,
    default_tap: "",
};

#[test]
fn relevance_in_captums_own_tests() {
    let tiny = tiny();
    let mut compared = 0;
    for case in tiny.golden["lrp_cases"]["cases"].as_array().unwrap() {
        let rules = match case["rules"].as_str().unwrap() {
            "epsilon 1e-9" => (LayerRule::Epsilon(1e-9), LayerRule::Epsilon(1e-9)),
            "gamma 1, then gamma 0.25" => (LayerRule::Gamma(1.0), LayerRule::Gamma(0.25)),
            "alpha 1, beta 0" => (LayerRule::AlphaBeta(1.0, 0.0), LayerRule::AlphaBeta(1.0, 0.0)),
            _ => continue,
        };
        let mut one = vec![2.0; 9];
        one[0] = case["first_weight"].as_f64().unwrap() as f32;
        let array =
            |name: &str, shape: &[usize], values: Vec<f32>| (name.to_string(), Array { shape: shape.into(), values: values.into() });
        let tensors = BTreeMap::from([array("one.weight", &[3, 3, 1, 1], one), array("two.weight", &[1, 3, 1, 1], vec![3.0; 3])]);
        let network = Network::new(&LINEAR, &Weights::from_tensors(&LINEAR, "linear", tensors).unwrap(), &cpu());
        let input = Tensor::<4>::from_data(TensorData::new(vec![1.0_f32, 2.0, 3.0], [1, 3, 1, 1]), &cpu());
        let composite = Composite { first: rules.0, convolution: rules.1.clone(), linear: rules.1, biases: true };
        let map: ChannelMap =
            with_context(&network, &input, 0, &Attribution::new(Method::Lrp), "", 1, async |context| lrp::by(context, &composite).await)
                .unwrap();
        assert!(difference(&map.values, &floats(&case["relevance"])) < 2e-5, "{}: {:?}", case["rules"], map.values);
        compared += 1;
    }
    assert_eq!(compared, 3);
}

#[test]
fn random_masks_are_the_authors() {
    let rise = &tiny().golden["rise"];
    let bits = |grid: &Json| floats(grid).into_iter().map(|v| v > 0.0).collect();
    let cases = rise["grids"].as_array().unwrap().iter().zip(rise["shifts"].as_array().unwrap()).zip(rise["masks"].as_array().unwrap());
    let mut worst = 0.0_f32;
    for ((grid, shift), mask) in cases {
        let shift = floats(shift);
        let grid = Grid { cells: 2, visible: bits(grid), shift: (shift[0] as usize, shift[1] as usize) };
        worst = worst.max(difference(&grid.mask(4, 4), &floats(mask)));
    }
    let by = "the authors' mask generator, with scikit-image's resize";
    let facts = Check {
        against: by,
        on: "6 masks of 4 x 4 pixels",
        kind: "largest difference",
        value: worst.into(),
        bound: 1e-6,
        file: "tiny.json",
    };
    check(Subject::Method(Method::Rise), &facts);
}

#[test]
fn surrogates() {
    let tiny = tiny();
    let pieces: Vec<usize> = floats(&tiny.golden["segments"]).into_iter().map(|v| v as usize).collect();
    let of = |known: &Json| -> (Vec<Coalition>, Vec<f64>) {
        let coalitions = known["coalitions"].as_array().unwrap().iter().map(|c| floats(c).into_iter().map(|v| v > 0.0).collect()).collect();
        (coalitions, floats(&known["outputs"]).into_iter().map(f64::from).collect())
    };
    let narrow = |values: &[f64]| values.iter().map(|v| *v as f32).collect::<Vec<_>>();

    let known = &tiny.golden["kernel-shap"];
    let (coalitions, outputs) = of(known);
    let got =
        tiny.with(&Attribution::new(Method::KernelShap), "", async |context| scores(context, &pieces, &coalitions, |_| vec![0.0; 4]).await);
    assert!(difference(&narrow(&got), &narrow(&outputs)) < 1e-4, "{got:?}");
    let inner: Vec<(&Coalition, f64)> = coalitions.iter().zip(got).filter(|(c, _)| c.iter().any(|s| *s) && !c.iter().all(|s| *s)).collect();
    let weights: Vec<f64> = inner.iter().map(|(c, _)| kernel(4, c.iter().filter(|s| **s).count())).collect();
    let (inner, inner_scores): (Vec<Coalition>, Vec<f64>) = inner.into_iter().map(|(c, s)| (c.clone(), s)).unzip();
    let got = shap_values(&inner, &weights, &inner_scores, (outputs[0], outputs[15]));
    tiny.check(Method::KernelShap, ", all subsets of four squares", &narrow(&got), &known["values"]);

    let known = &tiny.golden["lime"];
    let (coalitions, outputs) = of(known);
    tiny.check(Method::Lime, ", 8 subsets of four squares", &narrow(&lime_coefficients(&coalitions, &outputs)), &known["coefficients"]);
}
