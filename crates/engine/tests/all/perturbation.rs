//! The methods that perturb the image, on both ImageNet networks, with the draws of the golden files: against captum, scikit-learn, RISE's
//! authors' code and plain formulas (`tests/golden/perturbation.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use burn::tensor::Tensor;
use serde_json::Value;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::compare::larger;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Attribution;
use sweetspot_engine::model::Model;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::attribution::rise::Grid;
use sweetspot_methods::attribution::rise::of_grids;
use sweetspot_methods::attribution::smoothgrad::Average;
use sweetspot_methods::attribution::smoothgrad::of_noise;
use sweetspot_methods::attribution::smoothgrad::smoothgrad_ig_of_noise;
use sweetspot_methods::attribution::surrogate::Coalition;
use sweetspot_methods::attribution::surrogate::kernel;
use sweetspot_methods::attribution::surrogate::lime_coefficients;
use sweetspot_methods::attribution::surrogate::scores;
use sweetspot_methods::attribution::surrogate::shap_values;
use sweetspot_nn::image::upsample;
use sweetspot_testing::NETWORKS;
use sweetspot_testing::audit::Check;
use sweetspot_testing::audit::Subject;
use sweetspot_testing::audit::check;
use sweetspot_testing::difference;
use sweetspot_testing::floats;
use sweetspot_testing::golden;
use sweetspot_testing::golden_input;
use sweetspot_testing::golden_npz;
use sweetspot_testing::lattice;
use sweetspot_testing::likeness;
use sweetspot_testing::load;
use sweetspot_testing::method;
use sweetspot_testing::with_context;

/// The field's own bounds, as for the other methods on these networks (tests/backprop.rs).
const CORRELATION: f64 = 1e-3;
const DISTANCE: f64 = 1e-2;

/// A network with its golden numbers.
struct Known {
    id: &'static str,
    model: Model,
    golden: Value,
}

fn known() -> impl Iterator<Item = Known> {
    NETWORKS.into_iter().map(|id| Known { id, model: load(id), golden: golden("perturbation.json") })
}

impl Known {
    fn case(&self, at: usize) -> (Tensor<4>, usize) {
        let case = &self.golden["networks"][self.id]["cases"][at];
        (golden_input(&self.model, case["input"].as_str().unwrap()), case["target"].as_u64().unwrap() as usize)
    }

    fn with<T>(&self, at: usize, parameters: &Attribution, make: impl AsyncFn(&Context<'_>) -> Result<T>) -> T {
        let (input, target) = self.case(at);
        with_context(&self.model.dense, &input, target, parameters, self.model.architecture.default_tap, 1, make).unwrap()
    }

    /// Compares the maps of both cases with the golden lattice of a name.
    fn maps(&self, name: &str, parameters: &Attribution, make: impl AsyncFn(&Context<'_>, &Value) -> Result<ChannelMap>) {
        let records = self.golden["networks"][self.id][name].as_array().unwrap();
        let (shape, maps) = golden_npz(&format!("perturbation_{}.npz", self.id), name);
        let size = (shape[1] * shape[2]) as usize;
        let (mut apart, mut far) = (0.0_f64, 0.0_f64);
        for (at, record) in records.iter().enumerate() {
            let map = self.with(at, parameters, async |context| make(context, record).await);
            let scale = record["scale"].as_f64().unwrap() as f32;
            let expected: Vec<f32> = maps[at * size..][..size].iter().map(|v| v * scale).collect();
            let (correlation, distance) = likeness(&lattice(&map.reduced()), &expected);
            (apart, far) = (larger(apart, 1.0 - correlation), larger(far, distance));
        }
        self.tell(parameters.method, name, "", records.len(), apart, far);
    }

    fn tell(&self, one: Method, name: &str, what: &str, cases: usize, apart: f64, far: f64) {
        let by = self.golden["checked_against"][name.trim_end_matches("-largest")].as_str().unwrap();
        let on = format!("{}{what}, {cases} cases", self.id);
        let of = |kind, value, bound| Check { against: by, on: &on, kind, value, bound, file: "perturbation.json" };
        check(Subject::Method(one), &of("1 \u{2212} correlation", apart, CORRELATION));
        check(Subject::Method(one), &of("relative L2 distance", far, DISTANCE));
    }
}

/// `amplitude * sin((i + 1) (k + 1) 0.1)`.
fn noise(record: &Value) -> impl Fn(usize) -> Vec<f32> + use<> {
    let amplitude = record["amplitude"].as_f64().unwrap();
    move |k| (0..3 * 224 * 224).map(|i| (amplitude * (((i + 1) * (k + 1)) as f64 * 0.1).sin()) as f32).collect()
}

#[test]
fn averages_over_noise() {
    for known in known() {
        for (one, name, average) in [
            (Method::SmoothGrad, "smoothgrad-largest", Average::Absolute),
            (Method::SmoothGradSquared, "smoothgrad-squared-largest", Average::Squared),
            (Method::VarGrad, "vargrad-largest", Average::Variance),
        ] {
            known.maps(name, &method(one, &[]), async |context, record| of_noise(context, average, 4, noise(record)).await);
        }
        known.maps("smoothgrad-ig", &method(Method::SmoothGradIg, &[]), async |context, record| {
            smoothgrad_ig_of_noise(context, 2, noise(record)).await
        });
    }
}

#[test]
fn integrated_gradients_from_a_blurred_picture() {
    for known in known() {
        let parameters = method(Method::IntegratedGradients, &[("baseline", "blur")]);
        known.maps("integrated-gradients-from-blurred", &parameters, async |context, record| {
            let map = Method::IntegratedGradients.attribute(context).await?;
            let change = record["score_difference"].as_f64().unwrap() as f32;
            assert!((map.total.unwrap() - change).abs() < 1e-3, "{:?}, {change}", map.total);
            Ok(map)
        });
    }
}

#[test]
fn covering_squares() {
    for known in known() {
        known.maps("occlusion", &method(Method::Occlusion, &[]), async |context, _| Method::Occlusion.attribute(context).await);
    }
}

#[test]
fn random_masks() {
    for known in known() {
        let settings = &known.golden["settings"]["rise"];
        let grids: Vec<Grid> = settings["grids"]
            .as_array()
            .unwrap()
            .iter()
            .zip(settings["shifts"].as_array().unwrap())
            .map(|(grid, shift)| {
                let shift = floats(shift);
                let visible = floats(grid).into_iter().map(|v| v > 0.0).collect();
                Grid { cells: 7, visible, shift: (shift[0] as usize, shift[1] as usize) }
            })
            .collect();
        let share = settings["p1"].as_f64().unwrap();
        known
            .maps("rise", &method(Method::Rise, &[]), async |context, _| of_grids(context, grids.len(), share, |i| grids[i].clone()).await);
    }
}

#[test]
fn score_cam() {
    for known in known() {
        let cases = known.golden["networks"][known.id]["score-cam"]["cases"].as_array().unwrap();
        let (mut apart, mut far) = (0.0_f64, 0.0_f64);
        for (at, case) in cases.iter().enumerate() {
            let map = known.with(at, &method(Method::ScoreCam, &[]), async |context| Method::ScoreCam.attribute(context).await);
            let small = floats(&case["map"]);
            let side = small.len().isqrt();
            let (correlation, distance) = likeness(&map.values, &upsample(&small, (side, side), (224, 224)));
            (apart, far) = (larger(apart, 1.0 - correlation), larger(far, distance));
        }
        known.tell(Method::ScoreCam, "score-cam", "", cases.len(), apart, far);
    }
}

#[test]
fn linear_models_of_squares() {
    for known in known() {
        let settings = &known.golden["settings"]["segments"];
        let coalitions: Vec<Coalition> =
            settings["coalitions"].as_array().unwrap().iter().map(|c| floats(c).into_iter().map(|v| v > 0.0).collect()).collect();
        let pieces: Vec<usize> = (0..224 * 224).map(|i| i / 224 / 56 * 4 + i % 224 / 56).collect();
        let weights: Vec<f64> = coalitions.iter().map(|c| kernel(16, c.iter().filter(|s| **s).count())).collect();
        let cases = known.golden["networks"][known.id]["segments"].as_array().unwrap();
        for one in [Method::Lime, Method::KernelShap] {
            let (mut apart, mut far) = (0.0_f64, 0.0_f64);
            for (at, case) in cases.iter().enumerate() {
                let got = known.with(at, &method(one, &[]), async |context| scores(context, &pieces, &coalitions, |_| vec![0.0; 16]).await);
                let outputs: Vec<f32> = got.iter().map(|v| *v as f32).collect();
                assert!(difference(&outputs, &floats(&case["outputs"])) < 1e-3, "logits of up to 48 in single precision");
                let ends = (case["empty"].as_f64().unwrap(), case["full"].as_f64().unwrap());
                let coefficients = match one == Method::Lime {
                    true => lime_coefficients(&coalitions, &got),
                    false => shap_values(&coalitions, &weights, &got, ends),
                };
                let coefficients: Vec<f32> = coefficients.into_iter().map(|v| v as f32).collect();
                let expected = &case[one.id()];
                let expected = floats(expected.get("coefficients").or(expected.get("values")).unwrap_or(expected));
                let (correlation, distance) = likeness(&coefficients, &expected);
                (apart, far) = (larger(apart, 1.0 - correlation), larger(far, distance));
            }
            known.tell(one, one.id(), ", 60 subsets of 16 squares", cases.len(), apart, far);
        }
    }
}
